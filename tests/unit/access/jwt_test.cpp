#include "access/jwt.hpp"

#include <array>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "access/base64url.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace movio::access {
namespace {

constexpr std::int64_t kIssued = 1'730'592'000;
constexpr std::int64_t kExpires = 1'733'184'000;
constexpr auto kSecret = "movio-shared-signing-key-0123456789";
constexpr auto kUser = "0192f0c1-2b3c-7d4e-8f50-123456789abc";
constexpr auto kHeader = R"({"alg":"HS256","typ":"JWT"})";

// Made with kSecret by djangorestframework-simplejwt 5.5.1 and by PyJWT 2.15.1.
constexpr std::string_view kSimpleJwtAccess =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzMzMTg0MDAwLCJpYXQiOjE"
    "3MzA1OTIwMDAsImp0aSI6ImFhMzc4MzNkNmE0OTQ4ZWFhYmY1MDdhNGIxMGU2NGYwIiwidXNlcl9pZCI6IjAxOTJmMGMxLTJiM2M"
    "tN2Q0ZS04ZjUwLTEyMzQ1Njc4OWFiYyIsInVzZXJfZGF0YSI6eyJmaXJzdF9uYW1lIjoiQWRhIiwibGFzdF9uYW1lIjoiTG92ZWx"
    "hY2UiLCJ1c2VybmFtZSI6ImFkYSIsImVtYWlsIjoiYWRhQGV4YW1wbGUub3JnIiwicGhvbmVfbnVtYmVyIjpudWxsfX0.8iNK-ec"
    "41pR1eKmr5gZMlkGLgkpMuttx1omVdrCq57w";
constexpr std::string_view kSimpleJwtRefresh =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MTczMzE4NDAwMCwiaWF0Ijo"
    "xNzMwNTkyMDAwLCJqdGkiOiJhM2VmNDExYzFlZTY0NGM3YjVkYmFmZDczZWVlODM0MSIsInVzZXJfaWQiOiIwMTkyZjBjMS0yYjN"
    "jLTdkNGUtOGY1MC0xMjM0NTY3ODlhYmMiLCJ1c2VyX2RhdGEiOnsiZmlyc3RfbmFtZSI6IkFkYSIsImxhc3RfbmFtZSI6IkxvdmV"
    "sYWNlIiwidXNlcm5hbWUiOiJhZGEiLCJlbWFpbCI6ImFkYUBleGFtcGxlLm9yZyIsInBob25lX251bWJlciI6bnVsbH19.VKOOC9"
    "Yds9s-LOAPVV_eBsBxFKSSb05mrVpEv9reGQo";
constexpr std::string_view kPyJwt =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzMzMTg0MDAwLCJpYXQiOjE"
    "3MzA1OTIwMDAsImp0aSI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwidXNlcl9pZCI6IjAxOTJmMGMxLTJiM2M"
    "tN2Q0ZS04ZjUwLTEyMzQ1Njc4OWFiYyIsInVzZXJfZGF0YSI6eyJmaXJzdF9uYW1lIjoiQWRhIiwibGFzdF9uYW1lIjoiTG92ZWx"
    "hY2UiLCJ1c2VybmFtZSI6bnVsbCwiZW1haWwiOiJhZGFAZXhhbXBsZS5vcmciLCJwaG9uZV9udW1iZXIiOiIrNDQifX0.wVlaCW2"
    "5nlPiFugq36QeqUQvKz1oBNmOUB-_yPV4v_c";

KeyRing::Keys keys_of(const std::string& active, const std::vector<std::string>& older = {}) {
    return KeyRing::configured(active, older).value();
}

Claims claims() {
    Claims claims;
    claims.user = UserId::parse(kUser).value();
    claims.issued_s = kIssued;
    claims.expires_s = kExpires;
    claims.jti = "0123456789abcdef0123456789abcdef";
    claims.user_data = {"Ada", "Lovelace", "ada", "ada@example.org", std::nullopt};
    return claims;
}

// A token of these two texts with the signature of kSecret.
std::string token_of(std::string_view header, std::string_view payload) {
    const auto text = base64url(header) + "." + base64url(payload);
    const std::string_view secret = kSecret;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    return text + "." + base64url({reinterpret_cast<const char*>(digest.data()), length});
}

std::string payload_of(std::string_view replaced = "", std::string_view with = "") {
    std::string payload = R"({"token_type":"access","exp":1733184000,"iat":1730592000,"jti":"00",)"
                          R"("user_id":"0192f0c1-2b3c-7d4e-8f50-123456789abc"})";
    if (!replaced.empty()) payload.replace(payload.find(replaced), replaced.size(), with);
    return payload;
}

std::optional<TokenFault> fault_of(std::string_view token, std::int64_t now_s = kIssued + 1) {
    const KeyRing ring(keys_of(kSecret));
    const auto verified = verify(token, ring, now_s);
    return verified ? std::nullopt : std::optional(verified.error());
}

TEST(Jwt, What_was_signed_is_read_back) {
    const KeyRing ring(keys_of(kSecret));
    auto given = claims();
    given.user_data.first_name = "Аda \"\\\n";
    given.user_data.phone_number = "+44 20";
    const auto read = verify(sign(given, ring), ring, kIssued).value();
    EXPECT_EQ(read.type, TokenType::access);
    EXPECT_EQ(read.user, given.user);
    EXPECT_EQ(read.issued_s, kIssued);
    EXPECT_EQ(read.expires_s, kExpires);
    EXPECT_EQ(read.jti, given.jti);
    EXPECT_EQ(read.user_data.first_name, "Аda \"\\\n");
    EXPECT_EQ(read.user_data.username, "ada");
    EXPECT_EQ(read.user_data.phone_number, "+44 20");
}

TEST(Jwt, Claims_have_the_names_and_kinds_of_the_original) {
    const KeyRing ring(keys_of(kSecret));
    const auto token = sign(claims(), ring);
    const auto dot = token.find('.');
    const auto payload = JsonView::parse(*from_base64url(token.substr(dot + 1, token.rfind('.') - dot - 1))).value();
    EXPECT_EQ(payload.serialize(),
              R"({"token_type":"access","exp":1733184000,"iat":1730592000,"jti":"0123456789abcdef0123456789abcdef",)"
              R"("user_id":"0192f0c1-2b3c-7d4e-8f50-123456789abc","user_data":{"first_name":"Ada",)"
              R"("last_name":"Lovelace","username":"ada","email":"ada@example.org","phone_number":null}})");
    const auto header = JsonView::parse(*from_base64url(token.substr(0, dot))).value();
    EXPECT_EQ(header.text_or("alg", ""), "HS256");
    EXPECT_EQ(header.text_or("typ", ""), "JWT");
    EXPECT_EQ(header.text_or("kid", ""), ring.keys()->front().id);
}

TEST(Jwt, Our_token_is_the_very_one_that_SimpleJWT_and_PyJWT_have_taken) {
    constexpr std::string_view kTaken =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InBtWDJzSzBCQ0hVIn0.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhw"
        "Ijo0MTAyNDQ0ODAwLCJpYXQiOjE3MzA1OTIwMDAsImp0aSI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwidXNl"
        "cl9pZCI6IjAxOTJmMGMxLTJiM2MtN2Q0ZS04ZjUwLTEyMzQ1Njc4OWFiYyIsInVzZXJfZGF0YSI6eyJmaXJzdF9uYW1lIjoiQWRh"
        "IiwibGFzdF9uYW1lIjoiTG92ZWxhY2UiLCJ1c2VybmFtZSI6ImFkYSIsImVtYWlsIjoiYWRhQGV4YW1wbGUub3JnIiwicGhvbmVf"
        "bnVtYmVyIjpudWxsfX0.Wntn9B1qzb7dfq50tUPXlkSp2ByWGfVbmWuhD4_h3-8";
    auto given = claims();
    given.expires_s = 4'102'444'800;
    EXPECT_EQ(sign(given, KeyRing(keys_of(kSecret))), kTaken);
}

TEST(Jwt, Tokens_of_SimpleJWT_and_PyJWT_are_taken) {
    const KeyRing ring(keys_of(kSecret));
    const auto simple = verify(kSimpleJwtAccess, ring, kIssued);
    ASSERT_TRUE(simple);
    EXPECT_EQ(simple->type, TokenType::access);
    EXPECT_EQ(simple->user.text(), kUser);
    EXPECT_EQ(simple->jti.size(), 32);
    EXPECT_EQ(simple->user_data.email, "ada@example.org");
    EXPECT_EQ(verify(kSimpleJwtRefresh, ring, kIssued).value().type, TokenType::refresh);
    const auto pyjwt = verify(kPyJwt, ring, kIssued);
    ASSERT_TRUE(pyjwt);
    EXPECT_FALSE(pyjwt->user_data.username);
    EXPECT_EQ(pyjwt->user_data.phone_number, "+44");
}

TEST(Jwt, A_token_counts_until_the_second_of_exp) {
    EXPECT_EQ(fault_of(kSimpleJwtAccess, kExpires - 1), std::nullopt);
    EXPECT_EQ(fault_of(kSimpleJwtAccess, kExpires), TokenFault::expired);
}

TEST(Jwt, Every_changed_byte_is_noticed) {
    const KeyRing ring(keys_of(kSecret));
    const auto token = sign(claims(), ring);
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (const char other : {'A', 'B', '_', '.', '=', '\0', '\n'}) {
            auto changed = token;
            if (changed[i] == other) continue;
            changed[i] = other;
            EXPECT_FALSE(verify(changed, ring, kIssued)) << i << " " << other;
        }
        EXPECT_FALSE(verify(token.substr(0, i), ring, kIssued)) << i;
    }
    EXPECT_FALSE(verify(token + "A", ring, kIssued));
    EXPECT_FALSE(verify(token + "=", ring, kIssued));
    EXPECT_TRUE(verify(token, ring, kIssued));
}

