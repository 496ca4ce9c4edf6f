#include "accounts/openid/log_in.hpp"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include "access/base64url.hpp"
#include "accounts/openid/endpoints/openid.hpp"
#include "base/clock.hpp"
#include "http/target.hpp"
#include "support/outside_keys.hpp"
#include "support/pieces_body.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using movio::test::OutsideKey;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr auto kIssuer = "https://login.example/realm";
constexpr auto kBase = "https://films.example";

http::Parameters query_of(std::string_view address) {
    return http::parse_target(address.substr(address.find('/', 8))).value().query;
}

std::string text_in(const http::Parameters& query, std::string_view name) {
    return std::string(query.find(name).value_or(""));
}

// A provider in this process, as strict as a real one with what it is sent.
class Provider final : public WebClient {
public:
    Awaitable<Result<WebAnswer>> ask(WebRequest request) override {
        ++asked[request.url];
        if (down) co_return fail(ErrorCode::unavailable, "login.example could not be reached.", "no route");
        if (request.url == std::string(kIssuer) + "/.well-known/openid-configuration") co_return json(discovery);
        if (request.url == "https://login.example/keys") co_return json(key.jwk_set(), keys_status);
        if (request.url == "https://login.example/token") co_return redeem(request);
        if (request.url == "https://login.example/me" && request.bearer == "access of ada") co_return json(user_info);
        co_return WebAnswer{404, "text/html", "nothing"};
    }

    // What a browser that follows the address comes back with.
    OpenIdLogIn::Answer authorize(const std::string& address, std::string cookie) {
        const auto query = query_of(address);
        challenge = text_in(query, "code_challenge");
        nonce = text_in(query, "nonce");
        OpenIdLogIn::Answer answer;
        answer.code = "the code";
        answer.state = text_in(query, "state");
        answer.cookie = std::move(cookie);
        return answer;
    }

    std::string discovery =
        R"({"issuer":"https://login.example/realm","authorization_endpoint":)"
        R"("https://login.example/authorize?tenant=1","token_endpoint":"https://login.example/token",)"
        R"("jwks_uri":"https://login.example/keys","userinfo_endpoint":"https://login.example/me",)"
        R"("end_session_endpoint":"https://login.example/end"})";
    OutsideKey key = OutsideKey::make("P-256", "first");
    std::string claims = R"(,"email":"ada@example.org","email_verified":true,"name":"Ada Lovelace")";
    std::string user_info = R"({"sub":"ada"})";
    std::string audience = "movio";
    std::string nonce;
    std::string challenge;
    WebForm form;  // that came last
    std::string user;
    std::string password;
    bool down = false;
    int keys_status = 200;
    std::map<std::string, int> asked;

private:
    static WebAnswer json(std::string body, int status = 200) { return {status, "application/json", std::move(body)}; }

    static std::string sha256(const std::string& text) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned length = 0;
        EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
        return access::base64url({reinterpret_cast<const char*>(digest.data()), length});
    }

    WebAnswer redeem(const WebRequest& request) {
        form = request.form.value_or(WebForm());
        user = request.user;
        password = request.password;
        std::map<std::string, std::string> sent(form.begin(), form.end());
        const bool right = sent["grant_type"] == "authorization_code" && sent["code"] == "the code" &&
                           sent["redirect_uri"] == "https://films.example/api/v2/openid/callback" &&
                           sha256(sent["code_verifier"]) == challenge;
        if (!right) return json(R"({"error":"invalid_grant"})", 400);
        const auto now_s = wall_now_us() / 1'000'000;
        const auto payload = fmt::format(R"({{"iss":"{}","aud":"{}","sub":"ada","nonce":"{}","iat":{},"exp":{}{}}})",
                                         kIssuer, audience, nonce, now_s, now_s + 300, claims);
        return json(fmt::format(R"({{"id_token":"{}","access_token":"access of ada","token_type":"Bearer"}})",
                                key.sign("ES256", payload)));
    }
};

