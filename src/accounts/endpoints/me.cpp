#include "accounts/endpoints/me.hpp"

#include "access/endpoints/session_cookie.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "accounts/phone_number.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "http/gates.hpp"

namespace movio::accounts {
namespace {

// In E.164 form; empty: none.
struct PhoneNumber {
    std::string text;
};

}  // namespace
}  // namespace movio::accounts

template <>
struct movio::http::FieldType<movio::accounts::PhoneNumber> {
    static constexpr auto type = ParameterType::text;
    static std::expected<accounts::PhoneNumber, std::string> parse(const InputValue& value, const FieldRules& rules) {
        const auto text = FieldType<std::string>::parse(value, rules);
        if (!text) return FieldError(text.error());
        if (accounts::strip(*text).empty()) return accounts::PhoneNumber{};
        auto number = accounts::e164_number(*text);
        if (number) return accounts::PhoneNumber{std::move(*number)};
        return FieldError(
            "must be a number in international form: +, the country code and the number, together 7 to 15 digits, such "
            "as +49 30 123456, without a (0)");
    }
};

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kPath = "/api/v2/me";
constexpr std::int64_t kPhoneNumberCharactersMax = 40;  // 15 digits with something between all of them

EndpointDescription described(Method method, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::string(kPath);
    description.summary = std::move(summary);
    description.tag = "own account";
    description.access = http::Access::user;
    description.people_only = true;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::not_found};
    return description;
}

struct ChangeMe {
    struct Input {
        std::optional<PhoneNumber> phone_number;
    };
    using Output = User;

    static EndpointDescription describe() {
        auto description = described(Method::patch, "Changes one's own account; what is left out stays.");
        description.body = http::BodyKind::json;
        description.rate = http::RateClass::write;
        description.answers = {{200, "The account.", "User"}};
        description.errors.push_back(ErrorCode::invalid);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("phone_number", &Input::phone_number,
                              {.max = kPhoneNumberCharactersMax,
                               .help = "In international form (E.164): +, country code and number, 7 to 15 digits. "
                                       "Spaces, dashes and brackets are taken out; empty: none."})};
    }
    static void write(JsonWriter& json, const Output& user) { accounts::write(json, user); }
    static void headers(http::Headers& headers, const Output&) { headers.set("Cache-Control", "no-store"); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto id = context.caller.value().user;
        if (input.phone_number) {
            auto& number = input.phone_number->text;
            co_return co_await accounts->set_phone_number(
                id, number.empty() ? std::nullopt : std::optional(std::move(number)), audit::actor_of(context));
        }
        auto user = co_await accounts->find(id);
        if (!user || user->deleted_us) co_return fail(ErrorCode::not_found, "There is no such account any more.");
        co_return std::move(*user);
    }

    AccountService* accounts;
};

class DeleteMe final : public AccountEndpoint {
public:
    explicit DeleteMe(AccountService& accounts) : AccountEndpoint(describe(), accounts) {}

    Awaitable<Response> handle(Request& request) override {
        const auto& context = request.context;
        const auto body = co_await http::read_json(request, description());
        if (!body) co_return http::refuse(description(), body.error(), context);
        auto problems = unknown_members(description(), *body);
        FieldErrors errors;
        auto password = read_text(*body, {.name = "password", .spaces = Spaces::keep}, errors);
        auto heir = read_text(
            *body, {.name = "hand_over_to", .required = false, .characters_max = limits::kEmailCharactersMax}, errors);
        for (const auto& [field, messages] : errors.fields())
            for (const auto& message : messages) problems.push_back({field, "body", message});
        if (!problems.empty())
            co_return refuse(ErrorCode::invalid, "Send the password of the account. Nothing was deleted.", problems,
                             context);
        const auto gone = co_await accounts().leave(context.caller.value().user, std::move(*password),
                                                    http::network_of(context.remote_address),
                                                    std::move(heir).value_or(""), audit::actor_of(context));
        if (!gone) co_return refuse_leaving(gone.error(), context);
        auto response = http::no_content();
        response.headers.set("Set-Cookie", access::ended_session_cookie(context.scheme));
        co_return response;
    }

private:
    static EndpointDescription describe() {
        auto description =
            described(Method::del, "Deletes one's own account for good, with its name, addresses, log-ins and tokens.");
        description.body = http::BodyKind::json;
        description.body_bytes_max = static_cast<std::int64_t>(limits::kFormBodyBytesMax);
        description.rate = http::RateClass::login;
        description.parameters = {
            text_field("password", "The account's password."),
            text_field("hand_over_to",
                       "E-mail address of who has the films from now on; without it they go to the trash.", false,
                       limits::kEmailCharactersMax)};
        description.answers = {{204, "There is no such account any more.", ""}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::conflict});
        return description;
    }

    // A wrong password is no sign that nobody is logged in, so it is not 401.
    Response refuse_leaving(const LeaveRefusal& refusal, const http::RequestContext& context) const {
        if (!refusal.log_in)
            return refuse(refusal.error.code, refusal.error.message,
                          refusal.error.code == ErrorCode::invalid
                              ? std::vector<http::FieldProblem>{{"hand_over_to", "body", refusal.error.message}}
                              : std::vector<http::FieldProblem>{},
                          context);
        if (refusal.log_in->wait > std::chrono::microseconds::zero())
            return http::refuse(description(), too_many_mistakes(*refusal.log_in), context);
        return refuse(ErrorCode::forbidden, "The password is wrong. Nothing was deleted.",
                      {{"password", "body", "This is not the account's password."}}, context);
    }
};

}  // namespace

void add_me_endpoints(http::Router& router, AccountService& accounts) {
    router.add(http::make_endpoint(ChangeMe{&accounts}));
    router.add(std::make_unique<DeleteMe>(accounts));
}

}  // namespace movio::accounts