TEST(Jwt, Only_HS256_counts_whatever_the_signature) {
    for (const auto* header :
         {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})", R"({"typ":"JWT"})", R"({"alg":256})",
          R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"HS256","kid":1})", R"({"alg":"HS256","kid":null})"})
        EXPECT_EQ(fault_of(token_of(header, payload_of())), TokenFault::bad) << header;
    EXPECT_EQ(fault_of(token_of(R"({"alg":"HS256"})", payload_of())), std::nullopt);
    const auto unsigned_token = base64url(R"({"alg":"none"})") + "." + base64url(payload_of()) + ".";
    EXPECT_EQ(fault_of(unsigned_token), TokenFault::bad);
}

TEST(Jwt, What_is_no_token_at_all_is_malformed) {
    for (const auto* text : {"", ".", "..", "a.b", "not.a.token", "a.b.c.d"})
        EXPECT_EQ(fault_of(text), TokenFault::malformed) << text;
    EXPECT_EQ(fault_of(token_of("[]", payload_of())), TokenFault::malformed);
    EXPECT_EQ(fault_of(token_of(kHeader, "[]")), TokenFault::malformed);
    EXPECT_EQ(fault_of(std::string(limits::kTokenBytesMax + 1, 'a')), TokenFault::malformed);
    const std::string long_name(limits::kTokenBytesMax, 'x');
    EXPECT_EQ(fault_of(token_of(kHeader, payload_of("\"00\"", "\"00\",\"x\":\"" + long_name + "\""))),
              TokenFault::malformed);
}

