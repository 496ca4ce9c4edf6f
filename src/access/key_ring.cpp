#include "access/key_ring.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "access/base64url.hpp"
#include "access/secret.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace movio::access {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kFileBytesMax = 64U << 10;

// Says nothing of the secret that a token signed with it does not say, too.
std::string id_of(const std::string& secret) {
    static constexpr std::string_view kPurpose = "movio key id";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(kPurpose.data()), kPurpose.size(), digest.data(),
             &length) == nullptr)
        throw Failure("cannot name a key: the crypto library refuses");
    return base64url({reinterpret_cast<const char*>(digest.data()), kIdBytes});
}

SigningKey key_of(std::string secret, std::int64_t created_us) {
    SigningKey key;
    key.id = id_of(secret);
    key.secret = std::move(secret);
    key.created_us = created_us;
    return key;
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }

private:
    int number_;
};

std::unexpected<Error> system_error(std::string_view what, const std::filesystem::path& file) {
    const int number = errno;
    return fail(number == ENOSPC || number == EDQUOT ? ErrorCode::no_space : ErrorCode::unavailable,
                fmt::format("cannot {} '{}': {}", what, file.string(), system_message(number)));
}

std::string text_of(const KeyRing::Keys& keys) {
    JsonWriter json;
    json.begin_object().key("keys").begin_array();
    for (const auto& key : keys) {
        json.begin_object()
            .member("id", key.id)
            .member("secret", base64url(key.secret))
            .member("created_us", key.created_us)
            .end_object();
    }
    json.end_array().end_object();
    return json.take() + "\n";
}

Result<KeyRing::Keys> keys_of(const std::string& text, const std::filesystem::path& file) {
    const auto bad = [&file](std::string_view why) {
        return fail(ErrorCode::invalid,
                    fmt::format("the key file '{}' {}; restore it from a backup, or remove it to have a new one made "
                                "(everybody must then log in again)",
                                file.string(), why));
    };
    const auto parsed = JsonView::parse(text);
    const auto list = parsed ? parsed->find("keys") : std::nullopt;
    if (!list || !list->is_array() || list->size() == 0) return bad("holds no keys");
    if (list->size() > limits::kSigningKeysMax) return bad("holds too many keys");
    KeyRing::Keys keys;
    for (std::size_t i = 0; i < list->size(); ++i) {
        SigningKey key;
        key.id = list->at(i).text_or("id", "");
        key.secret = from_base64url(list->at(i).text_or("secret", "")).value_or("");
        key.created_us = list->at(i).integer_or("created_us", 0);
        if (key.id.empty() || key.secret.size() < limits::kSecretBytesMin) return bad("holds a broken key");
        keys.push_back(std::move(key));
    }
    return keys;
}

// nullopt: there is no such file.
Result<std::optional<KeyRing::Keys>> load(const std::filesystem::path& file) {
    const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (descriptor.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        return system_error("open the key file", file);
    }
    struct stat facts{};
    if (fstat(descriptor.get(), &facts) != 0) return system_error("examine the key file", file);
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorCode::invalid, fmt::format("the key file '{}' is no file", file.string()));
    if ((facts.st_mode & 077U) != 0)
        return fail(ErrorCode::invalid,
                    fmt::format("others may read the key file '{0}' (mode {1:04o}), and whoever has a key can be "
                                "anybody here; run: chmod 600 '{0}', and then: movio keys rotate",
                                file.string(), facts.st_mode & 07777U));
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto got = read(descriptor.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error("read the key file", file);
        if (got == 0) break;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > kFileBytesMax)
            return fail(ErrorCode::invalid, fmt::format("the key file '{}' is too large", file.string()));
    }
    auto keys = keys_of(text, file);
    if (!keys) return std::unexpected(std::move(keys.error()));
    return std::optional(std::move(*keys));
}

