#include "app/admin_notices.hpp"

#include <memory>

#include "app/admin_endpoint.hpp"
#include "base/clock.hpp"

namespace movio::app {
namespace {

using Parts = std::shared_ptr<const AdminNoticeParts>;

// Without what it says, which may be secret.
void write_members(JsonWriter& json, const Notice& notice) {
    json.member("id", notice.id.text())
        .member("kind", notice.kind)
        .member("to", notice.to)
        .member("language", notice.language)
        .member("expires_at", rfc3339(notice.until_us));
}

std::string notice_detail(const Notice& notice) {
    JsonWriter json;
    json.begin_object().member("notice", notice.id.text()).member("kind", notice.kind).end_object();
    return json.take();
}

struct ListNotices {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request&) const {
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& notice : co_await parts->notices->list()) {
            json.begin_object();
            write_members(json, notice);
            json.end_object();
        }
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct ShowNotice {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = NoticeId::parse(request.head.path.find("id").value_or(""));
        const auto notice = id ? co_await parts->notices->find(*id) : std::nullopt;
        if (!notice)
            co_return http::problem_response(
                {ErrorCode::not_found, "There is no such notice; `movio notices list` shows them", {}},
                request.context.request_id);
        // Whoever has seen the link can open it.
        co_await parts->trail->record({.by = {}, .action = "command.show_notice", .detail = notice_detail(*notice)});
        JsonWriter json;
        json.begin_object();
        write_members(json, *notice);
        json.key("fields").begin_object();
        for (const auto& [name, value] : notice->fields) json.member(name, value);
        json.end_object().end_object();
        co_return http::json_response(json.take());
    }
};

struct ResetPassword {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto named =
            co_await parts->accounts->find_named(std::string(request.head.path.find("name").value_or("")));
        if (!named) co_return http::problem_response(named.error(), request.context.request_id);
        const auto made = co_await parts->resets->make(named->id);
        if (!made) co_return http::problem_response(made.error(), request.context.request_id);
        JsonWriter json;
        json.begin_object()
            .member("email", made->link.email)
            .member("url", accounts::link_page(parts->address(), *made))
            .member("expires_at", rfc3339(made->link.expires_us))
            .end_object();
        co_return http::json_response(json.take(), 201);
    }
};

}  // namespace

void add_admin_notice_endpoints(http::Router& router, AdminNoticeParts given) {
    using http::Method;
    const auto parts = std::make_shared<const AdminNoticeParts>(std::move(given));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::get, "/admin/notices", "Notices that no mail could carry, newest first."),
        ListNotices{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::get, "/admin/notices/{id}", "One of them, with its link."), ShowNotice{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(Method::post, "/admin/users/{name}/reset-password",
                                                      "Makes a link by which a user sets a new password."),
                                       ResetPassword{parts}));
}

}  // namespace movio::app