class OpenIdLogInTest : public ::testing::Test, protected test::Accounts {
protected:
    OpenIdLogInTest() { log_in_there.comes_back_to(kBase); }

    static OpenIdOptions options() {
        OpenIdOptions options;
        options.issuer = kIssuer;
        options.client_id = "movio";
        options.client_secret = "a secret: with signs";
        options.keys_again = std::chrono::microseconds(0);
        return options;
    }
    OpenIdLogIn::Begun begun(std::string next = "/watch/1") {
        return service.loop.run(log_in_there.begin(std::move(next))).value();
    }
    std::expected<OpenIdLogIn::Entered, OpenIdRefusal> finish(OpenIdLogIn::Answer answer) {
        return service.loop.run(log_in_there.finish(std::move(answer), {.agent = "Browser"}));
    }
    // The whole way; empty: in.
    std::string refused() {
        const auto one = begun();
        const auto entered = finish(provider.authorize(one.address, one.cookie));
        return entered ? "" : entered.error().code;
    }

    Provider provider;
    OpenIdProvider asked{options(), provider};
    OutsideLogIns people{service.database, outbox, accounts.sessions(), {.users = OutsideUsers::all}};
    OpenIdLogIn log_in_there{&asked, people};
};

TEST_F(OpenIdLogInTest, Leads_there_and_back_and_the_person_is_in) {
    const auto one = begun();
    EXPECT_THAT(one.address,
                StartsWith("https://login.example/authorize?tenant=1&response_type=code&client_id=movio&"));
    const auto query = query_of(one.address);
    EXPECT_EQ(text_in(query, "redirect_uri"), "https://films.example/api/v2/openid/callback");
    EXPECT_EQ(text_in(query, "scope"), "openid email profile");
    EXPECT_EQ(text_in(query, "code_challenge_method"), "S256");
    EXPECT_EQ(text_in(query, "state").size(), 43);
    EXPECT_NE(text_in(query, "state"), text_in(query, "nonce"));
    EXPECT_EQ(one.address.find(one.cookie.substr(0, 43)), std::string::npos) << "the secret stays in the browser";

    const auto entered = finish(provider.authorize(one.address, one.cookie));
    ASSERT_TRUE(entered) << entered.error().code;
    EXPECT_EQ(entered->next, "/watch/1");
    EXPECT_EQ(entered->in.user.email, "ada@example.org");
    EXPECT_EQ(entered->in.user.last_name, "Lovelace");
    EXPECT_EQ(entered->in.session->by, BegunBy::openid);
    EXPECT_EQ(provider.user, "movio");
    EXPECT_EQ(provider.password, "a%20secret%3A%20with%20signs") << "RFC 6749 §2.3.1";
    EXPECT_EQ(provider.asked["https://login.example/me"], 0) << "the token says all";
    EXPECT_NE(begun().cookie, one.cookie);
}

TEST_F(OpenIdLogInTest, What_it_says_of_itself_is_asked_for_once) {
    EXPECT_EQ(refused(), "");
    EXPECT_EQ(refused(), "");
    EXPECT_EQ(provider.asked[std::string(kIssuer) + "/.well-known/openid-configuration"], 1);
    EXPECT_EQ(provider.asked["https://login.example/keys"], 1);
}

TEST_F(OpenIdLogInTest, The_secret_goes_as_the_provider_wants_it) {
    provider.discovery.insert(1, R"("token_endpoint_auth_methods_supported":["client_secret_post"],)");
    EXPECT_EQ(refused(), "");
    EXPECT_EQ(provider.user, "");
    EXPECT_THAT(provider.form,
                ::testing::Contains(std::pair<std::string, std::string>("client_secret", "a secret: with signs")));
    auto open = options();
    open.client_secret.clear();
    OpenIdProvider without(open, provider);
    OpenIdLogIn there(&without, people);
    there.comes_back_to(kBase);
    const auto one = service.loop.run(there.begin("/")).value();
    EXPECT_TRUE(service.loop.run(there.finish(provider.authorize(one.address, one.cookie), {})));
    EXPECT_THAT(provider.form, ::testing::Contains(std::pair<std::string, std::string>("client_id", "movio")));
    for (const auto& [name, value] : provider.form) EXPECT_NE(name, "client_secret");
}