TEST(Jwt, Claims_that_are_needed_and_not_there_or_of_another_kind_are_bad) {
    EXPECT_EQ(fault_of(token_of(kHeader, payload_of())), std::nullopt);
    const std::pair<const char*, const char*> cases[] = {
        {"\"exp\":1733184000,", ""},
        {"\"iat\":1730592000,", ""},
        {"1733184000", "\"1733184000\""},
        {"1733184000", "1e300"},
        {"1733184000", "null"},
        {"\"access\"", "\"sliding\""},
        {"\"token_type\":\"access\",", ""},
        {"0192f0c1", "0192f0cg"},
        {"\"0192f0c1-2b3c-7d4e-8f50-123456789abc\"", "7"},
        {"\"jti\":\"00\"", "\"nbf\":1730592002"},
        {"\"jti\":\"00\"", "\"nbf\":\"soon\""},
    };
    for (const auto& [replaced, with] : cases)
        EXPECT_EQ(fault_of(token_of(kHeader, payload_of(replaced, with))), TokenFault::bad) << replaced << with;
    EXPECT_EQ(fault_of(token_of(kHeader, payload_of("1733184000", "1733184000.75"))), std::nullopt);
    EXPECT_EQ(fault_of(token_of(kHeader, payload_of("\"jti\":\"00\"", "\"nbf\":1730592001"))), std::nullopt);
    EXPECT_EQ(fault_of(token_of(kHeader, payload_of("1733184000", "-5"))), TokenFault::expired);
}

TEST(Jwt, Older_keys_still_verify_and_the_new_one_signs) {
    const std::string fresh = "a-fresh-signing-key-0123456789abcd";
    const KeyRing before(keys_of(kSecret));
    const KeyRing both(keys_of(fresh, {kSecret}));
    const KeyRing after(keys_of(fresh));
    const auto old_token = sign(claims(), before);
    EXPECT_TRUE(verify(old_token, both, kIssued));
    EXPECT_TRUE(verify(kSimpleJwtAccess, both, kIssued)) << "names no key, so each is tried";
    EXPECT_EQ(verify(old_token, after, kIssued).error(), TokenFault::bad);
    EXPECT_EQ(verify(kSimpleJwtAccess, after, kIssued).error(), TokenFault::bad);
    EXPECT_TRUE(verify(sign(claims(), both), after, kIssued));
}

TEST(Jwt, A_named_key_is_the_only_one_tried) {
    const KeyRing ring(keys_of(kSecret, {"another-signing-key-0123456789abcd"}));
    const auto named = [](const std::string& id) { return R"({"alg":"HS256","kid":")" + id + "\"}"; };
    EXPECT_TRUE(verify(token_of(named(ring.keys()->at(0).id), payload_of()), ring, kIssued));
    EXPECT_FALSE(verify(token_of(named(ring.keys()->at(1).id), payload_of()), ring, kIssued));
    EXPECT_FALSE(verify(token_of(named("unknown"), payload_of()), ring, kIssued));
}

}  // namespace
}  // namespace movio::access
