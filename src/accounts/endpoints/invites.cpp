#include "accounts/endpoints/invites.hpp"

#include <fmt/format.h>

#include "access/secret.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;

EndpointDescription described(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "invites";
    return description;
}

EndpointDescription for_admins(Method method, std::string path, std::string summary) {
    auto description = described(method, std::move(path), std::move(summary));
    description.access = http::Access::admin;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

struct ShowPolicy {
    struct Input {};
    using Output = SignUpPolicy;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/signup", "Who may make an account here.");
        description.answers = {{200, "The rule.", "SignUpPolicy"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& policy) {
        json.begin_object().member("signup", to_text(policy.rule)).key("domains").begin_array();
        if (policy.rule == SignUpFor::domains)
            for (const auto& domain : policy.domains) json.value(domain);
        json.end_array().end_object();
    }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) { co_return invites->policy(); }

    Invites* invites;
};

struct LookAtInvite {
    struct Input {
        std::string token;
    };
    using Output = Invite;

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/invite", "What the holder of an invitation may do by it.");
        description.rate = http::RateClass::login;
        description.answers = {{200, "It counts.", "Invite"}};
        description.errors = {ErrorCode::not_found};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("token", &Input::token,
                              {.required = true, .max = limits::kTokenCharactersMax, .help = "What the link holds."})};
    }
    static void write(JsonWriter& json, const Output& invite) { accounts::write(json, invite); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        auto invite = co_await invites->find(std::move(input.token));
        if (invite) co_return std::move(*invite);
        co_return fail(ErrorCode::not_found,
                       "This invitation does not count: it was used, has run out or was taken "
                       "back. Ask for another one.");
    }

    Invites* invites;
};

struct MakeInvite {
    struct Input {
        std::string role = "uploader";
        std::optional<std::string> email;
        int days = 7;
    };
    struct Output {
        NewInvite made;
        std::string url;
    };

    static EndpointDescription describe() {
        auto description = for_admins(Method::post, "/api/v2/invites", "Invites somebody to make an account.");
        description.answers = {{201, "The invitation, and the link to hand on.", "NewInvite"}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("role", &Input::role,
                              {.one_of = {"viewer", "uploader", "moderator", "admin"}, .help = "Of the new account."}),
                http::in_body("email", &Input::email,
                              {.max = limits::kEmailCharactersMax, .help = "The only address it counts for."}),
                http::in_body("days", &Input::days,
                              {.min = 1, .max = limits::kInviteDaysMax, .help = "How long it counts; 7 if not said."})};
    }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().key("invite");
        accounts::write(json, output.made.invite);
        json.member("token", output.made.token).member("url", output.url).end_object();
    }
    static int status(const Output&) { return 201; }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        InviteWish wish;
        wish.role = access::role_from_text(input.role);
        wish.email = std::move(input.email);
        wish.days = input.days;
        wish.by = context.caller->user;
        auto made = co_await invites->make(std::move(wish), audit::actor_of(context));
        if (!made) co_return std::unexpected(std::move(made.error()));
        auto url = invite_page(context.base_url, made->token);
        co_return Output{std::move(*made), std::move(url)};
    }

    Invites* invites;
};

struct ListInvites {
    struct Input {};
    using Output = std::vector<Invite>;

    static EndpointDescription describe() {
        auto description = for_admins(Method::get, "/api/v2/invites", "Invitations that still count, newest first.");
        description.answers = {{200, "All of them.", "InviteList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().key("items").begin_array();
        for (const auto& invite : output) accounts::write(json, invite);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) { co_return co_await invites->list(); }

    Invites* invites;
};

struct RevokeInvite {
    struct Input {
        InviteId id;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = for_admins(Method::del, "/api/v2/invites/{id}", "Takes an invitation back.");
        description.answers = {{204, "It does not count any more.", ""}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The invitation's id."})}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await invites->revoke(input.id, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    Invites* invites;
};

}  // namespace

std::string invite_page(std::string_view base_url, std::string_view token) {
    return access::page_with_token(base_url, "join", token);
}

void add_invite_endpoints(http::Router& router, Invites& invites) {
    router.add(http::make_endpoint(ShowPolicy{&invites}));
    router.add(http::make_endpoint(LookAtInvite{&invites}));
    router.add(http::make_endpoint(MakeInvite{&invites}));
    router.add(http::make_endpoint(ListInvites{&invites}));
    router.add(http::make_endpoint(RevokeInvite{&invites}));
}

}  // namespace movio::accounts
