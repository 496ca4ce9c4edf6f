#include "accounts/passwords.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "base/error.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kDjangoArgon2 = "argon2$";
constexpr std::string_view kDjangoPbkdf2 = "pbkdf2_sha256$";
constexpr std::size_t kDigestBytes = 32;
// The base64 text of such a digest, by RFC 4648 §4 and with its padding.
constexpr std::size_t kDigestTextBytes = 44;
constexpr std::size_t kSaltBytesMax = 128;
constexpr std::int64_t kPbkdf2MemoryBytes = 4096;

struct Argon2 {
    std::string text;  // as libsodium wants it
    bool id = false;   // argon2id, not argon2i
    std::int64_t memory_bytes = 0;
    int passes = 0;
    int lanes = 0;
};

struct Pbkdf2 {
    std::int64_t iterations = 0;
    std::string_view salt;
    std::string_view digest;
};

void start_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw Failure("cannot work with passwords: libsodium does not start");
}

// Takes "<name>=<number>" and the character behind it away.
std::optional<std::int64_t> take_number(std::string_view& rest, std::string_view name, char behind) {
    if (!rest.starts_with(name)) return std::nullopt;
    rest.remove_prefix(name.size());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || number < 1 || end == rest.data() + rest.size() || *end != behind) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    return number;
}

std::optional<Argon2> argon2_of(std::string_view stored) {
    // Django puts the name of its hasher in front and leaves the rest as the reference implementation writes it.
    if (stored.starts_with(kDjangoArgon2)) stored.remove_prefix(kDjangoArgon2.size() - 1);
    if (stored.size() >= crypto_pwhash_STRBYTES || stored.contains('\0')) return std::nullopt;
    Argon2 hash;
    hash.text = stored;
    hash.id = stored.starts_with("$argon2id$");
    if (!hash.id && !stored.starts_with("$argon2i$")) return std::nullopt;
    auto rest = stored.substr(stored.find('$', 1) + 1);
    if (take_number(rest, "v=", '$') != 19) return std::nullopt;
    const auto memory_kib = take_number(rest, "m=", ',');
    const auto passes = memory_kib ? take_number(rest, "t=", ',') : std::nullopt;
    const auto lanes = passes ? take_number(rest, "p=", '$') : std::nullopt;
    if (!lanes || *memory_kib > limits::kHashMemoryBytesMax / 1024 || *passes > limits::kHashPassesMax ||
        *lanes > limits::kHashLanesMax)
        return std::nullopt;
    hash.memory_bytes = *memory_kib * 1024;
    hash.passes = static_cast<int>(*passes);
    hash.lanes = static_cast<int>(*lanes);
    return hash;
}

std::optional<Pbkdf2> pbkdf2_of(std::string_view stored) {
    if (!stored.starts_with(kDjangoPbkdf2)) return std::nullopt;
    stored.remove_prefix(kDjangoPbkdf2.size());
    Pbkdf2 hash;
    const auto iterations = take_number(stored, "", '$');
    const auto dollar = stored.find('$');
    if (!iterations || dollar == std::string_view::npos) return std::nullopt;
    hash.iterations = *iterations;
    hash.salt = stored.substr(0, dollar);
    hash.digest = stored.substr(dollar + 1);
    if (hash.iterations > limits::kHashIterationsMax || hash.salt.size() > kSaltBytesMax ||
        hash.digest.size() != kDigestTextBytes)
        return std::nullopt;
    return hash;
}

bool verify_argon2(std::string_view password, const Argon2& hash) {
    start_sodium();
    errno = 0;
    if (crypto_pwhash_str_verify(hash.text.c_str(), password.data(), password.size()) == 0) return true;
    if (errno == ENOMEM)
        throw Failure(
            fmt::format("cannot verify a password: its hash needs {} MiB of memory and there is not so much; "
                        "lower auth.password_memory_mib or give the machine more",
                        hash.memory_bytes >> 20));
    return false;
}

bool verify_pbkdf2(std::string_view password, const Pbkdf2& hash) {
    std::array<unsigned char, kDigestBytes> digest{};
    if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                          reinterpret_cast<const unsigned char*>(hash.salt.data()), static_cast<int>(hash.salt.size()),
                          static_cast<int>(hash.iterations), EVP_sha256(), static_cast<int>(digest.size()),
                          digest.data()) != 1)
        throw Failure("cannot verify a password: the crypto library refuses");
    std::array<unsigned char, kDigestTextBytes + 1> text{};
    EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return CRYPTO_memcmp(text.data(), hash.digest.data(), kDigestTextBytes) == 0;
}

}  // namespace

std::string hash_password(std::string_view password, const PasswordCost& cost) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                              static_cast<unsigned long long>(cost.passes), static_cast<std::size_t>(cost.memory_bytes),
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw Failure(fmt::format("cannot hash a password with {} MiB of memory and {} passes: {}",
                                  cost.memory_bytes >> 20, cost.passes, system_message(errno)));
    return text.data();
}

bool verify_password(std::string_view password, std::string_view stored) {
    if (const auto hash = argon2_of(stored)) return verify_argon2(password, *hash);
    if (const auto hash = pbkdf2_of(stored)) return verify_pbkdf2(password, *hash);
    return false;
}

std::string decoy_hash(const PasswordCost& cost) {
    return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024, cost.passes,
                       std::string(22, 'A'), std::string(43, 'A'));
}

bool is_password_hash(std::string_view stored) { return argon2_of(stored) || pbkdf2_of(stored); }

std::int64_t memory_bytes_of(std::string_view stored) {
    const auto hash = argon2_of(stored);
    return hash ? hash->memory_bytes : kPbkdf2MemoryBytes;
}

bool needs_rehash(std::string_view stored, const PasswordCost& cost) {
    const auto hash = stored.starts_with('$') ? argon2_of(stored) : std::nullopt;
    return !hash || !hash->id || hash->lanes != 1 || hash->passes != cost.passes ||
           hash->memory_bytes != cost.memory_bytes / 1024 * 1024;
}

}  // namespace movio::accounts