TEST_F(OpenIdLogInTest, An_answer_counts_in_the_browser_that_asked_alone) {
    const auto one = begun();
    const auto other = begun();
    const auto code_of = [&](auto change) {
        auto answer = provider.authorize(one.address, one.cookie);
        change(answer);
        const auto entered = finish(answer);
        return entered ? std::string() : entered.error().code;
    };
    EXPECT_EQ(code_of([](auto& answer) { answer.state.back() = answer.state.back() == 'A' ? 'E' : 'A'; }), "not-begun");
    EXPECT_EQ(code_of([](auto& answer) { answer.state.clear(); }), "not-begun");
    EXPECT_EQ(code_of([](auto& answer) { answer.cookie.clear(); }), "not-begun");
    EXPECT_EQ(code_of([](auto& answer) { answer.cookie = "no cookie of ours"; }), "not-begun");
    EXPECT_EQ(code_of([&](auto& answer) { answer.cookie = other.cookie; }), "not-begun");
    EXPECT_EQ(provider.asked["https://login.example/token"], 0) << "nothing was redeemed for them";
    EXPECT_EQ(code_of([](auto& answer) { answer.code = "another code"; }), "provider");
    EXPECT_EQ(code_of([](auto&) {}), "");
}

TEST_F(OpenIdLogInTest, A_cookie_leads_to_no_other_server) {
    const auto one = begun();
    auto answer = provider.authorize(one.address, one.cookie);
    answer.cookie = one.cookie.substr(0, 44) + access::base64url("//evil.example");
    EXPECT_EQ(finish(answer)->next, "/");
}

TEST_F(OpenIdLogInTest, A_token_of_another_log_in_or_audience_or_key_is_refused) {
    const auto one = begun();
    const auto answer = provider.authorize(one.address, one.cookie);
    provider.nonce = "of another log-in";
    EXPECT_EQ(finish(answer).error().code, "bad-token");
    provider.audience = "another client";
    EXPECT_EQ(refused(), "bad-token");
    provider.audience = "movio";
    EXPECT_EQ(refused(), "");
    // What is published is not what signs.
    provider.key = OutsideKey::make("P-256", "first");
    provider.keys_status = 500;
    EXPECT_EQ(refused(), "bad-token") << "by the keys of before";
}

TEST_F(OpenIdLogInTest, New_keys_are_asked_for_when_a_token_is_signed_by_one) {
    EXPECT_EQ(refused(), "");
    provider.key = OutsideKey::make("P-256", "second");
    EXPECT_EQ(refused(), "");
    EXPECT_EQ(provider.asked["https://login.example/keys"], 2);
    provider.key = OutsideKey::make("P-256", "second");
    EXPECT_EQ(refused(), "") << "another one under a name of before";

    auto slow = options();
    slow.keys_again = std::chrono::hours(1);
    OpenIdProvider careful(slow, provider);
    OpenIdLogIn there(&careful, people);
    there.comes_back_to(kBase);
    const auto whole_way = [&] {
        const auto one = service.loop.run(there.begin("/")).value();
        return service.loop.run(there.finish(provider.authorize(one.address, one.cookie), {})).has_value();
    };
    EXPECT_TRUE(whole_way());
    const auto before = provider.asked["https://login.example/keys"];
    provider.key = OutsideKey::make("P-256", "third");
    EXPECT_FALSE(whole_way());
    EXPECT_EQ(provider.asked["https://login.example/keys"], before) << "not again so soon";
}

