#include "accounts/endpoints/v1.hpp"

#include <chrono>

#include <fmt/format.h>

#include "access/endpoints/v1_refusals.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "http/gates.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::FieldRules;
using http::Parameter;
using http::ParameterType;
using http::Place;
using http::Request;
using http::Response;

constexpr auto kNoWait = std::chrono::microseconds::zero();
constexpr std::string_view kNoCredential = "email or username is not provided.";
constexpr std::string_view kNoPassword = "password is not provided.";
constexpr std::string_view kWrong = "Username, Email or password is incorrect";
constexpr std::string_view kNoActiveAccount = "No active account found with the given credentials";

// {"status_code":N,"user":…}; `write` writes what stands for the dots.
template <class Write>
Response wrapped(int status, Write write) {
    JsonWriter json;
    json.begin_object().member("status_code", status).key("user");
    write(json);
    json.end_object();
    auto response = http::json_response(json.take(), status);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Response detail(int status, std::string_view text) {
    return wrapped(status, [text](JsonWriter& json) { json.begin_object().member("detail", text).end_object(); });
}

// What the two forms of the original's own code answer to a mistake.
template <class Write>
Response error(Write write_detail) {
    return wrapped(400, [&](JsonWriter& json) {
        json.begin_object().member("status", "error").key("detail");
        write_detail(json);
        json.end_object();
    });
}

Response v1_shape(const http::Refusal& refusal, const http::RequestContext&) {
    if (auto common = access::v1_common_refusal(refusal)) return std::move(*common);
    return detail(refusal.status, refusal.error.message);
}

Response tokens_response(const Tokens& tokens, bool with_status) {
    return wrapped(200, [&](JsonWriter& json) {
        json.begin_object();
        if (with_status) json.member("status", "success");
        json.member("refresh", tokens.refresh).member("access", tokens.access).end_object();
    });
}

Parameter body_field(std::string name, std::string help, bool required = true,
                     std::optional<std::int64_t> max = std::nullopt) {
    FieldRules rules;
    rules.required = required;
    rules.max = max;
    rules.help = std::move(help);
    return {std::move(name), Place::body, ParameterType::text, std::move(rules)};
}

EndpointDescription described(std::string path, std::string summary) {
    EndpointDescription description;
    description.method = http::Method::post;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "auth v1";
    description.body = http::BodyKind::form;
    description.body_bytes_max = static_cast<std::int64_t>(limits::kFormBodyBytesMax);
    description.rate = http::RateClass::login;
    description.refusal = &v1_shape;
    description.refusal_schema = "V1Refusal";
    description.errors = {ErrorCode::unsupported_type, ErrorCode::too_large, ErrorCode::rate_limited,
                          ErrorCode::unavailable};
    return description;
}

// The three differ in what they do with a body that could be read.
class FormEndpoint : public http::Endpoint {
public:
    FormEndpoint(EndpointDescription description, AccountService& accounts)
        : Endpoint(std::move(description)), accounts_(accounts) {}

    Awaitable<Response> handle(Request& request) final {
        auto body = co_await http::read_form(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        co_return co_await answer(std::move(*body), request.context);
    }

protected:
    virtual Awaitable<Response> answer(JsonView body, const http::RequestContext& context) = 0;
    AccountService& accounts() { return accounts_; }

private:
    AccountService& accounts_;
};

class SignUpEndpoint final : public FormEndpoint {
public:
    explicit SignUpEndpoint(AccountService& accounts) : FormEndpoint(describe(), accounts) {}

private:
    static EndpointDescription describe() {
        auto description =
            described("/api/v1/auth/signup/", "Makes an account and logs in, where people may sign up by themselves.");
        description.parameters = {body_field("first_name", "At most 35 characters.", true, 35),
                                  body_field("last_name", "At most 35 characters.", true, 35),
                                  body_field("username", "At most 15 characters, without @; may be null.", false, 15),
                                  body_field("email", "An address."),
                                  body_field("password", "6 to 128 characters.", true, 128),
                                  body_field("password2", "The same again.")};
        description.answers = {{200, "The account is made.", "V1LoggedIn"},
                               {400, "What is wrong, by field.", "V1SignUpError"}};
        return description;
    }

    Awaitable<Response> answer(JsonView body, const http::RequestContext& context) override {
        auto in = co_await accounts().sign_up(read_sign_up(body, SignUpRule::password_twice), {}, {},
                                              audit::actor_of(context));
        if (!in) co_return error([&](JsonWriter& json) { in.error().errors.write(json); });
        co_return tokens_response(in->tokens, true);
    }
};

class LogInEndpoint final : public FormEndpoint {
public:
    explicit LogInEndpoint(AccountService& accounts) : FormEndpoint(describe(), accounts) {}

private:
    static EndpointDescription describe() {
        auto description = described("/api/v1/auth/login/", "Logs in by e-mail address or user name.");
        description.parameters = {body_field("credential", "E-mail address or user name."),
                                  body_field("password", "The password.")};
        description.answers = {{200, "Logged in.", "V1LoggedIn"}, {400, "Not logged in.", "V1LogInError"}};
        return description;
    }

    // What stands there as a text; empty for null, nothing and what is no text.
    static std::string given(const JsonView& body, std::string_view field) {
        const auto value = body.find(field);
        return value ? text_of_value(*value).value_or("") : std::string();
    }

    Awaitable<Response> answer(JsonView body, const http::RequestContext& context) override {
        std::string credential(strip(given(body, "credential")));
        auto password = given(body, "password");
        if (credential.empty()) co_return error([](JsonWriter& json) { json.value(kNoCredential); });
        if (password.empty()) co_return error([](JsonWriter& json) { json.value(kNoPassword); });
        const auto in =
            co_await accounts().log_in(std::move(credential), std::move(password),
                                       http::network_of(context.remote_address), {}, audit::actor_of(context));
        if (in) co_return tokens_response(in->tokens, true);
        if (in.error().wait > kNoWait) co_return http::refuse(description(), too_many_mistakes(in.error()), context);
        FieldErrors errors;
        errors.add(kNonFieldErrors, std::string(kWrong));
        co_return error([&](JsonWriter& json) { errors.write(json); });
    }
};

class GetTokenEndpoint final : public FormEndpoint {
public:
    explicit GetTokenEndpoint(AccountService& accounts) : FormEndpoint(describe(), accounts) {}

private:
    static EndpointDescription describe() {
        auto description = described("/api/v1/auth/get-token/", "Two tokens for an e-mail address and its password.");
        description.parameters = {body_field("email", "The address."), body_field("password", "The password.")};
        description.answers = {{200, "The tokens.", "V1Tokens"},
                               {400, "What is wrong, by field.", "V1GetTokenError"},
                               {401, "Address or password are wrong, or a token that was sent along is.", "V1Refusal"}};
        return description;
    }

    Awaitable<Response> answer(JsonView body, const http::RequestContext& context) override {
        FieldErrors errors;
        std::optional<std::string> email;
        std::optional<std::string> password;
        if (is_form(body, errors)) {
            email = read_text(body, {.name = "email"}, errors);
            password = read_text(body, {.name = "password", .spaces = Spaces::keep}, errors);
        }
        if (!errors.empty()) co_return wrapped(400, [&](JsonWriter& json) { errors.write(json); });
        const auto in =
            co_await accounts().log_in_by_email(std::move(*email), std::move(*password),
                                                http::network_of(context.remote_address), audit::actor_of(context));
        if (in) co_return tokens_response(in->tokens, false);
        if (in.error().wait > kNoWait) co_return http::refuse(description(), too_many_mistakes(in.error()), context);
        auto response = detail(401, kNoActiveAccount);
        response.headers.set("WWW-Authenticate", "Bearer realm=\"api\"");
        co_return response;
    }
};

}  // namespace

void add_v1_endpoints(http::Router& router, AccountService& accounts) {
    router.add(std::make_unique<SignUpEndpoint>(accounts));
    router.add(std::make_unique<LogInEndpoint>(accounts));
    router.add(std::make_unique<GetTokenEndpoint>(accounts));
}

}  // namespace movio::accounts
