#include <gtest/gtest.h>

#include "access/endpoints/healthcheck.hpp"
#include "access/jwt.hpp"
#include "accounts/endpoints/api_tokens.hpp"
#include "accounts/endpoints/app_tokens.hpp"
#include "accounts/endpoints/devices.hpp"
#include "accounts/endpoints/groups.hpp"
#include "accounts/endpoints/invites.hpp"
#include "accounts/endpoints/session.hpp"
#include "accounts/endpoints/v1.hpp"
#include "accounts/schemas.hpp"
#include "base/clock.hpp"
#include "support/pieces_body.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using http::Method;

constexpr auto kAda = R"({"first_name":"Ada","last_name":"Lovelace","username":"ada","email":"ada@example.org",)"
                      R"("password":"secret1","password2":"secret1"})";
constexpr auto kAdaV2 = R"({"first_name":"Ada","last_name":"Lovelace","email":"ada@example.org","password":"secret1"})";

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    for (std::size_t at = 1; at <= path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        segments.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    return segments;
}

class Endpoints : public ::testing::Test, protected test::Accounts {
protected:
    struct Answer {
        int status = 0;
        http::Headers headers;
        std::string body;
        JsonView json() const { return JsonView::parse(body).value(); }
        std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
    };

    Endpoints() {
        add_v1_endpoints(router, accounts);
        add_session_endpoints(router, accounts);
        add_invite_endpoints(router, invites);
        add_app_token_endpoints(router, accounts);
        add_device_endpoints(router, accounts);
        add_api_token_endpoints(router, api_tokens);
        add_group_endpoints(router, groups);
        access::add_healthcheck_endpoint(router);
    }

    Answer ask(Method method, std::string_view path, std::string body = {},
               std::string_view type = "application/json") {
        const auto found = router.find(method, split(path));
        auto* endpoint = std::get<http::Router::Found>(found).endpoint;
        http::Request request;
        request.head.path = std::get<http::Router::Found>(found).path;
        request.head.method = method;
        request.head.headers.set("Content-Type", type);
        request.head.content_length = static_cast<std::int64_t>(body.size());
        request.context.scheme = scheme;
        request.context.remote_address = remote_address;
        request.context.caller = caller;
        request.context.base_url = "https://films.example";
        movio::test::PiecesBody pieces(std::move(body), 7);
        request.body = &pieces;
        auto response = service.loop.run(endpoint->handle(request));
        Answer answer{response.status, response.headers, {}};
        if (auto* text = std::get_if<std::string>(&response.body)) answer.body = std::move(*text);
        return answer;
    }
    Answer post(std::string_view path, std::string body) { return ask(Method::post, path, std::move(body)); }
    access::Claims claims_of(std::string_view token) {
        return access::verify(token, keys, wall_now_us() / 1'000'000).value();
    }

    Groups groups{service.database, outbox};
    Invites invites{service.database, {.rule = SignUpFor::domains, .domains = {"uni.example"}}};
    ApiTokens api_tokens{service.database, outbox};
    http::Router router;
    std::string scheme = "http";
    std::string remote_address;
    std::optional<http::Caller> caller;
};

TEST_F(Endpoints, V1_sign_up) {
    const auto made = post("/api/v1/auth/signup/", kAda);
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(made.header("cache-control"), "no-store");
    const auto user = made.json().find("user").value();
    EXPECT_EQ(made.json().integer_or("status_code", 0), 200);
    EXPECT_EQ(user.text_or("status", ""), "success");
    EXPECT_EQ(user.size(), 3);
    EXPECT_EQ(claims_of(user.text_or("access", "")).type, access::TokenType::access);
    EXPECT_EQ(claims_of(user.text_or("refresh", "")).type, access::TokenType::refresh);

    const auto again = post("/api/v1/auth/signup/", kAda);
    EXPECT_EQ(again.status, 400);
    EXPECT_EQ(again.body,
              R"({"status_code":400,"user":{"status":"error","detail":{"username":["User with this User Name already )"
              R"(exists."],"email":["User with this Email Address already exists."]}}})");
    EXPECT_EQ(post("/api/v1/auth/signup/",
                   R"({"first_name":"A","last_name":"B","email":"b@c.de","password":"123456","password2":"1234567"})")
                  .body,
              R"({"status_code":400,"user":{"status":"error","detail":{"non_field_errors":)"
              R"(["Password does not match!"]}}})");
}

