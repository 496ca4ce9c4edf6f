#include "accounts/endpoints/password_reset.hpp"

#include <chrono>

#include "accounts/endpoints/account_endpoint.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "http/gates.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;

EndpointDescription described(std::string path, std::string summary) {
    auto description = session_description(http::Method::post, std::move(path), std::move(summary));
    description.tag = "password";
    return description;
}

// Raw, since it may have to say how long to wait.
class AskForReset final : public http::Endpoint {
public:
    explicit AskForReset(PasswordResets& resets) : Endpoint(describe()), resets_(resets) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), request.context);
        auto problems = unknown_members(description(), *body);
        FieldErrors errors;
        auto email = read_text(*body, {.name = "email", .characters_max = limits::kEmailCharactersMax}, errors);
        add_problems(errors, problems);
        if (!problems.empty())
            co_return http::refuse(
                description(),
                {.error = {ErrorCode::invalid, "Send the e-mail address of the account.", {}}, .fields = problems},
                request.context);
        const auto wait = co_await resets_.ask(std::move(*email), http::network_of(request.context.remote_address),
                                               audit::actor_of(request.context));
        if (wait > std::chrono::microseconds::zero())
            co_return http::refuse(description(), too_many_links(wait), request.context);
        co_return accepted();
    }

private:
    static EndpointDescription describe() {
        auto description = described("/api/v2/auth/password-reset",
                                     "Sends a link by which a lost password is replaced, if somebody has the address.");
        description.parameters = {text_field("email", "Of the account.", true, limits::kEmailCharactersMax)};
        description.answers = {{202, "The same whether anybody has it.", ""}};
        return description;
    }

    PasswordResets& resets_;
};

struct ConfirmReset {
    struct Input {
        std::string token;
        std::string password;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = described("/api/v2/auth/password-reset/confirm",
                                     "Sets a new password by such a link, and ends all log-ins of the account.");
        description.answers = {{204, "The password is set. Log in with it.", ""}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("token", &Input::token,
                              {.required = true, .max = limits::kTokenCharactersMax, .help = "What the link holds."}),
                http::in_body("password", &Input::password,
                              {.required = true,
                               .min = limits::kPasswordCharactersMin,
                               .max = limits::kPasswordCharactersMax,
                               .help = "6 to 128 characters."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done =
            co_await resets->confirm(std::move(input.token), std::move(input.password), audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    PasswordResets* resets;
};

}  // namespace

void add_password_reset_endpoints(http::Router& router, PasswordResets& resets) {
    router.add(std::make_unique<AskForReset>(resets));
    router.add(http::make_endpoint(ConfirmReset{&resets}));
}

}  // namespace movio::accounts
