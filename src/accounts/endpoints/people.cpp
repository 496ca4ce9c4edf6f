#include "accounts/endpoints/people.hpp"

#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "http/endpoint.hpp"

namespace movio::accounts {
namespace {

using http::EndpointDescription;
using http::Method;

constexpr int kUsersPageMax = 100;
constexpr std::int64_t kFilterCharactersMax = 200;
constexpr const char* kOnePath = "/api/v2/admin/users/{id}";

EndpointDescription for_admins(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "administration";
    description.access = http::Access::admin;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::invalid};
    if (description.path.contains('{')) description.errors.push_back(ErrorCode::not_found);
    return description;
}

http::FieldRules id_rules() { return {.help = "The user's id."}; }

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

std::unexpected<Error> nobody() { return fail(ErrorCode::not_found, "There is no such user."); }

std::unexpected<Error> not_oneself(std::string_view what) {
    return fail(ErrorCode::conflict,
                std::string("You cannot ") + std::string(what) + " yourself; another administrator can.");
}

struct ListUsers {
    struct Input {
        std::string text;
        std::optional<std::string> role;
        std::optional<std::string> state;
        std::optional<UserId> cursor;
        int limit = 24;
    };
    using Output = UserPage;

    static EndpointDescription describe() {
        auto description =
            for_admins(Method::get, "/api/v2/admin/users", "Users, those added last first, a page at a time.");
        description.answers = {{200, "A page of users.", "ListedUserPage"}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("q", &Input::text,
                               {.max = kFilterCharactersMax, .help = "Only those with this in name or address."}),
                http::in_query("role", &Input::role,
                               {.one_of = {"viewer", "uploader", "moderator", "admin"}, .help = "Only those."}),
                http::in_query("state", &Input::state,
                               {.one_of = {"enabled", "disabled", "deleted"},
                                .help = "Only those; if not said, all but deleted ones."}),
                http::in_query("cursor", &Input::cursor, {.help = "`next` of the page before."}),
                http::in_query("limit", &Input::limit, {.min = 1, .max = kUsersPageMax, .help = "Users on a page."})};
    }
    static void write(JsonWriter& json, const Output& page) {
        json.begin_object().key("items").begin_array();
        for (const auto& listed : page.items) accounts::write(json, listed);
        json.end_array().member("next", page.next ? std::optional(page.next->text()) : std::nullopt).end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        UserQuery query;
        query.text = std::move(input.text);
        if (input.role) query.role = access::known_role(*input.role);
        if (input.state) query.state = user_state_from_text(*input.state);
        query.after = input.cursor;
        query.limit = input.limit;
        co_return co_await people->list(std::move(query));
    }

    People* people;
};

struct ShowUser {
    struct Input {
        UserId id;
    };
    using Output = ListedUser;

    static EndpointDescription describe() {
        auto description = for_admins(Method::get, kOnePath, "One user; also what is left of a deleted one.");
        description.answers = {{200, "The user.", "ListedUser"}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, id_rules())}; }
    static void write(JsonWriter& json, const Output& listed) { accounts::write(json, listed); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        auto found = co_await people->find(input.id);
        if (!found) co_return nobody();
        co_return std::move(*found);
    }

    People* people;
};

struct ChangeUser {
    struct Input {
        UserId id;
        std::optional<std::string> role;
        std::optional<bool> disabled;
    };
    using Output = ListedUser;

    static EndpointDescription describe() {
        auto description =
            for_admins(Method::patch, kOnePath, "Changes what a user may do; what is left out stays as it is.");
        description.answers = {{200, "The user as they are now.", "ListedUser"}};
        description.errors.push_back(ErrorCode::conflict);
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_path("id", &Input::id, id_rules()),
            http::in_body("role", &Input::role,
                          {.one_of = {"viewer", "uploader", "moderator", "admin"}, .help = "Counts within a second."}),
            http::in_body("disabled", &Input::disabled,
                          {.help = "True: logged out everywhere, and nobody gets in by this account."})};
    }
    static void write(JsonWriter& json, const Output& listed) { accounts::write(json, listed); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const bool oneself = context.caller && context.caller->user == input.id;
        if (oneself && input.role && *input.role != "admin") co_return not_oneself("take the rights from");
        if (oneself && input.disabled.value_or(false)) co_return not_oneself("disable");
        const auto by = audit::actor_of(context);
        if (input.role) {
            const auto done = co_await accounts->set_role(input.id, access::role_from_text(*input.role), by);
            if (!done) co_return nobody();
        }
        if (input.disabled) {
            const auto done =
                co_await (*input.disabled ? accounts->disable(input.id, by) : accounts->enable(input.id, by));
            if (!done) co_return nobody();
        }
        auto found = co_await people->find(input.id);
        if (!found) co_return nobody();
        co_return std::move(*found);
    }

    People* people;
    AccountService* accounts;
};

struct DeleteUser {
    struct Input {
        UserId id;
        std::string heir;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description =
            for_admins(Method::del, kOnePath, "Deletes an account for good, with its name and addresses.");
        description.answers = {{204, "There is no such account any more."}};
        description.errors.push_back(ErrorCode::conflict);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, id_rules()),
                http::in_query("hand_over_to", &Input::heir,
                               {.max = limits::kEmailCharactersMax,
                                .help = "E-mail address of who has the films from now on; without it they go to the "
                                        "trash."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        if (context.caller && context.caller->user == input.id) co_return not_oneself("delete");
        const auto erased = co_await accounts->erase(input.id, std::move(input.heir), audit::actor_of(context));
        if (!erased) co_return std::unexpected(erased.error());
        co_return Output{};
    }

    AccountService* accounts;
};

struct LogOutUser {
    struct Input {
        UserId id;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = for_admins(Method::post, "/api/v2/admin/users/{id}/logout",
                                      "Logs a user out everywhere; tokens for programs stay.");
        description.answers = {{204, "No log-in until now counts any more."}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, id_rules())}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await accounts->log_out_everywhere(input.id, audit::actor_of(context));
        if (!done) co_return nobody();
        co_return Output{};
    }

    AccountService* accounts;
};

}  // namespace

void add_people_endpoints(http::Router& router, People& people, AccountService& accounts) {
    router.add(http::make_endpoint(ListUsers{&people}));
    router.add(http::make_endpoint(ShowUser{&people}));
    router.add(http::make_endpoint(ChangeUser{&people, &accounts}));
    router.add(http::make_endpoint(DeleteUser{&accounts}));
    router.add(http::make_endpoint(LogOutUser{&accounts}));
}

}  // namespace movio::accounts
