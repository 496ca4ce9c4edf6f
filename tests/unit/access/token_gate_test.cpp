#include "access/endpoints/token_gate.hpp"

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "access/jwt.hpp"
#include "access/secret.hpp"
#include "base/clock.hpp"
#include "support/coroutines.hpp"

namespace movio::access {
namespace {

using http::Access;
using http::Method;

class KnownStandings final : public Standings {
public:
    Awaitable<std::optional<Standing>> find(UserId user) override {
        const auto found = known.find(user);
        co_return found == known.end() ? std::nullopt : std::optional(found->second);
    }
    std::map<UserId, Standing> known;
};

class KnownGrants final : public Grants {
public:
    Awaitable<bool> is_ended(SessionId session) override { co_return ended.contains(session); }
    Awaitable<std::optional<ApiGrant>> find(std::string token_hash) override {
        const auto found = granted.find(token_hash);
        co_return found == granted.end() ? std::nullopt : std::optional(found->second);
    }
    std::set<SessionId> ended;
    std::map<std::string, ApiGrant> granted;
};

// Shows what the shape was told.
http::Response telling_shape(const http::Refusal& refusal, const http::RequestContext&) {
    return http::text_response(refusal.status, "text/plain", std::string(refusal.instance));
}

class TokenGate : public ::testing::Test {
protected:
    struct Outcome {
        int status = 0;  // 0: it passed
        std::string instance;
        std::string challenge;
        std::optional<http::Caller> caller;
    };

    TokenGate() {
        endpoint.path = "/api/v2/videos";
        endpoint.refusal = &telling_shape;
        head.host = "films.example";
        standings.known[user] = {};
    }

    std::string token(std::int64_t age_s = 0, TokenType type = TokenType::access, std::int64_t life_s = 60) const {
        Claims claims;
        claims.type = type;
        claims.user = user;
        claims.issued_s = wall_now_us() / 1'000'000 - age_s;
        claims.expires_s = claims.issued_s + life_s;
        return sign(claims, keys);
    }
    void bearer(const std::string& value) { head.headers.set("Authorization", "Bearer " + value); }
    void cookie(const std::string& value) {
        head.headers.set("Cookie", std::string(session_cookie_name(head.scheme)) + "=" + value);
    }
    Outcome ask() {
        const auto gate = token_gate(keys, standings, grants, options);
        EXPECT_EQ(gate->order(), http::GateOrder::token);
        http::RequestContext context;
        context.scheme = head.scheme;
        context.base_url = base_url.empty() ? head.scheme + "://" + head.host : base_url;
        const auto refusal = test::run(gate->check(head, endpoint, context));
        Outcome outcome;
        outcome.caller = context.caller;
        if (!refusal) return outcome;
        outcome.status = refusal->status;
        outcome.instance = std::get<std::string>(refusal->body);
        outcome.challenge = refusal->headers.find("www-authenticate").value_or("");
        return outcome;
    }
    void expect_401(std::string_view instance) {
        const auto outcome = ask();
        EXPECT_EQ(outcome.status, 401);
        EXPECT_EQ(outcome.instance, instance);
        EXPECT_EQ(outcome.challenge, "Bearer");
    }