TEST_F(OpenIdLogInTest, The_user_info_is_asked_for_what_the_token_does_not_say) {
    provider.claims.clear();
    provider.user_info = R"({"sub":"ada","email":"ada@example.org","email_verified":true,"name":"Ada Byron"})";
    const auto one = begun();
    const auto entered = finish(provider.authorize(one.address, one.cookie));
    ASSERT_TRUE(entered) << entered.error().code;
    EXPECT_EQ(entered->in.user.last_name, "Byron");
    provider.user_info = R"({"sub":"eve","email":"ada@example.org","email_verified":true,"name":"Eve"})";
    EXPECT_EQ(refused(), "provider") << "it speaks of somebody else";
}

TEST_F(OpenIdLogInTest, What_keeps_somebody_out_is_told) {
    const auto one = begun();
    auto answer = provider.authorize(one.address, one.cookie);
    answer.code.clear();
    answer.error = "access_denied";
    EXPECT_EQ(finish(answer).error().code, "refused");
    EXPECT_EQ(finish(answer).error().next, "/watch/1");
    answer.error = "server_error";
    EXPECT_EQ(finish(answer).error().code, "provider");
    provider.claims = R"(,"email":"ada@example.org","email_verified":false,"name":"Ada")";
    EXPECT_EQ(refused(), "email-not-verified");
    provider.claims = R"(,"name":"Ada")";
    EXPECT_EQ(refused(), "no-email");
}

TEST_F(OpenIdLogInTest, A_provider_that_is_out_keeps_new_ones_out_until_it_is_back) {
    provider.down = true;
    EXPECT_EQ(service.loop.run(log_in_there.begin("/a")).error().code, "unreachable");
    EXPECT_EQ(service.loop.run(log_in_there.begin("/a")).error().next, "/a");
    EXPECT_EQ(service.loop.run(log_in_there.log_out_address()), "/");
    provider.down = false;
    const auto one = begun();
    const auto answer = provider.authorize(one.address, one.cookie);
    provider.down = true;
    EXPECT_EQ(finish(answer).error().code, "unreachable");
    provider.down = false;
    EXPECT_EQ(refused(), "");
}

TEST_F(OpenIdLogInTest, An_answer_of_another_issuer_is_refused) {
    const auto one = begun();
    auto answer = provider.authorize(one.address, one.cookie);
    answer.issuer = "https://evil.example";
    EXPECT_EQ(finish(answer).error().code, "not-begun");
    answer.issuer = kIssuer;
    EXPECT_TRUE(finish(answer));

    provider.discovery.insert(1, R"("authorization_response_iss_parameter_supported":true,)");
    OpenIdProvider telling(options(), provider);
    OpenIdLogIn there(&telling, people);
    there.comes_back_to(kBase);
    const auto other = service.loop.run(there.begin("/")).value();
    auto silent = provider.authorize(other.address, other.cookie);
    EXPECT_EQ(service.loop.run(there.finish(silent, {})).error().code, "not-begun");
    silent.issuer = kIssuer;
    EXPECT_TRUE(service.loop.run(there.finish(silent, {})));
}

TEST_F(OpenIdLogInTest, Logging_out_there_leads_back) {
    const auto address = service.loop.run(log_in_there.log_out_address());
    EXPECT_EQ(address,
              "https://login.example/end?client_id=movio&post_logout_redirect_uri=https%3A%2F%2Ffilms.example%2F");
}

TEST(ProviderMetadataReader, Takes_what_can_be_used_alone) {
    const std::string good =
        R"({"issuer":"https://a.example","authorization_endpoint":"https://a.example/a","token_endpoint":)"
        R"("https://a.example/t","jwks_uri":"https://a.example/k","end_session_endpoint":"javascript:alert"})";
    const auto read = read_metadata(good, "https://a.example");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->end_session_endpoint, "");
    EXPECT_TRUE(read->takes_basic);
    EXPECT_FALSE(read->tells_issuer);
    EXPECT_EQ(read_metadata(good, "https://a.example/").error().code, ErrorCode::unavailable) << "to the letter";
    for (const auto* name : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
        auto plain = good;
        plain.replace(plain.find("https", plain.find(name)), 5, "http");
        EXPECT_FALSE(read_metadata(plain, "https://a.example")) << name;
        auto without = good;
        without.replace(without.find(name), 1, "_");
        EXPECT_FALSE(read_metadata(without, "https://a.example")) << name;
    }
    for (const auto* bad : {"", "[]", "{}", "<html>"}) EXPECT_FALSE(read_metadata(bad, "https://a.example")) << bad;
}

