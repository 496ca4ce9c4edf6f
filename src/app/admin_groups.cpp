#include "app/admin_groups.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "accounts/email_address.hpp"
#include "app/admin_endpoint.hpp"
#include "base/limits.hpp"

namespace movio::app {
namespace {

using accounts::Group;
using accounts::Groups;

Awaitable<Result<JsonView>> body_of(http::Request& request) {
    static const auto kDescription = with_json_body({});
    return http::read_json(request, kDescription);
}

http::Response refused(const Error& error, const http::Request& request) {
    return http::problem_response(error, request.context.request_id);
}

Awaitable<Result<Group>> named_group(Groups* groups, const http::Request& request) {
    return groups->find_named(std::string(request.head.path.find("group").value_or("")));
}

template <class Item>
http::Response one_item(const Item& item, int status = 200) {
    JsonWriter json;
    accounts::write(json, item);
    return http::json_response(json.take(), status);
}

template <class Item>
http::Response all_items(const std::vector<Item>& items) {
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& item : items) accounts::write(json, item);
    json.end_array().end_object();
    return http::json_response(json.take());
}

struct AddGroup {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto body = co_await body_of(request);
        if (!body) co_return refused(body.error(), request);
        const auto made = co_await groups->make(body->text_or("name", ""), body->text_or("kind", "group"),
                                                body->text_or("external_name", ""));
        if (!made) co_return refused(made.error(), request);
        co_return one_item(*made, 201);
    }
};

struct ListGroups {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request&) const { co_return all_items(co_await groups->list()); }
};

struct DeleteGroup {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto done = co_await groups->remove(group->id);
        if (!done) co_return refused(done.error(), request);
        co_return one_item(*group);
    }
};

struct ChangeGroup {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto body = co_await body_of(request);
        if (!body) co_return refused(body.error(), request);
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto given = [&body](std::string_view name) {
            const auto member = body->find(name);
            const auto text = member ? member->text() : std::nullopt;
            return text ? std::optional(std::string(*text)) : std::nullopt;
        };
        const auto changed = co_await groups->change(group->id, {given("name"), given("kind"), given("external_name")});
        if (!changed) co_return refused(changed.error(), request);
        co_return one_item(*changed);
    }
};

struct ListMembers {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto members = co_await groups->members(group->id);
        if (!members) co_return refused(members.error(), request);
        co_return all_items(*members);
    }
};

struct AddMember {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto body = co_await body_of(request);
        if (!body) co_return refused(body.error(), request);
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto added = co_await groups->add_member(group->id, body->text_or("email", ""));
        if (!added) co_return refused(added.error(), request);
        co_return one_item(*added, 201);
    }
};

struct RemoveMember {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto body = co_await body_of(request);
        if (!body) co_return refused(body.error(), request);
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto members = co_await groups->members(group->id);
        if (!members) co_return refused(members.error(), request);
        const auto email = body->text_or("email", "");
        const auto found = std::ranges::find(*members, accounts::email_key(email),
                                             [](const auto& member) { return accounts::email_key(member.email); });
        if (found == members->end())
            co_return refused({ErrorCode::not_found, fmt::format("The group has no member '{}'", email), {}}, request);
        const auto done = co_await groups->remove_member(group->id, found->user);
        if (!done) co_return refused(done.error(), request);
        co_return one_item(*found);
    }
};

struct ImportMembers {
    Groups* groups;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto body = co_await body_of(request);
        if (!body) co_return refused(body.error(), request);
        const auto group = co_await named_group(groups, request);
        if (!group) co_return refused(group.error(), request);
        const auto put = co_await groups->put_members(group->id, body->text_or("csv", ""));
        if (!put) co_return refused(put.error(), request);
        JsonWriter json;
        json.begin_object()
            .member("name", group->name)
            .member("members", put->members)
            .member("added", put->added)
            .member("removed", put->removed)
            .end_object();
        co_return http::json_response(json.take());
    }
};

}  // namespace

void add_admin_group_endpoints(http::Router& router, Groups& groups) {
    using http::Method;
    router.add(
        http::make_raw_endpoint(admin_endpoint(Method::get, "/admin/groups", "Every group."), ListGroups{&groups}));
    router.add(http::make_raw_endpoint(with_json_body(admin_endpoint(Method::post, "/admin/groups", "Makes a group.")),
                                       AddGroup{&groups}));
    router.add(http::make_raw_endpoint(admin_endpoint(Method::post, "/admin/groups/{group}/delete", "Deletes a group."),
                                       DeleteGroup{&groups}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/groups/{group}/change", "Calls a group otherwise.")),
        ChangeGroup{&groups}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(Method::get, "/admin/groups/{group}/members", "Who is in a group."), ListMembers{&groups}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/groups/{group}/members", "Takes somebody in.")),
        AddMember{&groups}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/groups/{group}/remove-member", "Takes somebody out.")),
        RemoveMember{&groups}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(Method::post, "/admin/groups/{group}/import", "Puts the members of a list.")),
        ImportMembers{&groups}));
}

}  // namespace movio::app
