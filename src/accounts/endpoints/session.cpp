#include "accounts/endpoints/session.hpp"

#include <algorithm>

#include "access/endpoints/session_cookie.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "http/gates.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;
using http::RequestContext;

constexpr std::string_view kSessionPath = "/api/v2/session";

http::Response user_response(const std::optional<User>& user, int status,
                             const std::optional<std::string>& log_out = std::nullopt) {
    JsonWriter json;
    json.begin_object().key("user");
    if (user)
        write(json, *user);
    else
        json.null();
    if (log_out) json.member("log_out", *log_out);
    json.end_object();
    auto response = http::json_response(json.take(), status);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

http::Response logged_in_response(const LoggedIn& in, const RequestContext& context, int status) {
    auto response = user_response(in.user, status);
    response.headers.set("Set-Cookie", access::session_cookie(context.scheme, in.tokens.access, in.tokens.lifetime_s));
    return response;
}

class MakeUser final : public AccountEndpoint {
public:
    explicit MakeUser(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        auto form = read_sign_up(*body, SignUpRule::password_once);
        auto invite = read_text(*body, {.name = "invite", .required = false}, form.errors);
        if (!problems.empty()) {
            add_problems(form.errors, problems);
            co_return refuse(ErrorCode::invalid, kNotMade, problems, request.context);
        }
        const auto in = co_await accounts().sign_up(
            std::move(form), std::move(invite), wish_of(request, SessionKind::page), audit::actor_of(request.context));
        if (in) co_return logged_in_response(*in, request.context, 201);
        if (in.error().not_allowed)
            co_return refuse(ErrorCode::forbidden, in.error().errors.fields().front().second.front(), {},
                             request.context);
        add_problems(in.error().errors, problems);
        co_return refuse(in.error().taken ? ErrorCode::conflict : ErrorCode::invalid, kNotMade, problems,
                         request.context);
    }

private:
    static constexpr const char* kNotMade = "The account was not made; what is wrong stands with each field.";

    static EndpointDescription describe() {
        auto description =
            session_description(Method::post, "/api/v2/users", "Makes an account and logs its browser in.");
        description.parameters = {text_field("first_name", "At most 35 characters.", true, 35),
                                  text_field("last_name", "At most 35 characters.", true, 35),
                                  text_field("username", "At most 15 characters, without @.", false, 15),
                                  text_field("email", "An address that nobody else has here."),
                                  text_field("password", "6 to 128 characters.", true, 128),
                                  text_field("invite", "The token of an invitation.", false, 100)};
        description.answers = {{201, "The account, and the session's cookie.", "Session"}};
        description.errors.insert(description.errors.end(), {ErrorCode::conflict, ErrorCode::forbidden});
        return description;
    }
};

class LogIn final : public AccountEndpoint {
public:
    explicit LogIn(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        auto given = read_credentials(*body, problems);
        if (!problems.empty())
            co_return refuse(ErrorCode::invalid, "Send credential and password.", problems, request.context);
        const auto in = co_await accounts().log_in(
            std::move(given.credential), std::move(given.password), http::network_of(request.context.remote_address),
            wish_of(request, SessionKind::page), audit::actor_of(request.context));
        if (in) co_return logged_in_response(*in, request.context, 200);
        co_return refuse_log_in(in.error(), request.context);
    }

private:
    static EndpointDescription describe() {
        auto description = session_description(Method::post, std::string(kSessionPath), "Logs a browser in.");
        description.parameters = credential_fields();
        description.answers = {{200, "Who is logged in now, and the session's cookie.", "Session"}};
        description.errors.push_back(ErrorCode::unauthorized);
        return description;
    }
};

class WhoAmI final : public AccountEndpoint {
public:
    WhoAmI(AccountService& accounts, const LogInWays& ways) : AccountEndpoint(describe(), accounts), ways_(ways) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        std::optional<User> user;
        std::optional<Session> session;
        if (const auto& caller = request.context.caller) {
            user = co_await accounts().find(caller->user);
            if (!caller->session.is_nil())
                session =
                    co_await accounts().sessions().touch(SessionId(caller->session), request.context.remote_address);
        }
        if (user && user->deleted_us) user.reset();
        co_return user_response(user, 200, user && session ? log_out_of(*session) : std::nullopt);
    }

private:
    std::optional<std::string> log_out_of(const Session& session) const {
        const auto way = std::ranges::find(ways_, session.by, &LogInWay::by);
        if (way == ways_.end() || way->log_out.empty()) return std::nullopt;
        return way->log_out;
    }

    static EndpointDescription describe() {
        auto description = session_description(Method::get, std::string(kSessionPath), "Who is logged in.");
        description.answers = {{200, "The user, or null.", "Session"}};
        return description;
    }

    LogInWays ways_;
};

struct ShowWays {
    struct Input {};
    using Output = LogInWays;

    static EndpointDescription describe() {
        auto description = session_description(Method::get, std::string(kSessionPath) + "/ways",
                                               "How one logs in here beside the password.");
        description.answers = {{200, "Perhaps none.", "LogInWays"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& ways) {
        json.begin_object().key("items").begin_array();
        for (const auto& way : ways)
            json.begin_object()
                .member("kind", to_text(way.by))
                .member("button", way.button)
                .member("address", way.address)
                .end_object();
        json.end_array().end_object();
    }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) { co_return ways; }

    LogInWays ways;
};

class LogOut final : public AccountEndpoint {
public:
    explicit LogOut(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto& caller = request.context.caller;
        if (caller && !caller->session.is_nil())
            co_await accounts().sessions().end(caller->user, SessionId(caller->session),
                                               audit::actor_of(request.context));
        auto response = http::no_content();
        response.headers.set("Set-Cookie", access::ended_session_cookie(request.context.scheme));
        response.headers.set("Cache-Control", "no-store");
        co_return response;
    }

private:
    static EndpointDescription describe() {
        auto description = session_description(Method::del, std::string(kSessionPath),
                                               "Logs out here: the browser, or the app whose token is sent.");
        description.people_only = true;
        description.answers = {{204, "Nobody is logged in any more.", ""}};
        return description;
    }
};

}  // namespace

void add_session_endpoints(http::Router& router, AccountService& accounts, const LogInWays& ways) {
    router.add(std::make_unique<MakeUser>(accounts));
    router.add(std::make_unique<LogIn>(accounts));
    router.add(std::make_unique<WhoAmI>(accounts, ways));
    router.add(http::make_endpoint(ShowWays{ways}));
    router.add(std::make_unique<LogOut>(accounts));
}

}  // namespace movio::accounts