TEST_F(Endpoints, V1_sign_up_by_a_form) {
    const auto made = ask(Method::post, "/api/v1/auth/signup/",
                          "first_name=A&last_name=B&username=&email=b%40c.de&password=12+456&password2=12+456",
                          "application/x-www-form-urlencoded");
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_TRUE(log_in("b@c.de", "12 456"));
}

TEST_F(Endpoints, V1_log_in) {
    sign_up("ada");
    for (const auto* credential : {"ada", " ada ", "ADA@example.org"}) {
        const auto in =
            post("/api/v1/auth/login/", fmt::format(R"({{"credential":"{}","password":"secret1"}})", credential));
        EXPECT_EQ(in.status, 200) << credential;
        EXPECT_EQ(in.json().find("user")->text_or("status", ""), "success");
    }
    const auto refused = [](std::string_view detail) {
        return fmt::format(R"({{"status_code":400,"user":{{"status":"error","detail":{}}}}})", detail);
    };
    const auto no_credential = refused(R"("email or username is not provided.")");
    const auto no_password = refused(R"("password is not provided.")");
    const auto wrong = refused(R"({"non_field_errors":["Username, Email or password is incorrect"]})");
    const std::pair<const char*, const std::string*> cases[] = {
        {"{}", &no_credential},
        {R"({"password":"secret1"})", &no_credential},
        {R"({"credential":"","password":"secret1"})", &no_credential},
        {R"({"credential":null,"password":"secret1"})", &no_credential},
        {R"({"credential":[],"password":"secret1"})", &no_credential},
        {R"({"credential":"ada"})", &no_password},
        {R"({"credential":"ada","password":""})", &no_password},
        {R"({"credential":"ada","password":"secret2"})", &wrong},
        {R"({"credential":"bob","password":"secret1"})", &wrong},
        {R"({"credential":12,"password":34})", &wrong},
    };
    for (const auto& [body, expected] : cases) {
        const auto answer = post("/api/v1/auth/login/", body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.body, *expected) << body;
    }
}

TEST_F(Endpoints, V1_get_token) {
    sign_up("ada");
    const auto in = post("/api/v1/auth/get-token/", R"({"email":"ada@example.org","password":"secret1"})");
    EXPECT_EQ(in.status, 200);
    const auto user = in.json().find("user").value();
    EXPECT_EQ(user.size(), 2);
    EXPECT_EQ(claims_of(user.text_or("access", "")).user_data.username, "ada");

    const auto wrong = post("/api/v1/auth/get-token/", R"({"email":"ada@example.org","password":"secret2"})");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.body,
              R"({"status_code":401,"user":{"detail":"No active account found with the given credentials"}})");
    EXPECT_EQ(wrong.header("www-authenticate"), "Bearer realm=\"api\"");
    EXPECT_EQ(post("/api/v1/auth/get-token/", R"({"email":"ada","password":"secret1"})").status, 401);

    const auto missing = post("/api/v1/auth/get-token/", R"({"password":""})");
    EXPECT_EQ(missing.status, 400);
    EXPECT_EQ(missing.body, R"({"status_code":400,"user":{"email":["This field is required."],)"
                            R"("password":["This field may not be blank."]}})");
}

TEST_F(Endpoints, V1_bodies_that_cannot_be_read_are_told_in_the_wrapper) {
    for (const auto* path : {"/api/v1/auth/signup/", "/api/v1/auth/login/", "/api/v1/auth/get-token/"}) {
        const auto bad = post(path, "{");
        EXPECT_EQ(bad.status, 400);
        EXPECT_EQ(bad.json().integer_or("status_code", 0), 400);
        EXPECT_FALSE(bad.json().find("user")->text_or("detail", "").empty());
        const auto type = ask(Method::post, path, "x", "text/plain");
        EXPECT_EQ(type.status, 415);
        EXPECT_EQ(type.json().integer_or("status_code", 0), 415);
        EXPECT_EQ(post(path, std::string(1 << 20, ' ')).status, 413);
    }
}

TEST_F(Endpoints, V1_healthcheck) {
    const auto answer = ask(Method::get, "/api/v1/common/healthcheck/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"status":"OK"})");
}

