#include "access/public_keys.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/base64url.hpp"
#include "base/limits.hpp"
#include "support/outside_keys.hpp"

namespace movio::access {
namespace {

using test::OutsideKey;

constexpr auto kPayload = R"({"sub":"ada"})";

std::vector<PublicKey> keys_in(const std::string& set) { return public_keys(JsonView::parse(set).value()); }

std::optional<SignatureFault> fault_of(const std::string& token, const std::vector<PublicKey>& keys) {
    return signature_fault(split_token(token).value(), keys);
}

// RFC 7515, appendix A.2 and A.3.
constexpr auto kRfcRsa =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4)"
    R"(QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-)"
    R"(UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91)"
    R"(kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})";
constexpr auto kRfcRsaToken =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7"
    "t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jz"
    "DwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe7"
    "7Rw";
constexpr auto kRfcCurve = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":)"
                           R"("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr auto kRfcCurveToken =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

TEST(PublicKeys, Take_the_examples_of_the_standard) {
    const auto keys = keys_in(fmt::format(R"({{"keys":[{},{}]}})", kRfcRsa, kRfcCurve));
    ASSERT_EQ(keys.size(), 2);
    EXPECT_EQ(fault_of(kRfcRsaToken, keys), std::nullopt);
    EXPECT_EQ(fault_of(kRfcCurveToken, keys), std::nullopt);
    EXPECT_EQ(fault_of(kRfcRsaToken, {keys[1]}), SignatureFault::unknown_key);
    std::string changed = kRfcRsaToken;
    changed[30] = changed[30] == 'A' ? 'B' : 'A';
    EXPECT_EQ(fault_of(changed, keys), SignatureFault::wrong);
}

TEST(PublicKeys, Check_every_algorithm_that_is_taken_and_by_no_other_key) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
        {"RSA", {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}}, {"P-256", {"ES256"}}, {"P-384", {"ES384"}}};
    for (const auto& [kind, algorithms] : kinds) {
        const auto ours = OutsideKey::make(kind, "a");
        const auto foreign = OutsideKey::make(kind, "a");
        const auto keys = keys_in(ours.jwk_set(R"(,"use":"sig")"));
        for (const auto& algorithm : algorithms) {
            const auto token = ours.sign(algorithm, kPayload);
            EXPECT_EQ(fault_of(token, keys), std::nullopt) << algorithm;
            EXPECT_EQ(fault_of(foreign.sign(algorithm, kPayload), keys), SignatureFault::wrong) << algorithm;
            auto cut = token;
            cut.resize(cut.rfind('.') + 1);
            EXPECT_EQ(fault_of(cut, keys), SignatureFault::wrong) << algorithm;
            EXPECT_EQ(fault_of(cut + base64url("short"), keys), SignatureFault::wrong) << algorithm;
        }
    }
}

TEST(PublicKeys, Nothing_is_taken_for_a_signature_that_anybody_could_make) {
    const auto key = OutsideKey::make("RSA", "");
    const auto keys = keys_in(key.jwk_set());
    const auto unsigned_token = base64url(R"({"alg":"none"})") + "." + base64url(kPayload) + ".";
    EXPECT_EQ(fault_of(unsigned_token, keys), SignatureFault::algorithm);
    EXPECT_EQ(fault_of(base64url(R"({"alg":"None"})") + "." + base64url(kPayload) + ".", keys),
              SignatureFault::algorithm);
    EXPECT_EQ(fault_of(base64url("{}") + "." + base64url(kPayload) + ".", keys), SignatureFault::algorithm);
    // By the public key, as if it were a secret.
    EXPECT_EQ(fault_of(test::sign_by_hmac(key.jwk(), kPayload), keys), SignatureFault::algorithm);
    EXPECT_EQ(fault_of(key.sign("RS256", kPayload, R"(,"crit":["exp"],"exp":1)"), keys), SignatureFault::algorithm);
}

TEST(PublicKeys, The_header_names_which_one) {
    const auto a = OutsideKey::make("P-256", "a");
    const auto b = OutsideKey::make("P-256", "b");
    const auto nameless = OutsideKey::make("P-256", "");
    const auto keys = keys_in(fmt::format(R"({{"keys":[{},{}]}})", a.jwk(), nameless.jwk()));
    EXPECT_EQ(fault_of(a.sign("ES256", kPayload), keys), std::nullopt);
    EXPECT_EQ(fault_of(b.sign("ES256", kPayload), keys), SignatureFault::unknown_key);
    EXPECT_EQ(fault_of(nameless.sign("ES256", kPayload), keys), std::nullopt) << "each is tried";
    EXPECT_EQ(fault_of(a.sign("ES256", kPayload), keys_in(a.jwk_set(R"(,"alg":"ES384")"))),
              SignatureFault::unknown_key);
    EXPECT_EQ(fault_of(nameless.sign("ES256", kPayload, R"(,"kid":7)"), keys), SignatureFault::unknown_key);
}

TEST(PublicKeys, What_is_no_key_for_signatures_is_left_out) {
    const auto curve = OutsideKey::make("P-256", "c");
    for (const auto* more : {R"(,"use":"enc")", R"(,"use":7)", R"(,"key_ops":["encrypt"])", R"(,"key_ops":[])"})
        EXPECT_TRUE(keys_in(curve.jwk_set(more)).empty()) << more;
    EXPECT_EQ(keys_in(curve.jwk_set(R"(,"key_ops":["sign","verify"])")).size(), 1);
    EXPECT_TRUE(keys_in(OutsideKey::make("RSA", "small", 1024).jwk_set()).empty());
    for (const auto* bad :
         {R"({})", R"({"keys":{}})", R"({"keys":[{}]})", R"({"keys":[1,null,"a"]})",
          R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})", R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})",
          R"({"keys":[{"kty":"RSA","n":"***","e":"AQAB"}]})", R"({"keys":[{"kty":"RSA"}]})",
          R"({"keys":[{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}]})",
          R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})"})
        EXPECT_TRUE(keys_in(bad).empty()) << bad;
    const std::string number = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const auto off_the_curve =
        R"({"keys":[{"kty":"EC","crv":"P-256","x":")" + number + R"(","y":")" + number + R"("}]})";
    EXPECT_TRUE(keys_in(off_the_curve).empty());
    std::string many;
    for (std::size_t i = 0; i < limits::kPublicKeysMax + 5; ++i) many += (i > 0 ? "," : "") + curve.jwk();
    EXPECT_EQ(keys_in(R"({"keys":[)" + many + "]}").size(), limits::kPublicKeysMax);
}

}  // namespace
}  // namespace movio::access