    KeyRing keys{KeyRing::configured("0123456789abcdef0123456789abcdef", {}).value()};
    KnownStandings standings;
    KnownGrants grants;
    UserId user = UserId::make();
    TokenGateOptions options;
    http::EndpointDescription endpoint;
    http::RequestHead head;
    std::string base_url;
};

TEST_F(TokenGate, Strangers_pass_where_everyone_may_and_only_there) {
    EXPECT_EQ(ask().status, 0);
    endpoint.access = Access::user;
    expect_401("jwt-header-malformed");
    endpoint.access = Access::admin;
    expect_401("jwt-header-malformed");
}

TEST_F(TokenGate, A_bearer_token_says_who_asks_whatever_the_case_of_its_scheme) {
    endpoint.access = Access::user;
    for (const auto* scheme : {"Bearer ", "bearer ", "BEARER  ", "bEaReR\t"}) {
        head.headers.set("Authorization", scheme + token());
        const auto outcome = ask();
        EXPECT_EQ(outcome.status, 0) << scheme;
        EXPECT_EQ(outcome.caller.value().user, user);
        EXPECT_FALSE(outcome.caller->admin);
    }
}

TEST_F(TokenGate, Bad_bearer_tokens_are_refused_everywhere) {
    for (const auto access : {Access::everyone, Access::user}) {
        endpoint.access = access;
        for (const auto* header : {"Bearer", "Bearer ", "bearer \t"}) {
            head.headers.set("Authorization", header);
            expect_401("jwt-header-malformed");
        }
        bearer("abc");
        expect_401("jwt-decode-error");
        bearer("no token at all");
        expect_401("jwt-decode-error");
        bearer(token().substr(1));
        expect_401("jwt-decode-error");
        bearer(token(61));
        expect_401("jwt-signature-expired");
        bearer(token(0, TokenType::refresh));
        expect_401("jwt-decode-error");
    }
}

TEST_F(TokenGate, Two_authorization_headers_are_malformed) {
    head.headers.add("Authorization", "Bearer " + token());
    head.headers.add("Authorization", "Bearer " + token());
    expect_401("jwt-header-malformed");
}

TEST_F(TokenGate, Other_schemes_are_nobody) {
    for (const auto* header : {"Basic YTpi", "Bearerabc", "Token abc", ""}) {
        head.headers.set("Authorization", header);
        endpoint.access = Access::everyone;
        EXPECT_EQ(ask().status, 0) << header;
        endpoint.access = Access::user;
        expect_401("jwt-header-malformed");
    }
}

TEST_F(TokenGate, Disabled_users_and_tokens_from_before_do_not_count) {
    bearer(token(10));
    const auto issued_us = (wall_now_us() / 1'000'000 - 10) * 1'000'000;
    EXPECT_EQ(ask().status, 0);
    standings.known[user].not_before_us = issued_us;
    EXPECT_EQ(ask().status, 0) << "issued in the very second from which tokens count";
    standings.known[user].not_before_us = issued_us + 2'000'000;
    expect_401("jwt-decode-error");
    standings.known[user] = {.enabled = false};
    expect_401("jwt-decode-error");
    standings.known.clear();
    EXPECT_EQ(ask().caller.value().user, user) << "not heard of: the token speaks for itself";
}

TEST_F(TokenGate, Caller_counts_until_the_token_would_be_refused_or_the_rights_are_fewer) {
    const auto gate = token_gate(keys, standings, grants, options);
    const auto admitted = [&](std::int64_t life_s = 60) {
        bearer(token(0, TokenType::access, life_s));
        http::RequestContext context;
        EXPECT_FALSE(test::run(gate->check(head, endpoint, context)));
        return context.caller_counts;
    };
    const auto counts = admitted();
    EXPECT_TRUE(test::run(counts()));
    standings.known[user].not_before_us = wall_now_us() + 2'000'000;
    EXPECT_FALSE(test::run(counts())) << "a new password";
    standings.known[user] = {.enabled = false};
    EXPECT_FALSE(test::run(counts())) << "disabled or deleted";
    standings.known[user] = {.role = Role::admin};
    EXPECT_TRUE(test::run(counts())) << "more rights than before";
    const auto counts_as_admin = admitted();
    EXPECT_TRUE(test::run(counts_as_admin()));
    standings.known[user].role = Role::uploader;
    EXPECT_FALSE(test::run(counts_as_admin()));
    EXPECT_TRUE(test::run(counts()));
    const auto counts_briefly = admitted(2);
    std::this_thread::sleep_for(std::chrono::milliseconds(2100));
    EXPECT_FALSE(test::run(counts_briefly())) << "run out";
    head.headers.remove("Authorization");
    http::RequestContext nobody;
    EXPECT_FALSE(test::run(gate->check(head, endpoint, nobody)));
    EXPECT_FALSE(nobody.caller_counts);
}

TEST_F(TokenGate, Only_administrators_pass_where_only_they_may) {
    endpoint.access = Access::admin;
    bearer(token());
    EXPECT_EQ(ask().status, 403);
    standings.known[user].role = Role::admin;
    EXPECT_TRUE(ask().caller.value().admin);
    standings.known.clear();
    EXPECT_EQ(ask().status, 403);
}

TEST_F(TokenGate, Whose_address_is_not_checked_adds_no_films_by_whatever_token) {
    const auto hash = token_hash("movio_backup");
    const Scopes all{.read = true, .upload = true, .manage = true};
    grants.granted[hash] = {.user = user, .scopes = all, .expires_us = std::nullopt};
    for (const bool checked : {false, true}) {
        standings.known[user].email_checked = checked;
        for (const auto& sent : {token(), std::string("movio_backup")}) {
            bearer(sent);
            endpoint.access = Access::uploader;
            head.method = Method::post;
            EXPECT_EQ(ask().status, checked ? 0 : 403) << sent;
            endpoint.access = Access::user;
            EXPECT_EQ(ask().status, 0) << sent;
        }
    }
    standings.known.clear();
    endpoint.access = Access::uploader;
    bearer(token());
    EXPECT_EQ(ask().status, 0);
    options.unheard_email_checked = false;
    EXPECT_EQ(ask().status, 403) << "nobody has said yet that it is";
}

TEST_F(TokenGate, Moderators_and_administrators_pass_where_moderators_may) {
    endpoint.access = Access::moderator;
    bearer(token());
    for (const auto role : {Role::viewer, Role::uploader}) {
        standings.known[user].role = role;
        EXPECT_EQ(ask().status, 403) << to_text(role);
    }
    for (const auto role : {Role::moderator, Role::admin}) {
        standings.known[user].role = role;
        EXPECT_TRUE(ask().caller.value().moderator) << to_text(role);
    }
    standings.known[user].role = Role::moderator;
    const auto gate = token_gate(keys, standings, grants, options);
    http::RequestContext context;
    EXPECT_FALSE(test::run(gate->check(head, endpoint, context)));
    EXPECT_TRUE(test::run(context.caller_counts()));
    standings.known[user].role = Role::uploader;
    EXPECT_FALSE(test::run(context.caller_counts())) << "a moderator no more";
}

TEST_F(TokenGate, Viewers_pass_where_everybody_who_is_logged_in_may_but_not_where_uploaders_may) {
    bearer(token());
    for (const auto role : {Role::viewer, Role::uploader, Role::moderator, Role::admin}) {
        standings.known[user].role = role;
        endpoint.access = Access::user;
        EXPECT_EQ(ask().status, 0);
        endpoint.access = Access::uploader;
        EXPECT_EQ(ask().status, role == Role::viewer ? 403 : 0) << to_text(role);
    }
    standings.known.clear();
    EXPECT_EQ(ask().status, 0) << "not heard of: in the role of new users";
    options.unheard_role = Role::viewer;
    EXPECT_EQ(ask().status, 403);
    options.unheard_role = Role::admin;
    head.headers.remove("Authorization");
    expect_401("jwt-header-malformed");
}

TEST_F(TokenGate, A_token_counts_as_long_as_its_log_in) {
    const auto session = SessionId::make();
    Claims claims;
    claims.user = user;
    claims.issued_s = wall_now_us() / 1'000'000;
    claims.expires_s = claims.issued_s + 60;
    claims.session = session.uuid();
    bearer(sign(claims, keys));
    EXPECT_EQ(ask().caller.value().session, session.uuid());
    const auto gate = token_gate(keys, standings, grants, options);
    http::RequestContext context;
    EXPECT_FALSE(test::run(gate->check(head, endpoint, context)));
    EXPECT_TRUE(test::run(context.caller_counts()));
    grants.ended.insert(session);
    EXPECT_FALSE(test::run(context.caller_counts()));
    expect_401("jwt-decode-error");
    bearer(token());
    EXPECT_TRUE(ask().caller.value().session.is_nil()) << "v1's belong to none";
}

TEST_F(TokenGate, The_role_in_a_token_counts_until_the_user_is_heard_of) {
    Claims claims;
    claims.user = user;
    claims.issued_s = wall_now_us() / 1'000'000;
    claims.expires_s = claims.issued_s + 60;
    claims.role = Role::admin;
    bearer(sign(claims, keys));
    endpoint.access = Access::admin;
    EXPECT_EQ(ask().status, 403) << "the projection has the last word";
    standings.known.clear();
    EXPECT_TRUE(ask().caller.value().admin);
    claims.role = Role::viewer;
    bearer(sign(claims, keys));
    EXPECT_EQ(ask().status, 403);
    EXPECT_FALSE(verify(token(), keys, claims.issued_s).value().role) << "v1's say none";
}

TEST_F(TokenGate, A_token_for_programs_may_what_its_scopes_say) {
    const std::string secret = "movio_" + random_token();
    auto& grant = grants.granted[token_hash(secret)];
    grant.user = user;
    bearer(secret);
    struct Case {
        Access access;
        Method method;
        const char* scope;
    };
    const Case cases[] = {
        {Access::everyone, Method::get, "read"},    {Access::user, Method::head, "read"},
        {Access::user, Method::patch, "manage"},    {Access::user, Method::del, "manage"},
        {Access::uploader, Method::post, "upload"}, {Access::admin, Method::get, "manage"},
        {Access::moderator, Method::get, "manage"},
    };
    standings.known[user].role = Role::admin;
    for (const auto& [access, method, scope] : cases) {
        for (const auto* given : {"read", "upload", "manage"}) {
            endpoint.access = access;
            head.method = method;
            grant.scopes = scopes_from_text(given).value();
            EXPECT_EQ(ask().status, std::string_view(given) == scope ? 0 : 403) << scope << " by " << given;
        }
    }
    head.method = Method::get;
    endpoint.access = Access::everyone;
    grant.scopes = {.read = true, .upload = true, .manage = true};
    EXPECT_TRUE(ask().caller.value().program);
    EXPECT_FALSE(ask().caller->token.empty());
    EXPECT_EQ(ask().caller->role, "admin");
    endpoint.people_only = true;
    EXPECT_EQ(ask().status, 403);
}

TEST_F(TokenGate, A_token_for_programs_gives_an_administrators_rights_only_with_manage) {
    const std::string secret = "movio_" + random_token();
    grants.granted[token_hash(secret)] = {.user = user, .scopes = {.read = true}, .expires_us = std::nullopt};
    standings.known[user].role = Role::admin;
    bearer(secret);
    EXPECT_FALSE(ask().caller.value().admin);
    EXPECT_FALSE(ask().caller.value().moderator);
    grants.granted[token_hash(secret)].scopes.manage = true;
    EXPECT_TRUE(ask().caller.value().admin);
    EXPECT_TRUE(ask().caller.value().moderator);
}

TEST_F(TokenGate, A_token_for_programs_ends_by_time_by_being_taken_back_and_with_its_user) {
    const std::string secret = "movio_" + random_token();
    auto& grant = grants.granted[token_hash(secret)];
    grant = {.user = user, .scopes = {.read = true}, .expires_us = wall_now_us() + 60'000'000};
    bearer(secret);
    standings.known[user].not_before_us = wall_now_us() + 2'000'000;
    EXPECT_EQ(ask().status, 0) << "a new password leaves it";
    const auto gate = token_gate(keys, standings, grants, options);
    http::RequestContext context;
    EXPECT_FALSE(test::run(gate->check(head, endpoint, context)));
    EXPECT_TRUE(test::run(context.caller_counts()));
    standings.known[user].enabled = false;
    EXPECT_FALSE(test::run(context.caller_counts()));
    expect_401("jwt-decode-error");
    standings.known[user].enabled = true;
    grant.expires_us = wall_now_us() - 1;
    expect_401("jwt-signature-expired");
    grants.granted.clear();
    EXPECT_FALSE(test::run(context.caller_counts()));
    expect_401("jwt-decode-error");
    head.headers.remove("Authorization");
    cookie(secret);
    EXPECT_FALSE(ask().caller);
}

TEST_F(TokenGate, The_cookie_says_who_asks_and_a_bad_one_is_none) {
    cookie(token());
    EXPECT_EQ(ask().caller.value().user, user);
    cookie(token(61));
    EXPECT_EQ(ask().status, 0);
    EXPECT_FALSE(ask().caller);
    endpoint.access = Access::user;
    expect_401("jwt-header-malformed");
    cookie(token(0, TokenType::refresh));
    expect_401("jwt-header-malformed");
}

TEST_F(TokenGate, A_bearer_token_goes_before_the_cookie) {
    cookie(token());
    bearer("abc");
    expect_401("jwt-decode-error");
    head.method = Method::post;
    bearer(token());
    EXPECT_EQ(ask().status, 0) << "needs no word on where it comes from";
}

TEST_F(TokenGate, Over_TLS_only_the_protected_name_counts) {
    head.scheme = "https";
    head.headers.set("Cookie", "movio=" + token());
    EXPECT_FALSE(ask().caller);
    cookie(token());
    EXPECT_TRUE(ask().caller);
}

TEST_F(TokenGate, Writes_by_cookie_come_from_our_own_pages) {
    struct Case {
        const char* site;    // Sec-Fetch-Site
        const char* origin;  // Origin
        int status;
    };
    const Case cases[] = {
        {"same-origin", nullptr, 0},
        {"none", nullptr, 0},
        {"same-origin", "http://films.example", 0},
        {"same-site", nullptr, 403},
        {"cross-site", nullptr, 403},
        {"cross-site", "http://films.example", 403},
        {"", "http://films.example", 403},
        {nullptr, nullptr, 403},
        {nullptr, "http://films.example", 0},
        {nullptr, "HTTP://Films.Example:80", 0},
        {nullptr, "http://films.example:8000", 403},
        {nullptr, "https://films.example", 403},
        {nullptr, "http://evil.example", 403},
        {nullptr, "http://films.example.evil.example", 403},
        {nullptr, "null", 403},
        {nullptr, "", 403},
        {nullptr, "https://friend.example", 0},
        {"same-site", "https://friend.example", 0},
    };
    options.allowed_origins = {"https://friend.example"};
    cookie(token());
    for (const auto method : {Method::post, Method::put, Method::patch, Method::del, Method::other}) {
        for (const auto& [site, origin, status] : cases) {
            head.method = method;
            head.headers.remove("Sec-Fetch-Site");
            head.headers.remove("Origin");
            if (site != nullptr) head.headers.set("Sec-Fetch-Site", site);
            if (origin != nullptr) head.headers.set("Origin", origin);
            EXPECT_EQ(ask().status, status) << (site ? site : "-") << " " << (origin ? origin : "-");
        }
    }
}

TEST_F(TokenGate, Reads_by_cookie_come_from_anywhere) {
    cookie(token());
    head.headers.set("Sec-Fetch-Site", "cross-site");
    for (const auto method : {Method::get, Method::head, Method::options}) {
        head.method = method;
        EXPECT_EQ(ask().status, 0);
    }
}

TEST_F(TokenGate, The_public_address_is_an_origin_of_ours) {
    base_url = "https://public.example:443/films";
    cookie(token());
    head.method = Method::post;
    head.headers.set("Origin", "https://public.example");
    EXPECT_EQ(ask().status, 0);
    head.headers.set("Origin", "http://public.example");
    EXPECT_EQ(ask().status, 403);
}

TEST_F(TokenGate, A_write_with_a_cookie_that_is_nobodys_is_a_strangers) {
    cookie("abc");
    head.method = Method::post;
    EXPECT_EQ(ask().status, 0);
}

TEST_F(TokenGate, Where_login_is_required_only_the_way_in_stays_open) {
    options.require_login = true;
    for (const auto* path : {"/api/v2/videos", "/api/v1/app/stream/videos/all/", "/media/{access}/{rest...}"}) {
        endpoint.path = path;
        expect_401("jwt-header-malformed");
        bearer(token());
        EXPECT_EQ(ask().status, 0);
        head.headers.remove("Authorization");
    }
    for (const auto* path : {"/", "/{path...}", "/healthz", "/readyz", "/api/v1/common/healthcheck/", "/api/v2/session",
                             "/api/v2/signup", "/api/v2/pages", "/api/v2/pages/{name}", "/doc/"}) {
        endpoint.path = path;
        EXPECT_EQ(ask().status, 0) << path;
    }
    endpoint.path = "/api/v1/auth/login/";
    endpoint.rate = http::RateClass::login;
    EXPECT_EQ(ask().status, 0);
}

}  // namespace
}  // namespace movio::access
