#include "accounts/endpoints/api_tokens.hpp"

#include "audit/endpoints/actor_of.hpp"
#include "http/endpoint.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;

EndpointDescription described(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "tokens for programs";
    description.access = http::Access::user;
    // Else a token that leaked could make itself another one.
    description.people_only = true;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

struct MakeToken {
    struct Input {
        std::string name;
        std::vector<std::string> scopes;
        std::optional<int> days;
    };
    using Output = NewApiToken;

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/api-tokens", "Makes a token for a program of yours.");
        description.answers = {{201, "The token, which is told this once.", "NewApiToken"}};
        description.errors.insert(description.errors.end(),
                                  {ErrorCode::invalid, ErrorCode::conflict, ErrorCode::not_found});
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_body(
                "name", &Input::name,
                {.required = true, .min = 1, .max = limits::kApiTokenNameMax, .help = "By which you will know it."}),
            http::in_body("scopes", &Input::scopes,
                          {.required = true, .min = 1, .max = 3, .help = "Of read, upload and manage."}),
            http::in_body(
                "days", &Input::days,
                {.min = 1, .max = limits::kApiTokenDaysMax, .help = "How long it counts; for ever if not said."})};
    }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().key("api_token");
        accounts::write(json, output.row);
        json.member("token", output.token).end_object();
    }
    static int status(const Output&) { return 201; }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        ApiTokenWish wish;
        wish.user = context.caller.value().user;
        wish.name = std::move(input.name);
        for (const auto& scope : input.scopes) wish.scopes += scope + ' ';
        wish.days = input.days;
        co_return co_await tokens->make(std::move(wish), audit::actor_of(context));
    }

    ApiTokens* tokens;
};

struct ListTokens {
    struct Input {};
    using Output = std::vector<ApiToken>;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/api-tokens", "Your tokens for programs, newest first.");
        description.answers = {{200, "All of them, without the tokens themselves.", "ApiTokenList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().key("items").begin_array();
        for (const auto& token : output) accounts::write(json, token);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext& context) {
        co_return co_await tokens->list(context.caller.value().user);
    }

    ApiTokens* tokens;
};

struct EndToken {
    struct Input {
        ApiTokenId id;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = described(Method::del, "/api/v2/api-tokens/{id}", "Takes a token back.");
        description.answers = {{204, "It does not count any more.", ""}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The token's id."})}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        if (co_await tokens->end(input.id, context.caller.value().user, audit::actor_of(context))) co_return Output{};
        co_return fail(ErrorCode::not_found, "You have no such token.");
    }

    ApiTokens* tokens;
};

}  // namespace

void add_api_token_endpoints(http::Router& router, ApiTokens& tokens) {
    router.add(http::make_endpoint(MakeToken{&tokens}));
    router.add(http::make_endpoint(ListTokens{&tokens}));
    router.add(http::make_endpoint(EndToken{&tokens}));
}

}  // namespace movio::accounts
