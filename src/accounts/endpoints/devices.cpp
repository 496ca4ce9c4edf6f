#include "accounts/endpoints/devices.hpp"

#include "access/endpoints/session_cookie.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;
using http::Request;
using http::Response;

EndpointDescription described(Method method, std::string path, std::string summary) {
    auto description = session_description(method, std::move(path), std::move(summary));
    description.access = http::Access::user;
    description.people_only = true;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

class ListSessions final : public AccountEndpoint {
public:
    explicit ListSessions(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto caller = request.context.caller.value();
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& session : co_await accounts().sessions().list(caller.user))
            write(json, session, session.id.uuid() == caller.session);
        json.end_array().end_object();
        auto response = http::json_response(json.take());
        response.headers.set("Cache-Control", "no-store");
        co_return response;
    }

private:
    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/sessions",
                                     "Where one is logged in, the last used first. Log-ins of v1 are not among them.");
        description.answers = {{200, "Log-ins that still count.", "SessionList"}};
        return description;
    }
};

class EndSession final : public AccountEndpoint {
public:
    explicit EndSession(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto caller = request.context.caller.value();
        const auto id = SessionId::parse(request.head.path.find("id").value_or(""));
        if (!id || !co_await accounts().sessions().end(caller.user, *id, audit::actor_of(request.context)))
            co_return refuse(ErrorCode::not_found, "You have no such log-in.", {}, request.context);
        co_return http::no_content();
    }

private:
    static EndpointDescription describe() {
        auto description = described(Method::del, "/api/v2/sessions/{id}", "Logs out in one place.");
        http::FieldRules rules;
        rules.required = true;
        rules.help = "The log-in's id.";
        description.parameters = {{"id", http::Place::path, http::ParameterType::uuid, std::move(rules)}};
        description.answers = {{204, "Nobody is logged in there any more.", ""}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
};

class EndAllSessions final : public AccountEndpoint {
public:
    explicit EndAllSessions(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto done = co_await accounts().log_out_everywhere(request.context.caller.value().user,
                                                                 audit::actor_of(request.context));
        if (!done) co_return http::refuse(description(), done.error(), request.context);
        auto response = http::no_content();
        response.headers.set("Set-Cookie", access::ended_session_cookie(request.context.scheme));
        co_return response;
    }

private:
    static EndpointDescription describe() {
        auto description =
            described(Method::del, "/api/v2/sessions", "Logs out everywhere, here too; tokens for programs stay.");
        description.answers = {{204, "Every log-in until now has ended.", ""}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
};

}  // namespace

void add_device_endpoints(http::Router& router, AccountService& accounts) {
    router.add(std::make_unique<ListSessions>(accounts));
    router.add(std::make_unique<EndAllSessions>(accounts));
    router.add(std::make_unique<EndSession>(accounts));
}

}  // namespace movio::accounts
