#include "app/admin_users.hpp"

#include <memory>

#include "app/admin_endpoint.hpp"
#include "base/clock.hpp"

namespace movio::app {
namespace {

using Parts = std::shared_ptr<const AdminUserParts>;

constexpr int kUsersAtOnce = 500;

void write_user(JsonWriter& json, const accounts::User& user) {
    json.begin_object()
        .member("id", user.id.text())
        .member("email", user.email)
        .member("username", user.username)
        .member("first_name", user.first_name)
        .member("last_name", user.last_name)
        .member("role", to_text(user.role))
        .member("state", user.deleted_us ? "deleted"
                         : user.enabled  ? "enabled"
                                         : "disabled")
        .member("created_at", rfc3339(user.created_us))
        .end_object();
}

http::Response user_response(const accounts::User& user, int status = 200) {
    JsonWriter json;
    write_user(json, user);
    return http::json_response(json.take(), status);
}

// "email: Enter a valid email address.; password: …"
std::string text_of(const accounts::FieldErrors& errors) {
    std::string text;
    for (const auto& [field, messages] : errors.fields()) {
        for (const auto& message : messages) {
            if (!text.empty()) text += "; ";
            if (field != accounts::kNonFieldErrors) text.append(field).append(": ");
            text += message;
        }
    }
    return text;
}

http::Response refused(const Error& error, const http::Request& request) {
    return http::problem_response(error, request.context.request_id);
}

Error unknown_role() {
    return {ErrorCode::invalid, "There is no such role; there are viewer, uploader, moderator and admin", {}};
}

// The user whom the path names.
Awaitable<Result<accounts::User>> find_user(const AdminUserParts& parts, const http::Request& request) {
    co_return co_await parts.accounts->find_named(std::string(request.head.path.find("name").value_or("")));
}

// What is asked about a user.
struct Wish {
    JsonView body;
    accounts::User user;
};

Awaitable<Result<Wish>> read_wish(const AdminUserParts& parts, http::Request& request) {
    static const auto kDescription = with_json_body({});
    auto body = co_await http::read_json(request, kDescription);
    if (!body) co_return std::unexpected(std::move(body.error()));
    auto user = co_await find_user(parts, request);
    if (!user) co_return std::unexpected(std::move(user.error()));
    co_return Wish{std::move(*body), std::move(*user)};
}

struct AddUser {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        static const auto kDescription = with_json_body({});
        const auto body = co_await http::read_json(request, kDescription);
        if (!body) co_return refused(body.error(), request);
        auto form = accounts::read_sign_up(*body, accounts::SignUpRule::by_admin);
        const auto role = access::known_role(body->text_or("role", "uploader"));
        if (!role) co_return refused(unknown_role(), request);
        const auto user = co_await parts->accounts->add(std::move(form), *role);
        if (!user) co_return refused({ErrorCode::invalid, text_of(user.error().errors), {}}, request);
        co_return user_response(*user, 201);
    }
};

struct ListUsers {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request&) const {
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        std::optional<UserId> after;
        for (;;) {
            const auto users = co_await parts->accounts->list(after, kUsersAtOnce);
            for (const auto& user : users)
                if (!user.deleted_us) write_user(json, user);
            if (users.size() < static_cast<std::size_t>(kUsersAtOnce)) break;
            after = users.back().id;
        }
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct ChangeUser {
    Parts parts;
    Awaitable<Result<accounts::User>> (accounts::AccountService::*change)(UserId, audit::Actor);

    Awaitable<http::Response> operator()(http::Request& request) const {
        auto named = co_await find_user(*parts, request);
        if (!named) co_return refused(named.error(), request);
        const auto changed = co_await (parts->accounts->*change)(named->id, {});
        if (!changed) co_return refused(changed.error(), request);
        co_return user_response(*changed);
    }
};

struct DeleteUser {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto wish = co_await read_wish(*parts, request);
        if (!wish) co_return refused(wish.error(), request);
        const auto erased = co_await parts->accounts->erase(wish->user.id, wish->body.text_or("hand_over_to", ""));
        if (!erased) co_return refused(erased.error(), request);
        // There is no name left to tell.
        co_return user_response(wish->user);
    }
};

struct SetPassword {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto wish = co_await read_wish(*parts, request);
        if (!wish) co_return refused(wish.error(), request);
        const auto changed =
            co_await parts->accounts->change_password(wish->user.id, wish->body.text_or("password", ""));
        if (!changed) co_return refused(changed.error(), request);
        co_return user_response(*changed);
    }
};

