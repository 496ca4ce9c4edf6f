#include "accounts/endpoints/email_check.hpp"

#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;

struct ConfirmEmail {
    struct Input {
        std::string token;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = session_description(Method::post, "/api/v2/auth/email-check/confirm",
                                               "Shows by a link that was sent there that an e-mail address is one's "
                                               "own.");
        description.tag = "e-mail";
        description.answers = {{204, "The address is checked.", ""}};
        description.errors.insert(description.errors.end(), {ErrorCode::not_found, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("token", &Input::token,
                              {.required = true, .max = limits::kTokenCharactersMax, .help = "What the link holds."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await checks->confirm(std::move(input.token), audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    EmailChecks* checks;
};

// Raw, since they may have to say how long to wait.
class SendingEndpoint : public http::Endpoint {
public:
    SendingEndpoint(EndpointDescription description, EmailChecks& checks)
        : Endpoint(std::move(description)), checks_(checks) {}

protected:
    static EndpointDescription described(std::string path, std::string summary) {
        EndpointDescription description;
        description.method = Method::post;
        description.path = std::move(path);
        description.summary = std::move(summary);
        description.tag = "e-mail";
        description.access = http::Access::user;
        // Else a token that leaked could take the account over.
        description.people_only = true;
        description.rate = http::RateClass::write;
        description.answers = {{202, "A link is sent.", ""}};
        description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::not_found, ErrorCode::conflict,
                              ErrorCode::rate_limited};
        return description;
    }
    EmailChecks& checks() { return checks_; }

    http::Response answer(const Result<std::chrono::microseconds>& done, const http::RequestContext& context) const {
        if (!done) return http::refuse(description(), done.error(), context);
        if (*done > std::chrono::microseconds::zero())
            return http::refuse(description(), too_many_links(*done), context);
        return accepted();
    }

private:
    EmailChecks& checks_;
};

class SendAgain final : public SendingEndpoint {
public:
    explicit SendAgain(EmailChecks& checks)
        : SendingEndpoint(
              described("/api/v2/me/email-check", "Sends the link again by which one's e-mail address is checked."),
              checks) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto done = co_await checks().send_again(request.context.caller.value().user);
        co_return answer(done, request.context);
    }
};

class ChangeEmail final : public SendingEndpoint {
public:
    explicit ChangeEmail(EmailChecks& checks) : SendingEndpoint(describe(), checks) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        FieldErrors errors;
        auto email = read_text(*body, {.name = "email", .characters_max = limits::kEmailCharactersMax}, errors);
        auto password = read_text(*body, {.name = "password", .spaces = Spaces::keep}, errors);
        add_problems(errors, problems);
        if (!problems.empty())
            co_return http::refuse(
                description(),
                {.error = {ErrorCode::invalid, "Send the new address and your password.", {}}, .fields = problems},
                request.context);
        const auto done = co_await checks().change(request.context.caller.value().user, std::move(*email),
                                                   std::move(*password), audit::actor_of(request.context));
        co_return answer(done, request.context);
    }

private:
    static EndpointDescription describe() {
        auto description = described("/api/v2/me/email",
                                     "Asks for another e-mail address, which counts once the link that is sent to it "
                                     "is opened; one's own takes that back.");
        description.body = http::BodyKind::json;
        description.body_bytes_max = static_cast<std::int64_t>(limits::kFormBodyBytesMax);
        description.parameters = {text_field("email", "The new one.", true, limits::kEmailCharactersMax),
                                  text_field("password", "The password.")};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::unsupported_type,
                                                             ErrorCode::too_large, ErrorCode::unavailable});
        return description;
    }
};

}  // namespace

void add_email_check_endpoints(http::Router& router, EmailChecks& checks) {
    router.add(http::make_endpoint(ConfirmEmail{&checks}));
    router.add(std::make_unique<SendAgain>(checks));
    router.add(std::make_unique<ChangeEmail>(checks));
}

}  // namespace movio::accounts
