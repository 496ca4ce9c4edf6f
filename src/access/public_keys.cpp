#include "access/public_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "access/base64url.hpp"
#include "base/limits.hpp"

namespace movio::access {

enum class KeyKind { rsa, p256, p384 };

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<&EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<&BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<&OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<&OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<&ECDSA_SIG_free>>;

constexpr int kRsaBitsMin = 2048;   // RFC 7518 §3.3
constexpr int kRsaBitsMax = 16384;  // what OpenSSL checks by; more would be work for nothing
constexpr std::size_t kNumberBytesMax = kRsaBitsMax / 8 + 1;

struct Algorithm {
    std::string_view name;
    KeyKind kind;
    const char* digest;
    bool pss = false;
};

constexpr std::array kAlgorithms{
    Algorithm{"RS256", KeyKind::rsa, "SHA256"},       Algorithm{"RS384", KeyKind::rsa, "SHA384"},
    Algorithm{"RS512", KeyKind::rsa, "SHA512"},       Algorithm{"PS256", KeyKind::rsa, "SHA256", true},
    Algorithm{"PS384", KeyKind::rsa, "SHA384", true}, Algorithm{"PS512", KeyKind::rsa, "SHA512", true},
    Algorithm{"ES256", KeyKind::p256, "SHA256"},      Algorithm{"ES384", KeyKind::p384, "SHA384"},
};

struct Curve {
    std::string_view name;
    KeyKind kind;
    const char* group;
    std::size_t bytes;  // of a coordinate, and of each half of a signature
};

constexpr std::array kCurves{Curve{"P-256", KeyKind::p256, "P-256", 32}, Curve{"P-384", KeyKind::p384, "P-384", 48}};

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number number_of(std::string_view bytes) {
    return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::optional<std::string> bytes_member(const JsonView& key, std::string_view name) {
    const auto member = key.find(name);
    const auto text = member ? member->text() : std::nullopt;
    auto bytes = text ? from_base64url(*text) : std::nullopt;
    if (!bytes || bytes->empty() || bytes->size() > kNumberBytesMax) return std::nullopt;
    return bytes;
}

Key key_from(const char* kind, OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return nullptr;
    return Key(key);
}

Key rsa_key(const JsonView& jwk) {
    const auto modulus = bytes_member(jwk, "n");
    const auto exponent = bytes_member(jwk, "e");
    if (!modulus || !exponent) return nullptr;
    const auto n = number_of(*modulus);
    const auto e = number_of(*exponent);
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder || BN_num_bits(n.get()) < kRsaBitsMin || BN_num_bits(n.get()) > kRsaBitsMax ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return key_from("RSA", builder.get());
}

Key curve_key(const JsonView& jwk, const Curve& curve) {
    const auto x = bytes_member(jwk, "x");
    const auto y = bytes_member(jwk, "y");
    if (!x || !y || x->size() != curve.bytes || y->size() != curve.bytes) return nullptr;
    const auto point = "\x04" + *x + *y;  // uncompressed (SEC 1 §2.3.3)
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return nullptr;
    return key_from("EC", builder.get());
}

bool is_for_signatures(const JsonView& jwk) {
    if (const auto use = jwk.find("use"); use && use->text() != "sig") return false;
    const auto operations = jwk.find("key_ops");
    if (!operations) return true;
    for (std::size_t i = 0; i < operations->size(); ++i)
        if (operations->at(i).text() == "verify") return true;
    return false;
}

// Of ECDSA, tokens hold both numbers one behind the other (RFC 7518 §3.4), and OpenSSL wants them in DER.
std::optional<std::string> der_signature(std::string_view signature, std::size_t half) {
    if (signature.size() != 2 * half) return std::nullopt;
    auto r = number_of(signature.substr(0, half));
    auto s = number_of(signature.substr(half));
    const Signature both(ECDSA_SIG_new());
    if (!r || !s || !both) return std::nullopt;
    ECDSA_SIG_set0(both.get(), r.release(), s.release());  // which it owns then; refuses null alone
    const int length = i2d_ECDSA_SIG(both.get(), nullptr);
    if (length <= 0) return std::nullopt;
    std::string der(static_cast<std::size_t>(length), '\0');
    auto* end = reinterpret_cast<unsigned char*>(der.data());
    return i2d_ECDSA_SIG(both.get(), &end) == length ? std::optional(der) : std::nullopt;
}

}  // namespace

struct KeyHandle {
    Key key;
    KeyKind kind = KeyKind::rsa;
};

namespace {

bool has_signed(const KeyHandle& handle, const Algorithm& algorithm, const CompactToken& token) {
    auto signature = token.signature;
    if (const auto* curve = std::ranges::find(kCurves, handle.kind, &Curve::kind); curve != kCurves.end()) {
        auto der = der_signature(signature, curve->bytes);
        if (!der) return false;
        signature = std::move(*der);
    }
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* of_key = nullptr;
    if (!context || EVP_DigestVerifyInit_ex(context.get(), &of_key, algorithm.digest, nullptr, nullptr,
                                            handle.key.get(), nullptr) != 1)
        return false;
    // The salt is as long as the digest (RFC 7518 §3.5).
    if (algorithm.pss && (EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) != 1 ||
                          EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(token.signed_text),
                            token.signed_text.size()) == 1;
}

std::optional<PublicKey> public_key(const JsonView& jwk) {
    if (!is_for_signatures(jwk)) return std::nullopt;
    auto handle = std::make_shared<KeyHandle>();
    if (const auto kind = jwk.text_or("kty", ""); kind == "RSA") {
        handle->key = rsa_key(jwk);
    } else if (kind == "EC") {
        const auto name = jwk.text_or("crv", "");
        const auto* curve = std::ranges::find(kCurves, name, &Curve::name);
        if (curve == kCurves.end()) return std::nullopt;
        handle->kind = curve->kind;
        handle->key = curve_key(jwk, *curve);
    }
    if (!handle->key) return std::nullopt;
    return PublicKey{jwk.text_or("kid", ""), jwk.text_or("alg", ""), std::move(handle)};
}

}  // namespace

std::vector<PublicKey> public_keys(const JsonView& set) {
    std::vector<PublicKey> keys;
    const auto list = set.find("keys");
    for (std::size_t i = 0; list && i < list->size() && keys.size() < limits::kPublicKeysMax; ++i)
        if (auto key = public_key(list->at(i))) keys.push_back(std::move(*key));
    // What was wrong with the others is of no use to whoever asks OpenSSL next.
    ERR_clear_error();
    return keys;
}

std::optional<SignatureFault> signature_fault(const CompactToken& token, const std::vector<PublicKey>& keys) {
    const auto name = token.header.text_or("alg", "");
    const auto* algorithm = std::ranges::find(kAlgorithms, name, &Algorithm::name);
    if (algorithm == kAlgorithms.end() || token.header.find("crit")) return SignatureFault::algorithm;
    const auto named = token.header.find("kid");
    const auto id = named ? named->text() : std::nullopt;
    if (named && !id) return SignatureFault::unknown_key;
    auto fault = SignatureFault::unknown_key;
    for (const auto& key : keys) {
        const bool suits = key.handle->kind == algorithm->kind && (key.algorithm.empty() || key.algorithm == name);
        if (!suits || (id && *id != key.id)) continue;
        if (has_signed(*key.handle, *algorithm, token)) return std::nullopt;
        fault = SignatureFault::wrong;
    }
    ERR_clear_error();
    return fault;
}

}  // namespace movio::access