TEST_F(Endpoints, V2_sign_up_logs_the_browser_in) {
    const auto made = post("/api/v2/users", kAdaV2);
    EXPECT_EQ(made.status, 201) << made.body;
    const auto user = made.json().find("user").value();
    EXPECT_EQ(user.size(), 10);
    EXPECT_TRUE(user.find("phone_number")->is_null());
    EXPECT_EQ(user.text_or("email", ""), "ada@example.org");
    EXPECT_TRUE(user.boolean_or("email_checked", false));
    EXPECT_TRUE(user.find("new_email")->is_null());
    EXPECT_EQ(user.text_or("role", ""), "uploader");
    EXPECT_TRUE(user.find("username")->is_null());
    const auto cookie = made.header("set-cookie");
    ASSERT_TRUE(cookie.starts_with("movio=")) << cookie;
    EXPECT_TRUE(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax")) << cookie;
    const auto claims = claims_of(std::string_view(cookie).substr(6, cookie.find(';') - 6));
    EXPECT_EQ(claims.type, access::TokenType::access);
    EXPECT_EQ(claims.user.text(), user.text_or("id", ""));
    EXPECT_TRUE(claims.session);
}

TEST_F(Endpoints, V2_tokens_are_given_and_refreshed_for_what_is_right) {
    sign_up("ada");
    const auto in = post("/api/v2/tokens", R"({"credential":"ada","password":"secret1"})");
    EXPECT_EQ(in.status, 201) << in.body;
    EXPECT_EQ(in.header("cache-control"), "no-store");
    EXPECT_FALSE(in.headers.has("set-cookie"));
    EXPECT_EQ(in.json().integer_or("expires_in", 0), 900);
    EXPECT_EQ(claims_of(in.json().text_or("access", "")).session.value().text(), in.json().text_or("session_id", ""));
    const auto body = fmt::format(R"({{"refresh":"{}"}})", in.json().text_or("refresh", ""));
    EXPECT_EQ(post("/api/v2/tokens/refresh", body).status, 200);
    EXPECT_EQ(post("/api/v2/tokens/refresh", R"({"refresh":"other"})").status, 401);
    for (const auto* bad : {"{}", "[]", R"({"refresh":""})", R"({"refresh":"a","more":1})"})
        EXPECT_EQ(post("/api/v2/tokens/refresh", bad).status, 400) << bad;
    EXPECT_EQ(post("/api/v2/tokens", R"({"credential":"ada","password":"secret2"})").status, 401);
    EXPECT_EQ(post("/api/v2/tokens", R"({"credential":"ada"})").status, 400);
}

TEST_F(Endpoints, Who_was_wrong_too_often_is_told_how_long_to_wait) {
    sign_up("ada");
    remote_address = "192.0.2.1";
    const auto v2 = [this](const char* path) { return post(path, R"({"credential":"ada","password":"secret2"})"); };
    for (int i = 0; i < 6; ++i) EXPECT_EQ(v2("/api/v2/session").status, 401);
    for (const auto* path : {"/api/v2/session", "/api/v2/tokens"}) {
        const auto refused = v2(path);
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(refused.header("retry-after"), "1");
        EXPECT_EQ(refused.json().text_or("code", ""), "rate-limited");
    }
    const auto v1 = post("/api/v1/auth/login/", R"({"credential":"ada","password":"secret1"})");
    EXPECT_EQ(v1.status, 429);
    EXPECT_EQ(v1.body, R"({"status":"error","detail":"rate-limit-exceeded","message":"Too many log-ins with that name )"
                       R"(were wrong. Try again in 1 second.","data":{"wait_time":1}})");
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(post("/api/v1/auth/get-token/", R"({"email":"nobody@example.org","password":"secret1"})").status,
                  401);
    EXPECT_EQ(post("/api/v1/auth/get-token/", R"({"email":"nobody@example.org","password":"secret1"})").status, 429)
        << "an address that nobody has is no other";
    remote_address = "192.0.2.2";
    EXPECT_EQ(post("/api/v1/auth/login/", R"({"credential":"ada","password":"secret1"})").status, 200);
}

