#include "accounts/endpoints/account_endpoint.hpp"

#include <chrono>

#include <fmt/format.h>

#include "base/limits.hpp"

namespace movio::accounts {
namespace {

http::Refusal wait_refusal(std::string_view why, std::chrono::microseconds wait) {
    const auto wait_s = std::chrono::ceil<std::chrono::seconds>(wait).count();
    http::Refusal refusal;
    refusal.error = {
        ErrorCode::rate_limited, fmt::format("{} Try again in {} second{}.", why, wait_s, wait_s == 1 ? "" : "s"), {}};
    refusal.retry_after_s = wait_s;
    return refusal;
}

}  // namespace

http::Parameter text_field(std::string name, std::string help, bool required, std::optional<std::int64_t> max) {
    http::FieldRules rules;
    rules.required = required;
    rules.max = max;
    rules.help = std::move(help);
    return {std::move(name), http::Place::body, http::ParameterType::text, std::move(rules)};
}

std::vector<http::FieldProblem> unknown_members(const http::EndpointDescription& description, const JsonView& body) {
    std::vector<http::FieldProblem> problems;
    http::check_body_members(description.parameters, body, problems);
    return problems;
}

void add_problems(const FieldErrors& errors, std::vector<http::FieldProblem>& problems) {
    for (const auto& [field, messages] : errors.fields())
        if (field != kNonFieldErrors)
            for (const auto& message : messages) problems.push_back({field, "body", message});
}

http::EndpointDescription session_description(http::Method method, std::string path, std::string summary) {
    http::EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "session";
    if (method == http::Method::post) {
        description.body = http::BodyKind::json;
        description.body_bytes_max = static_cast<std::int64_t>(limits::kFormBodyBytesMax);
        description.rate = http::RateClass::login;
        description.errors = {ErrorCode::invalid, ErrorCode::unsupported_type, ErrorCode::too_large,
                              ErrorCode::rate_limited, ErrorCode::unavailable};
    }
    return description;
}

SessionWish wish_of(const http::Request& request, SessionKind kind) {
    SessionWish wish;
    wish.kind = kind;
    wish.agent = request.head.headers.find("user-agent").value_or("");
    wish.address = request.context.remote_address;
    return wish;
}

std::vector<http::Parameter> credential_fields() {
    return {text_field("credential", "E-mail address or user name."), text_field("password", "The password.")};
}

Credentials read_credentials(const JsonView& body, std::vector<http::FieldProblem>& problems) {
    FieldErrors errors;
    auto credential = read_text(body, {.name = "credential"}, errors);
    auto password = read_text(body, {.name = "password", .spaces = Spaces::keep}, errors);
    add_problems(errors, problems);
    return {std::move(credential).value_or(""), std::move(password).value_or("")};
}

http::Response AccountEndpoint::refuse(ErrorCode code, std::string message,
                                       const std::vector<http::FieldProblem>& problems,
                                       const http::RequestContext& context) const {
    http::Refusal refusal;
    refusal.error = {code, std::move(message), {}};
    refusal.fields = problems;
    return http::refuse(description(), refusal, context);
}

http::Refusal too_many_mistakes(const LogInRefusal& refusal) {
    return wait_refusal("Too many log-ins with that name were wrong.", refusal.wait);
}

http::Refusal too_many_links(std::chrono::microseconds wait) {
    return wait_refusal("Too many links were asked for.", wait);
}

http::Response accepted() {
    auto response = http::no_content();
    response.status = 202;
    return response;
}

http::Response AccountEndpoint::refuse_log_in(const LogInRefusal& refusal, const http::RequestContext& context) const {
    if (refusal.wait > std::chrono::microseconds::zero())
        return http::refuse(description(), too_many_mistakes(refusal), context);
    return refuse(ErrorCode::unauthorized, "E-mail address, user name or password are wrong.", {}, context);
}

}  // namespace movio::accounts
