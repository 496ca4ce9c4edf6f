#include "accounts/openid/endpoints/openid.hpp"

#include "access/endpoints/session_cookie.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "accounts/endpoints/outside.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using http::Parameter;
using http::ParameterType;
using http::Place;

class OpenIdEndpoint : public http::Endpoint {
public:
    OpenIdEndpoint(http::EndpointDescription description, OpenIdLogIn& log_in)
        : Endpoint(std::move(description)), log_in_(log_in) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        if (log_in_.is_on()) co_return co_await answer(request);
        co_return http::refuse(description(), Error{ErrorCode::not_found, "No OpenID provider is set up here.", {}},
                               request.context);
    }

protected:
    virtual Awaitable<http::Response> answer(http::Request& request) = 0;
    OpenIdLogIn& log_in() { return log_in_; }

private:
    OpenIdLogIn& log_in_;
};

class Begin final : public OpenIdEndpoint {
public:
    explicit Begin(OpenIdLogIn& log_in) : OpenIdEndpoint(describe(), log_in) {}

protected:
    Awaitable<http::Response> answer(http::Request& request) override {
        const auto begun = co_await log_in().begin(next_of(request));
        if (!begun) co_return not_entered_response(begun.error().code, begun.error().next);
        auto response = http::redirect(begun->address);
        response.headers.set("Cache-Control", "no-store");
        response.headers.set(
            "Set-Cookie", access::flow_cookie(request.context.scheme, begun->cookie, limits::kOpenIdFlowLife.count()));
        co_return response;
    }

private:
    static http::EndpointDescription describe() {
        auto description =
            outside_description(std::string(kOpenIdBeginPath), "Leads a browser to the OpenID provider.");
        description.parameters = {next_parameter()};
        description.answers = {{303, "To the provider; or to /login, which says why not.", ""}};
        return description;
    }
};

class Callback final : public OpenIdEndpoint {
public:
    explicit Callback(OpenIdLogIn& log_in) : OpenIdEndpoint(describe(), log_in) {}

protected:
    Awaitable<http::Response> answer(http::Request& request) override {
        const auto& scheme = request.context.scheme;
        const auto& query = request.head.query;
        OpenIdLogIn::Answer given;
        given.code = query.find("code").value_or("").substr(0, limits::kAuthorizationCodeMax);
        given.state = query.find("state").value_or("");
        given.error = query.find("error").value_or("");
        given.issuer = query.find("iss").value_or("");
        given.cookie = access::find_cookie(request.head.headers, access::flow_cookie_name(scheme)).value_or("");
        const auto entered = co_await log_in().finish(std::move(given), wish_of(request, SessionKind::page));
        auto response = entered ? entered_response(entered->in, entered->next, scheme)
                                : not_entered_response(entered.error().code, entered.error().next);
        response.headers.add("Set-Cookie", access::ended_flow_cookie(scheme));
        co_return response;
    }

private:
    static Parameter text(std::string name, std::string help) {
        return {std::move(name), Place::query, ParameterType::text, {.help = std::move(help)}};
    }

    static http::EndpointDescription describe() {
        auto description =
            outside_description(std::string(kOpenIdCallbackPath), "Where the OpenID provider sends a browser back to.");
        description.parameters = {text("code", "By which the provider gives the ID token."),
                                  text("state", "As it was sent to the provider."),
                                  text("error", "Why there is no code."), text("iss", "The provider's issuer.")};
        description.answers = {{303, "On to the page, with the session's cookie; or to /login, which says why.", ""}};
        return description;
    }
};

class LogOutThere final : public OpenIdEndpoint {
public:
    explicit LogOutThere(OpenIdLogIn& log_in) : OpenIdEndpoint(describe(), log_in) {}

protected:
    Awaitable<http::Response> answer(http::Request&) override {
        auto response = http::redirect(co_await log_in().log_out_address());
        response.headers.set("Cache-Control", "no-store");
        co_return response;
    }

private:
    static http::EndpointDescription describe() {
        auto description = outside_description(
            std::string(kOpenIdLogOutPath),
            "Leads a browser to where one logs out at the OpenID provider, which leads it back to /.");
        description.answers = {{303, "There; or to / where the provider offers no such thing.", ""}};
        return description;
    }
};

}  // namespace

void add_openid_endpoints(http::Router& router, OpenIdLogIn& log_in) {
    router.add(std::make_unique<Begin>(log_in));
    router.add(std::make_unique<Callback>(log_in));
    router.add(std::make_unique<LogOutThere>(log_in));
}

}  // namespace movio::accounts