TEST_F(Endpoints, V2_logging_out_ends_the_session_that_asks) {
    sign_up("ada");
    const auto in = service.loop.run(accounts.log_in("ada", "secret1", "", SessionWish{})).value();
    const auto kept = service.loop.run(accounts.log_in("ada", "secret1", "", SessionWish{})).value();
    caller = http::Caller{in.user.id, false};
    caller->session = in.session->id.uuid();
    const auto items = ask(Method::get, "/api/v2/sessions").json().find("items").value();
    ASSERT_EQ(items.size(), 2);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(items.at(i).boolean_or("current", false), items.at(i).text_or("id", "") == in.session->id.text());
    EXPECT_EQ(ask(Method::del, "/api/v2/session").status, 204);
    const auto left = ask(Method::get, "/api/v2/sessions").json().find("items").value();
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left.at(0).text_or("id", ""), kept.session->id.text());
    EXPECT_EQ(ask(Method::del, "/api/v2/sessions/" + kept.session->id.text()).status, 204);
    EXPECT_EQ(ask(Method::del, "/api/v2/sessions/" + kept.session->id.text()).status, 404);
    EXPECT_EQ(ask(Method::del, "/api/v2/sessions/nonsense").status, 404);
    const auto everywhere = ask(Method::del, "/api/v2/sessions");
    EXPECT_EQ(everywhere.status, 204);
    EXPECT_TRUE(everywhere.header("set-cookie").starts_with("movio=;"));
    EXPECT_GT(user(in.user.id).not_before_us, 0);
}

TEST_F(Endpoints, V2_tokens_for_programs_are_made_listed_and_taken_back) {
    caller = http::Caller{sign_up("ada").id, false};
    const auto made = post("/api/v2/api-tokens", R"({"name":"Backup","scopes":["read","upload"],"days":3})");
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(made.json().text_or("token", "").starts_with("movio_"));
    const auto listed = ask(Method::get, "/api/v2/api-tokens");
    EXPECT_EQ(listed.body.find(made.json().text_or("token", "")), std::string::npos);
    const auto id = made.json().find("api_token")->text_or("id", "");
    EXPECT_EQ(listed.json().find("items")->at(0).text_or("id", ""), id);
    for (const auto* bad : {R"({"name":"B","scopes":[]})", R"({"name":"B","scopes":["all"]})", R"({"scopes":["read"]})",
                            R"({"name":"B","scopes":["read"],"days":0})"})
        EXPECT_EQ(post("/api/v2/api-tokens", bad).status, 400) << bad;
    EXPECT_EQ(ask(Method::del, "/api/v2/api-tokens/" + id).status, 204);
    EXPECT_EQ(ask(Method::del, "/api/v2/api-tokens/" + id).status, 404);
}

TEST_F(Endpoints, V2_sign_up_tells_what_is_wrong_by_field) {
    const auto wrong = post("/api/v2/users", R"({"first_name":"Ada","email":"ada","password":"12345","role":"admin"})");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
    const auto errors = wrong.json().find("errors").value();
    std::map<std::string, std::string> messages;
    for (std::size_t i = 0; i < errors.size(); ++i)
        messages[errors.at(i).text_or("field", "")] = errors.at(i).text_or("message", "");
    EXPECT_EQ(messages, (std::map<std::string, std::string>{{"last_name", "This field is required."},
                                                            {"email", "Enter a valid email address."},
                                                            {"password", "Password must be at least 6 characters"},
                                                            {"role", "is not a known field"}}));
    EXPECT_TRUE(events().empty());
    EXPECT_EQ(post("/api/v2/users", "[]").status, 400);
    EXPECT_EQ(post("/api/v2/users", "{").status, 400);
    EXPECT_EQ(post("/api/v2/users", "").status, 400);
}

TEST_F(Endpoints, V2_sign_up_with_an_address_that_is_taken_is_a_conflict) {
    ASSERT_EQ(post("/api/v2/users", kAdaV2).status, 201);
    const auto again = post("/api/v2/users", kAdaV2);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.json().text_or("code", ""), "conflict");
    EXPECT_EQ(again.json().find("errors")->at(0).text_or("field", ""), "email");
    EXPECT_FALSE(again.headers.has("set-cookie"));
}