class OpenIdEndpoints : public OpenIdLogInTest {
protected:
    OpenIdEndpoints() { add_openid_endpoints(router, log_in_there); }

    http::Response ask(std::string_view address, std::string_view cookie = {}, std::string scheme = "https") {
        return ask(router, address, cookie, std::move(scheme));
    }
    http::Response ask(http::Router& where, std::string_view address, std::string_view cookie, std::string scheme) {
        auto target = http::parse_target(address).value();
        const auto found = where.find(http::Method::get, target.segments);
        http::Request request;
        request.head.query = std::move(target.query);
        request.head.headers.set("Cookie", cookie);
        request.head.scheme = scheme;
        request.context.scheme = std::move(scheme);
        movio::test::PiecesBody body("", 7);
        request.body = &body;
        return service.loop.run(std::get<http::Router::Found>(found).endpoint->handle(request));
    }
    static std::string location(const http::Response& response) {
        return std::string(response.headers.find("Location").value_or(""));
    }

    http::Router router;
};

TEST_F(OpenIdEndpoints, Lead_a_browser_in) {
    const auto begin = ask("/api/v2/openid/begin?next=%2Fwatch%2F1%3Fa%3Db");
    EXPECT_EQ(begin.status, 303);
    EXPECT_THAT(location(begin), StartsWith("https://login.example/authorize"));
    const std::string set(begin.headers.find("Set-Cookie").value_or(""));
    EXPECT_THAT(set, StartsWith("__Host-movio-openid="));
    EXPECT_THAT(set, HasSubstr("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"));
    const auto cookie = set.substr(0, set.find(';'));
    const auto answer = provider.authorize(location(begin), "");

    const auto back = ask(fmt::format("/api/v2/openid/callback?code=the%20code&state={}", answer.state), cookie);
    EXPECT_EQ(back.status, 303);
    EXPECT_EQ(location(back), "/watch/1?a=b");
    std::vector<std::string> cookies;
    for (const auto& field : back.headers)
        if (field.name == "Set-Cookie") cookies.push_back(field.value);
    EXPECT_THAT(cookies, ::testing::ElementsAre(StartsWith("__Host-movio=ey"),
                                                StartsWith("__Host-movio-openid=; Path=/; Max-Age=0;")));
    EXPECT_EQ(back.headers.find("Cache-Control"), "no-store");

    const auto elsewhere = ask(fmt::format("/api/v2/openid/callback?code=the%20code&state={}", answer.state));
    EXPECT_EQ(location(elsewhere), "/login?refused=not-begun&next=%2F");
    EXPECT_THAT(std::string(ask("/api/v2/openid/begin", "", "http").headers.find("Set-Cookie").value_or("")),
                StartsWith("movio-openid="));
    EXPECT_THAT(location(ask("/api/v2/openid/log-out")), StartsWith("https://login.example/end?"));
}

TEST_F(OpenIdEndpoints, Are_not_there_where_no_provider_is_set_up) {
    OpenIdLogIn off(nullptr, people);
    http::Router without;
    add_openid_endpoints(without, off);
    for (const auto* path :
         {"/api/v2/openid/begin", "/api/v2/openid/callback?code=a&state=b", "/api/v2/openid/log-out"})
        EXPECT_EQ(ask(without, path, "", "https").status, 404) << path;
}

}  // namespace
}  // namespace movio::accounts
