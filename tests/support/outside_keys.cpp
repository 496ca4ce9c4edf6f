#include "support/outside_keys.hpp"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

namespace movio::test {

struct OutsideKey::Pair {
    EVP_PKEY* key = nullptr;
    std::string kind;
    std::size_t half = 0;  // of a signature of a curve
    ~Pair() { EVP_PKEY_free(key); }
};

namespace {

void must(bool done) {
    if (!done) throw std::runtime_error("OpenSSL refuses");
}

// Of its own, so that the product's reader is tested against another writer.
std::string in_base64url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    std::string out;
    for (const char c : text)
        if (c != '=') out += c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

std::string number(const EVP_PKEY* key, const char* name) {
    BIGNUM* value = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(value);
    return bytes;
}

std::string padded(const BIGNUM* value, std::size_t bytes) {
    std::string out(bytes, '\0');
    must(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(bytes)) > 0);
    return out;
}

std::string coordinate(const EVP_PKEY* key, const char* name, std::size_t bytes) {
    BIGNUM* value = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    auto out = padded(value, bytes);
    BN_free(value);
    return out;
}

std::string raw_of_der(const std::string& der, std::size_t half) {
    const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()));
    must(pair != nullptr);
    auto raw = padded(ECDSA_SIG_get0_r(pair), half) + padded(ECDSA_SIG_get0_s(pair), half);
    ECDSA_SIG_free(pair);
    return raw;
}

std::string signature(EVP_PKEY* key, const char* digest, bool pss, std::string_view text) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* of_key = nullptr;
    must(EVP_DigestSignInit_ex(context, &of_key, digest, nullptr, nullptr, key, nullptr) == 1);
    if (pss) {
        must(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1);
        must(EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t length = 0;
    must(EVP_DigestSign(context, nullptr, &length, bytes, text.size()) == 1);
    std::string out(length, '\0');
    must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &length, bytes, text.size()) == 1);
    out.resize(length);
    EVP_MD_CTX_free(context);
    return out;
}

}  // namespace

OutsideKey OutsideKey::make(std::string_view kind, std::string id, int bits) {
    auto pair = std::make_shared<Pair>();
    pair->kind = kind;
    if (kind == "RSA") {
        pair->key = EVP_RSA_gen(static_cast<unsigned>(bits));
    } else {
        pair->half = kind == "P-256" ? 32 : 48;
        pair->key = EVP_EC_gen(pair->kind.c_str());
    }
    must(pair->key != nullptr);
    return {std::move(id), std::move(pair)};
}

std::string OutsideKey::jwk(std::string_view more) const {
    const auto name = id_.empty() ? std::string() : fmt::format(R"("kid":"{}",)", id_);
    if (pair_->kind == "RSA")
        return fmt::format(R"({{{}"kty":"RSA","n":"{}","e":"{}"{}}})", name,
                           in_base64url(number(pair_->key, OSSL_PKEY_PARAM_RSA_N)),
                           in_base64url(number(pair_->key, OSSL_PKEY_PARAM_RSA_E)), more);
    return fmt::format(R"({{{}"kty":"EC","crv":"{}","x":"{}","y":"{}"{}}})", name, pair_->kind,
                       in_base64url(coordinate(pair_->key, OSSL_PKEY_PARAM_EC_PUB_X, pair_->half)),
                       in_base64url(coordinate(pair_->key, OSSL_PKEY_PARAM_EC_PUB_Y, pair_->half)), more);
}

std::string OutsideKey::sign(std::string_view algorithm, std::string_view payload, std::string_view more) const {
    const auto name = id_.empty() ? std::string() : fmt::format(R"(,"kid":"{}")", id_);
    const auto text =
        in_base64url(fmt::format(R"({{"alg":"{}"{}{}}})", algorithm, name, more)) + "." + in_base64url(payload);
    const auto digest = fmt::format("SHA{}", algorithm.substr(2));
    auto made = signature(pair_->key, digest.c_str(), algorithm.starts_with("PS"), text);
    if (pair_->half > 0) made = raw_of_der(made, pair_->half);
    return text + "." + in_base64url(made);
}

std::string sign_by_hmac(std::string_view secret, std::string_view payload) {
    const auto text = in_base64url(R"({"alg":"HS256"})") + "." + in_base64url(payload);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    return text + "." + in_base64url({reinterpret_cast<const char*>(digest.data()), length});
}

}  // namespace movio::test
