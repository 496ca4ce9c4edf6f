#include "accounts/openid/id_token.hpp"

#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/base64url.hpp"
#include "base/limits.hpp"
#include "support/outside_keys.hpp"

namespace movio::accounts {
namespace {

using test::OutsideKey;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr auto kIssuer = "https://login.example";
constexpr auto kClient = "movio";
constexpr auto kNonce = "the nonce of this log-in";

class IdToken : public ::testing::Test {
protected:
    // The claims of a token that counts, with some put in place of others; an empty text leaves one out.
    static std::string claims(const std::map<std::string, std::string>& others = {}) {
        std::map<std::string, std::string> all{{"iss", R"("https://login.example")"},
                                               {"aud", R"("movio")"},
                                               {"sub", R"("ada")"},
                                               {"nonce", fmt::format(R"("{}")", kNonce)},
                                               {"iat", std::to_string(kNow - 5)},
                                               {"exp", std::to_string(kNow + 300)}};
        for (const auto& [name, value] : others) all[name] = value;
        std::string text;
        for (const auto& [name, value] : all)
            if (!value.empty()) text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", name, value);
        return "{" + text + "}";
    }
    std::optional<IdTokenFault> fault(const std::string& token) const {
        const auto keys = access::public_keys(JsonView::parse(key.jwk_set()).value());
        const auto checked =
            check_id_token(token, keys, {.issuer = kIssuer, .client_id = kClient, .nonce = kNonce, .now_s = kNow});
        return checked ? std::nullopt : std::optional(checked.error());
    }
    std::optional<IdTokenFault> fault_with(const std::map<std::string, std::string>& others) const {
        return fault(key.sign("ES256", claims(others)));
    }

    OutsideKey key = OutsideKey::make("P-256", "one");
};

TEST_F(IdToken, That_is_right_counts_and_gives_its_claims) {
    const auto keys = access::public_keys(JsonView::parse(key.jwk_set()).value());
    const auto checked = check_id_token(key.sign("ES256", claims({{"email", R"("ada@example.org")"}})), keys,
                                        {.issuer = kIssuer, .client_id = kClient, .nonce = kNonce, .now_s = kNow});
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->text_or("sub", ""), "ada");
    EXPECT_EQ(checked->text_or("email", ""), "ada@example.org");
}

TEST_F(IdToken, Of_another_issuer_is_refused) {
    for (const auto* issuer : {"", R"("https://evil.example")", R"("https://login.example/")",
                               R"("https://LOGIN.example")", "7", R"(["https://login.example"])"})
        EXPECT_EQ(fault_with({{"iss", issuer}}), IdTokenFault::issuer) << issuer;
}

TEST_F(IdToken, For_another_audience_is_refused) {
    for (const auto* audience :
         {"", R"("other")", "[]", R"(["other"])", R"(["movio","other"])", "7", R"({"a":"movio"})"})
        EXPECT_EQ(fault_with({{"aud", audience}}), IdTokenFault::audience) << audience;
    EXPECT_EQ(fault_with({{"aud", R"(["movio"])"}}), std::nullopt);
    EXPECT_EQ(fault_with({{"aud", R"(["other","movio"])"}, {"azp", R"("movio")"}}), std::nullopt);
    EXPECT_EQ(fault_with({{"aud", R"(["other","movio"])"}, {"azp", R"("other")"}}), IdTokenFault::audience);
    EXPECT_EQ(fault_with({{"azp", R"("other")"}}), IdTokenFault::audience);
}

TEST_F(IdToken, Counts_for_its_time) {
    constexpr auto kSkew = limits::kOpenIdClockSkew.count();
    EXPECT_EQ(fault_with({{"exp", std::to_string(kNow - kSkew)}}), IdTokenFault::expired);
    EXPECT_EQ(fault_with({{"exp", std::to_string(kNow - kSkew + 1)}}), std::nullopt);
    EXPECT_EQ(fault_with({{"iat", std::to_string(kNow + kSkew + 1)}}), IdTokenFault::issued);
    EXPECT_EQ(fault_with({{"iat", std::to_string(kNow + kSkew)}}), std::nullopt);
    EXPECT_EQ(fault_with({{"iat", std::to_string(kNow - 3600)}}), IdTokenFault::issued);
    EXPECT_EQ(fault_with({{"nbf", std::to_string(kNow + 3600)}}), IdTokenFault::issued);
    EXPECT_EQ(fault_with({{"nbf", std::to_string(kNow)}}), std::nullopt);
    for (const auto* time : {"exp", "iat"})
        for (const auto* bad : {"", R"("soon")", "1e300", "null"})
            EXPECT_EQ(fault_with({{time, bad}}), IdTokenFault::malformed) << time << bad;
    EXPECT_EQ(fault_with({{"nbf", R"("now")"}}), IdTokenFault::malformed);
}

TEST_F(IdToken, Of_another_log_in_or_of_nobody_is_refused) {
    for (const auto* nonce : {"", R"("another")", R"("")", "7"})
        EXPECT_EQ(fault_with({{"nonce", nonce}}), IdTokenFault::nonce) << nonce;
    const auto long_subject = '"' + std::string(256, 'a') + '"';
    for (const auto& subject : {std::string(), std::string(R"("")"), std::string("7"), long_subject})
        EXPECT_EQ(fault_with({{"sub", subject}}), IdTokenFault::subject) << subject;
    const auto keys = access::public_keys(JsonView::parse(key.jwk_set()).value());
    const auto without = check_id_token(key.sign("ES256", claims({{"nonce", ""}})), keys,
                                        {.issuer = kIssuer, .client_id = kClient, .nonce = "", .now_s = kNow});
    EXPECT_EQ(without.error(), IdTokenFault::nonce) << "no nonce is none that fits";
}

TEST_F(IdToken, Signed_by_nobody_whom_we_know_is_refused) {
    EXPECT_EQ(fault(OutsideKey::make("P-256", "one").sign("ES256", claims())), IdTokenFault::signature);
    EXPECT_EQ(fault(OutsideKey::make("P-256", "two").sign("ES256", claims())), IdTokenFault::unknown_key);
    const auto payload = access::base64url(claims());
    EXPECT_EQ(fault(access::base64url(R"({"alg":"none"})") + "." + payload + "."), IdTokenFault::algorithm);
    EXPECT_EQ(fault(test::sign_by_hmac("movio", claims())), IdTokenFault::algorithm);
    auto changed = key.sign("ES256", claims());
    const auto dot = changed.find('.');
    changed.replace(dot + 1, changed.rfind('.') - dot - 1, access::base64url(claims({{"sub", R"("eve")"}})));
    EXPECT_EQ(fault(changed), IdTokenFault::signature);
    for (const std::string bad : {"", "a", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30.***"})
        EXPECT_EQ(fault(bad), IdTokenFault::malformed) << bad;
    EXPECT_EQ(fault(key.sign("ES256", "[]")), IdTokenFault::malformed);
    EXPECT_EQ(fault(key.sign("ES256", "no JSON")), IdTokenFault::malformed);
    EXPECT_EQ(fault(key.sign("ES256", claims({{"more", '"' + std::string(70'000, 'a') + '"'}}))),
              IdTokenFault::malformed);
}

}  // namespace
}  // namespace movio::accounts
