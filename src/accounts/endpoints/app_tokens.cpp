#include "accounts/endpoints/app_tokens.hpp"

#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "http/gates.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;
using http::Request;
using http::Response;

Response tokens_response(const Session& session, const Tokens& tokens, int status) {
    JsonWriter json;
    json.begin_object()
        .member("access", tokens.access)
        .member("refresh", tokens.refresh)
        .member("expires_in", tokens.lifetime_s)
        .member("session_id", session.id.text())
        .end_object();
    auto response = http::json_response(json.take(), status);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

class MakeTokens final : public AccountEndpoint {
public:
    explicit MakeTokens(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        auto given = read_credentials(*body, problems);
        if (!problems.empty())
            co_return refuse(ErrorCode::invalid, "Send credential and password.", problems, request.context);
        const auto in = co_await accounts().log_in(
            std::move(given.credential), std::move(given.password), http::network_of(request.context.remote_address),
            wish_of(request, SessionKind::app), audit::actor_of(request.context));
        if (in) co_return tokens_response(in->session.value(), in->tokens, 201);
        co_return refuse_log_in(in.error(), request.context);
    }

private:
    static EndpointDescription describe() {
        auto description =
            session_description(Method::post, "/api/v2/tokens",
                                "Logs a person in to an app: a short access token, and a refresh token for the next.");
        description.parameters = credential_fields();
        description.answers = {{201, "The tokens.", "AppTokens"}};
        description.errors.push_back(ErrorCode::unauthorized);
        return description;
    }
};

class RefreshTokens final : public AccountEndpoint {
public:
    explicit RefreshTokens(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        FieldErrors errors;
        auto token = read_text(*body, {.name = "refresh"}, errors);
        add_problems(errors, problems);
        if (!problems.empty())
            co_return refuse(ErrorCode::invalid, "Send the refresh token.", problems, request.context);
        const auto given =
            co_await accounts().sessions().refresh(std::move(*token), wish_of(request, SessionKind::app));
        if (given) co_return tokens_response(given->session, given->tokens, 200);
        co_return refuse(ErrorCode::unauthorized, "The refresh token does not count any more. Log in again.", {},
                         request.context);
    }

private:
    static EndpointDescription describe() {
        auto description = session_description(Method::post, "/api/v2/tokens/refresh",
                                               "Gives new tokens for a refresh token, which is used up by it.");
        description.parameters = {text_field("refresh", "The refresh token.", true, limits::kTokenCharactersMax)};
        description.answers = {{200, "The tokens.", "AppTokens"}};
        description.errors.push_back(ErrorCode::unauthorized);
        return description;
    }
};

}  // namespace

void add_app_token_endpoints(http::Router& router, AccountService& accounts) {
    router.add(std::make_unique<MakeTokens>(accounts));
    router.add(std::make_unique<RefreshTokens>(accounts));
}

}  // namespace movio::accounts
