#include "playback/media_token.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include "access/base64url.hpp"
#include "base/error.hpp"
#include "base/limits.hpp"

namespace movio::playback {
namespace {

constexpr std::string_view kMark = "t-";
constexpr std::size_t kExpiryDigitsMax = 12;   // some ten thousand years
constexpr std::int64_t kRunSecondsMin = 3600;  // short films are paused, too
constexpr int kStepsOfLife = 4;

std::string signed_text(VideoId video, const MediaPass& pass) {
    return fmt::format("{}/{}/media/{}/", pass.expires_s, pass.viewer.text(), video.text());
}

std::string text_of(const std::array<unsigned char, EVP_MAX_MD_SIZE>& digest, unsigned length) {
    return access::base64url({reinterpret_cast<const char*>(digest.data()), length});
}

// Takes what stands before the next mark off `rest`; empty when there is no such mark.
std::string_view take(std::string_view& rest, char mark) {
    const auto at = rest.find(mark);
    if (at == std::string_view::npos) return {};
    const auto part = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return part;
}

// Only as we write it, so that one pass has one address.
std::optional<std::int64_t> parse_expiry(std::string_view text) {
    std::int64_t value = 0;
    if (text.empty() || text.size() > kExpiryDigitsMax || text.front() == '0') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::int64_t run_seconds(const catalog::Video& video) {
    const auto seconds = (video.duration_ms.value_or(0) + 999) / 1000;
    return std::max(2 * seconds, kRunSecondsMin);
}

}  // namespace

std::string MediaTokens::mac(const access::SigningKey& key, std::string_view text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    bool made = false;
    if (form_ == MacForm::hmac_sha256) {
        made =
            HMAC(EVP_sha256(), key.secret.data(), static_cast<int>(key.secret.size()),
                 reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length) != nullptr;
    } else {
        const auto whole = fmt::format("{} {}", text, access::base64url(key.secret));
        made = EVP_Digest(whole.data(), whole.size(), digest.data(), &length, EVP_md5(), nullptr) == 1;
    }
    if (!made) throw Failure("cannot sign a media address: the crypto library refuses");
    return text_of(digest, length);
}

std::string MediaTokens::write(VideoId video, const MediaPass& pass) const {
    const auto keys = keys_.keys();
    const auto& key = keys->front();
    return fmt::format("{}{}-{}.{}.{}", kMark, pass.expires_s, key.id, pass.viewer.text(),
                       mac(key, signed_text(video, pass)));
}

std::optional<MediaPass> MediaTokens::read(VideoId video, std::string_view access) const {
    if (!access.starts_with(kMark)) return std::nullopt;
    auto rest = access.substr(kMark.size());
    const auto expiry = parse_expiry(take(rest, '-'));
    const auto key_id = take(rest, '.');
    const auto viewer_text = take(rest, '.');
    const auto viewer = Uuid::parse(viewer_text);
    if (!expiry || !viewer || viewer->text() != viewer_text) return std::nullopt;
    const MediaPass pass{*viewer, *expiry};
    const auto keys = keys_.keys();
    const auto key = std::ranges::find(*keys, key_id, &access::SigningKey::id);
    if (key == keys->end()) return std::nullopt;
    const auto expected = mac(*key, signed_text(video, pass));
    if (rest.size() != expected.size() || CRYPTO_memcmp(rest.data(), expected.data(), expected.size()) != 0)
        return std::nullopt;
    return pass;
}

std::int64_t begins_until_s(const MediaPass& pass, const catalog::Video& video) {
    return pass.expires_s - run_seconds(video);
}

std::int64_t expiry_s(std::int64_t now_s, std::chrono::seconds begins, const catalog::Video& video) {
    const auto step = std::max<std::int64_t>(begins.count() / kStepsOfLife, 1);
    return expiry_beginning_until((now_s / step + 1) * step + begins.count(), video);
}

std::int64_t expiry_beginning_until(std::int64_t begins_until_s, const catalog::Video& video) {
    return begins_until_s + run_seconds(video);
}

std::chrono::seconds address_life_max(std::chrono::seconds begins) {
    return begins + begins / kStepsOfLife + std::chrono::seconds(1 + 2 * limits::kDurationSecondsMax);
}

}  // namespace movio::playback