struct SetRole {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto wish = co_await read_wish(*parts, request);
        if (!wish) co_return refused(wish.error(), request);
        const auto role = access::known_role(wish->body.text_or("role", ""));
        if (!role) co_return refused(unknown_role(), request);
        const auto changed = co_await parts->accounts->set_role(wish->user.id, *role);
        if (!changed) co_return refused(changed.error(), request);
        co_return user_response(*changed);
    }
};

struct MakeToken {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto wish = co_await read_wish(*parts, request);
        if (!wish) co_return refused(wish.error(), request);
        accounts::ApiTokenWish token;
        token.user = wish->user.id;
        token.name = wish->body.text_or("name", "");
        token.scopes = wish->body.text_or("scopes", "");
        token.days = std::nullopt;
        if (const auto days = wish->body.integer_or("days", 0); days != 0) token.days = days;
        const auto made = co_await parts->api_tokens->make(std::move(token));
        if (!made) co_return refused(made.error(), request);
        JsonWriter json;
        json.begin_object().member("token", made->token).key("api_token");
        accounts::write(json, made->row);
        json.end_object();
        co_return http::json_response(json.take(), 201);
    }
};

struct ListTokens {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        auto named = co_await find_user(*parts, request);
        if (!named) co_return refused(named.error(), request);
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& token : co_await parts->api_tokens->list(named->id)) accounts::write(json, token);
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct RevokeToken {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = accounts::ApiTokenId::parse(request.head.path.find("id").value_or(""));
        if (id && co_await parts->api_tokens->end(*id, std::nullopt)) co_return http::no_content();
        co_return refused({ErrorCode::not_found, "There is no such token; `movio token list USER` shows them", {}},
                          request);
    }
};

struct Resync {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request&) const {
        co_await parts->api_tokens->resync();
        co_await parts->groups->resync();
        co_await parts->trail->record({.by = {}, .action = "command.resync"});
        JsonWriter json;
        json.begin_object().member("users", co_await parts->accounts->resync()).end_object();
        co_return http::json_response(json.take());
    }
};

struct RotateKeys {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        if (auto done = co_await parts->rotate_keys(); !done) co_return refused(done.error(), request);
        co_await parts->trail->record({.by = {}, .action = "keys.rotated"});
        const auto keys = parts->keys->keys();
        JsonWriter json;
        json.begin_object()
            .member("key", keys->front().id)
            .member("older", static_cast<std::int64_t>(keys->size() - 1))
            .end_object();
        co_return http::json_response(json.take());
    }
};

}  // namespace

void add_admin_user_endpoints(http::Router& router, AdminUserParts given) {
    using accounts::AccountService;
    using http::Method;
    const auto parts = std::make_shared<const AdminUserParts>(std::move(given));
    router.add(http::make_raw_endpoint(with_json_body(admin_endpoint(Method::post, "/admin/users", "Adds a user.")),
                                       AddUser{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(Method::get, "/admin/users", "Every user."), ListUsers{parts}));
    const auto add_change = [&](const char* action, auto change) {
        router.add(http::make_raw_endpoint(
            admin_endpoint(Method::post, std::string("/admin/users/{name}/") + action, "Changes a user."),
            ChangeUser{parts, change}));
    };
    add_change("disable", &AccountService::disable);
    add_change("enable", &AccountService::enable);
    add_change("logout", &AccountService::log_out_everywhere);
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/users/{name}/delete", "Deletes a user.")),
        DeleteUser{parts}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/users/{name}/tokens", "Makes a token for a program.")),
        MakeToken{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::get, "/admin/users/{name}/tokens", "A user's tokens for programs."), ListTokens{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::post, "/admin/tokens/{id}/revoke", "Takes a token for programs back."),
        RevokeToken{parts}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/users/{name}/password", "Sets a password.")),
        SetPassword{parts}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/users/{name}/role", "Sets a role.")), SetRole{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::post, "/admin/users-resync", "Tells of every user again."), Resync{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(Method::post, "/admin/keys/rotate", "A new key signs."),
                                       RotateKeys{parts}));
}

}  // namespace movio::app