TEST_F(Endpoints, V2_session_begins_says_who_and_ends) {
    const auto id = sign_up("ada").id;
    scheme = "https";
    const auto in = post("/api/v2/session", R"({"credential":"ada","password":"secret1"})");
    EXPECT_EQ(in.status, 200);
    EXPECT_EQ(in.json().find("user")->text_or("id", ""), id.text());
    EXPECT_TRUE(in.header("set-cookie").starts_with("__Host-movio="));
    EXPECT_TRUE(in.header("set-cookie").ends_with("; Secure"));

    const auto nobody = ask(Method::get, "/api/v2/session");
    EXPECT_EQ(nobody.status, 200);
    EXPECT_EQ(nobody.body, R"({"user":null})");
    EXPECT_EQ(nobody.header("cache-control"), "no-store");
    caller = http::Caller{id, false};
    EXPECT_EQ(ask(Method::get, "/api/v2/session").json().find("user")->text_or("username", ""), "ada");
    caller = http::Caller{UserId::make(), false};
    EXPECT_EQ(ask(Method::get, "/api/v2/session").body, R"({"user":null})") << "a token from elsewhere";

    const auto out = ask(Method::del, "/api/v2/session");
    EXPECT_EQ(out.status, 204);
    EXPECT_EQ(out.header("set-cookie"), "__Host-movio=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

TEST_F(Endpoints, V2_session_says_where_one_logs_out_elsewhere) {
    const LogInWays ways{{BegunBy::openid, "Log in there", "/begin", "/end"}, {BegunBy::proxy, "Or there", "/proxy"}};
    http::Router with_ways;
    add_session_endpoints(with_ways, accounts, ways);
    std::swap(router, with_ways);
    EXPECT_EQ(ask(Method::get, "/api/v2/session/ways").body,
              R"({"items":[{"kind":"openid","button":"Log in there","address":"/begin"},)"
              R"({"kind":"proxy","button":"Or there","address":"/proxy"}]})");
    const auto user = sign_up("ada");
    const auto log_out_of = [&](BegunBy by) {
        const auto begun = service.write([&](SqlSession& session) {
            return accounts.sessions().begin(session, user, {.kind = SessionKind::page, .by = by});
        });
        caller = http::Caller{.user = user.id, .session = begun.session.id.uuid()};
        return ask(Method::get, "/api/v2/session").json().text_or("log_out", "-");
    };
    EXPECT_EQ(log_out_of(BegunBy::openid), "/end");
    EXPECT_EQ(log_out_of(BegunBy::proxy), "-") << "there is nowhere to";
    EXPECT_EQ(log_out_of(BegunBy::password), "-");
    caller.reset();
    EXPECT_EQ(ask(Method::get, "/api/v2/session").body, R"({"user":null})");
    EXPECT_FALSE(post("/api/v2/session", R"({"credential":"ada","password":"secret1"})").json().find("log_out"));
}

TEST_F(Endpoints, V2_wrong_log_in_is_401_and_sets_no_cookie) {
    sign_up("ada");
    const auto wrong = post("/api/v2/session", R"({"credential":"ada","password":"secret2"})");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.json().text_or("code", ""), "unauthorized");
    EXPECT_FALSE(wrong.headers.has("set-cookie"));
    for (const auto* body : {"{}", R"({"credential":"ada"})", R"({"credential":"","password":"x"})", "[]", "3",
                             R"({"credential":"ada","password":"secret1","remember":true})"})
        EXPECT_EQ(post("/api/v2/session", body).status, 400) << body;
}

TEST_F(Endpoints, Where_sign_up_is_closed_both_versions_say_so_in_their_shapes) {
    AccountService closed(service.database, outbox, passwords, keys, {});
    http::Router other;
    add_v1_endpoints(other, closed);
    add_session_endpoints(other, closed);
    std::swap(router, other);
    const auto v1 = post("/api/v1/auth/signup/", kAda);
    EXPECT_EQ(v1.status, 400);
    EXPECT_EQ(v1.body, R"({"status_code":400,"user":{"status":"error","detail":{"non_field_errors":)"
                       R"(["Sign-up is closed here. Ask an administrator for an account."]}}})");
    const auto v2 = post("/api/v2/users", kAdaV2);
    EXPECT_EQ(v2.status, 403);
    EXPECT_EQ(v2.json().text_or("code", ""), "forbidden");
    EXPECT_EQ(v2.json().text_or("detail", ""), "Sign-up is closed here. Ask an administrator for an account.");
    EXPECT_TRUE(events().empty());
}

TEST_F(Endpoints, Who_may_sign_up_is_told_to_everybody) {
    EXPECT_EQ(ask(Method::get, "/api/v2/signup").body, R"({"signup":"domains","domains":["uni.example"]})");
}

TEST_F(Endpoints, An_invitation_is_made_looked_at_used_listed_and_taken_back) {
    caller = http::Caller{UserId::make(), true};
    const auto made = post("/api/v2/invites", R"({"role":"viewer","email":"ada@example.org"})");
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.header("cache-control"), "no-store");
    const auto token = made.json().text_or("token", "");
    EXPECT_EQ(made.json().text_or("url", ""), "https://films.example/join#" + token);
    const auto other = post("/api/v2/invites", "{}").json().find("invite")->text_or("id", "");
    const auto listed = ask(Method::get, "/api/v2/invites");
    EXPECT_EQ(listed.json().find("items")->size(), 2);
    EXPECT_EQ(listed.body.find(token), std::string::npos);
    EXPECT_EQ(ask(Method::del, "/api/v2/invites/" + other).status, 204);
    EXPECT_EQ(ask(Method::del, "/api/v2/invites/" + other).status, 404);

    caller.reset();
    const auto look = fmt::format(R"({{"token":"{}"}})", token);
    const auto seen = post("/api/v2/invite", look);
    EXPECT_EQ(seen.json().text_or("role", ""), "viewer");
    EXPECT_EQ(seen.json().text_or("email", ""), "ada@example.org");
    const auto body = fmt::format(R"({{"invite":"{}",{})", token, std::string_view(kAdaV2).substr(1));
    const auto joined = post("/api/v2/users", body);
    EXPECT_EQ(joined.status, 201) << joined.body;
    EXPECT_EQ(joined.json().find("user")->text_or("role", ""), "viewer");
    EXPECT_EQ(post("/api/v2/invite", look).status, 404);
    EXPECT_EQ(post("/api/v2/users", body).status, 403);
}

