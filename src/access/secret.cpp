#include "access/secret.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "access/base64url.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"

namespace movio::access {
namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw Failure("cannot make a secret: the system gives no random bytes");
    return bytes;
}

std::string random_token() { return base64url(random_bytes(kTokenBytes)); }

std::string successor_token(std::string_view token, std::string_view salt) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()),
             reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), digest.data(), &length) == nullptr)
        throw Failure("cannot make a token: the crypto library refuses");
    return base64url({reinterpret_cast<const char*>(digest.data()), length});
}

std::string token_hash(std::string_view token) { return sha256_hex(as_bytes(token)); }

std::string page_with_token(std::string_view base_url, std::string_view page, std::string_view token) {
    return fmt::format("{}/{}#{}", base_url, page, token);
}

}  // namespace movio::access