Result<void> write_aside(const std::filesystem::path& aside, std::string_view text) {
    const Descriptor descriptor(open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (descriptor.get() < 0) return system_error("make the key file", aside);
    while (!text.empty()) {
        const auto put = write(descriptor.get(), text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return system_error("write the key file", aside);
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    if (fsync(descriptor.get()) != 0) return system_error("write the key file", aside);
    return {};
}

Result<void> sync_folder(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0 || fsync(descriptor.get()) != 0) return system_error("write the folder", folder);
    return {};
}

enum class Existing { replace, keep };

// True when the file is now this one; false when another process was first and it is kept.
Result<bool> store(const std::filesystem::path& file, const KeyRing::Keys& keys, Existing existing) {
    auto aside = file;
    aside += "." + Uuid::make().text();
    auto written = write_aside(aside, text_of(keys));
    bool ours = true;
    if (written) {
        // link(2) refuses an existing name, rename(2) replaces it; both are atomic.
        const int done =
            existing == Existing::replace ? rename(aside.c_str(), file.c_str()) : link(aside.c_str(), file.c_str());
        ours = done == 0;
        if (!ours && !(existing == Existing::keep && errno == EEXIST))
            written = system_error("put in place the key file", file);
    }
    unlink(aside.c_str());
    if (!written) return std::unexpected(std::move(written.error()));
    if (auto durable = sync_folder(file); !durable) return std::unexpected(std::move(durable.error()));
    return ours;
}

}  // namespace

KeyRing::KeyRing(Keys keys) { replace(std::move(keys)); }

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
    const std::scoped_lock lock(mutex_);
    return keys_;
}

void KeyRing::replace(Keys keys) {
    if (keys.empty()) throw Failure("a key ring needs a key that signs");
    auto fresh = std::make_shared<const Keys>(std::move(keys));
    const std::scoped_lock lock(mutex_);
    keys_ = std::move(fresh);
}

Result<KeyRing::Keys> KeyRing::configured(const std::string& active, const std::vector<std::string>& older) {
    Keys keys;
    std::vector<std::string> secrets{active};
    secrets.insert(secrets.end(), older.begin(), older.end());
    if (secrets.size() > limits::kSigningKeysMax)
        return fail(ErrorCode::invalid,
                    fmt::format("more than {} keys are configured; remove the oldest", limits::kSigningKeysMax));
    for (auto& secret : secrets) {
        if (secret.size() < limits::kSecretBytesMin)
            return fail(ErrorCode::invalid,
                        fmt::format("a configured key has {} bytes; use at least {}, best 32 random ones",
                                    secret.size(), limits::kSecretBytesMin));
        auto key = key_of(std::move(secret), 0);
        if (std::ranges::find(keys, key.id, &SigningKey::id) == keys.end()) keys.push_back(std::move(key));
    }
    return keys;
}

Result<KeyRing::Keys> KeyRing::load_or_make(const std::filesystem::path& file) {
    auto loaded = load(file);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    if (*loaded) return std::move(**loaded);
    Keys keys{key_of(random_bytes(kSecretBytes), wall_now_us())};
    const auto ours = store(file, keys, Existing::keep);
    if (!ours) return std::unexpected(ours.error());
    if (*ours) return keys;
    loaded = load(file);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    if (!*loaded) return fail(ErrorCode::unavailable, fmt::format("the key file '{}' comes and goes", file.string()));
    return std::move(**loaded);
}

Result<KeyRing::Keys> KeyRing::rotate(const std::filesystem::path& file, std::int64_t keep_us) {
    auto old = load_or_make(file);
    if (!old) return old;
    const auto now_us = wall_now_us();
    Keys keys{key_of(random_bytes(kSecretBytes), now_us)};
    for (auto& key : *old) {
        // A key has signed until the next one was made, which by now is the last of `keys`.
        if (keys.back().created_us + keep_us < now_us || keys.size() == limits::kSigningKeysMax) break;
        keys.push_back(std::move(key));
    }
    if (auto stored = store(file, keys, Existing::replace); !stored) return std::unexpected(std::move(stored.error()));
    return keys;
}

}  // namespace movio::access
