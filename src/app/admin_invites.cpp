#include "app/admin_invites.hpp"

#include "accounts/endpoints/invites.hpp"
#include "app/admin_endpoint.hpp"

namespace movio::app {
namespace {

struct MakeInvite {
    accounts::Invites* invites;
    std::function<std::string()> address;

    Awaitable<http::Response> operator()(http::Request& request) const {
        static const auto kDescription = with_json_body({});
        const auto body = co_await http::read_json(request, kDescription);
        if (!body) co_return http::problem_response(body.error(), request.context.request_id);
        accounts::InviteWish wish;
        wish.role = access::role_from_text(body->text_or("role", ""));
        if (auto email = body->text_or("email", ""); !email.empty()) wish.email = std::move(email);
        wish.days = body->integer_or("days", wish.days);
        const auto made = co_await invites->make(std::move(wish));
        if (!made) co_return http::problem_response(made.error(), request.context.request_id);
        JsonWriter json;
        json.begin_object().member("url", accounts::invite_page(address(), made->token)).key("invite");
        accounts::write(json, made->invite);
        json.end_object();
        co_return http::json_response(json.take(), 201);
    }
};

struct ListInvites {
    accounts::Invites* invites;

    Awaitable<http::Response> operator()(http::Request&) const {
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& invite : co_await invites->list()) accounts::write(json, invite);
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct RevokeInvite {
    accounts::Invites* invites;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = accounts::InviteId::parse(request.head.path.find("id").value_or(""));
        Result<void> done = fail(ErrorCode::not_found, "There is no such invitation; `movio user invites` shows them");
        if (id) done = co_await invites->revoke(*id);
        if (!done) co_return http::problem_response(done.error(), request.context.request_id);
        co_return http::no_content();
    }
};

}  // namespace

void add_admin_invite_endpoints(http::Router& router, accounts::Invites& invites,
                                std::function<std::string()> address) {
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(http::Method::post, "/admin/invites", "Invites somebody.")),
        MakeInvite{&invites, std::move(address)}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::get, "/admin/invites", "Invitations that still count."), ListInvites{&invites}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::post, "/admin/invites/{id}/revoke", "Takes an invitation back."),
        RevokeInvite{&invites}));
}

}  // namespace movio::app