TEST_F(Endpoints, Groups_and_their_members_are_an_administrators_business) {
    sign_up("ada");
    const auto eve = sign_up("eve").id.text();
    const auto made = post("/api/v2/groups", R"({"name":"Algebra","kind":"course"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto path = "/api/v2/groups/" + made.json().text_or("id", "");
    EXPECT_EQ(post("/api/v2/groups", R"({"name":"Algebra"})").status, 409);
    EXPECT_EQ(post("/api/v2/groups", R"({"name":"Band","kind":"orchestra"})").status, 400);
    EXPECT_EQ(ask(Method::patch, path, R"({"name":"Algebra I"})").json().text_or("name", ""), "Algebra I");
    EXPECT_EQ(ask(Method::patch, path, R"({"external_name":"alg"})").json().text_or("external_name", ""), "alg");
    EXPECT_TRUE(ask(Method::patch, path, R"({"external_name":""})").json().find("external_name")->is_null());
    const auto added = post(path + "/members", R"({"email":"ada@example.org"})");
    EXPECT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(added.json().text_or("name", ""), "Ada Lovelace");
    EXPECT_EQ(post(path + "/members", R"({"email":"nobody@example.org"})").status, 400);
    const auto put = ask(Method::put, path + "/members", R"({"csv":"email\neve@example.org\n"})");
    EXPECT_EQ(put.body, R"({"members":1,"added":1,"removed":1})");
    EXPECT_EQ(ask(Method::put, path + "/members", R"({"csv":"email\nnobody@example.org\n"})").status, 400);
    const auto members = ask(Method::get, path + "/members");
    EXPECT_EQ(members.json().find("items")->at(0).text_or("id", ""), eve);
    EXPECT_EQ(members.json().find("items")->at(0).text_or("source", ""), "list");
    EXPECT_EQ(members.header("cache-control"), "no-store");
    EXPECT_EQ(ask(Method::get, "/api/v2/groups").json().find("items")->at(0).integer_or("members", 0), 1);
    EXPECT_EQ(ask(Method::del, path + "/members/" + eve).status, 204);
    EXPECT_EQ(ask(Method::del, path + "/members/" + eve).status, 404);
    EXPECT_EQ(ask(Method::del, path).status, 204);
    EXPECT_EQ(ask(Method::get, path + "/members").status, 404);
    int found = 0;
    for (const auto* description : router.descriptions()) {
        if (!description->path.starts_with("/api/v2/groups")) continue;
        EXPECT_EQ(description->access, http::Access::admin) << description->path;
        ++found;
    }
    EXPECT_EQ(found, 8);
}

TEST_F(Endpoints, Every_schema_is_JSON_and_every_name_in_use_has_one) {
    const auto all = schemas();
    for (const auto& [name, text] : all) EXPECT_TRUE(JsonView::parse(text)) << name;
    for (const auto* description : router.descriptions()) {
        EXPECT_FALSE(description->tag.empty()) << description->path;
        for (const auto& answer : description->answers)
            EXPECT_TRUE(answer.schema.empty() || all.contains(answer.schema)) << answer.schema;
        EXPECT_TRUE(description->refusal_schema.empty() || all.contains(description->refusal_schema));
    }
}

}  // namespace
}  // namespace movio::accounts
