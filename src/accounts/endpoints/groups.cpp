#include "accounts/endpoints/groups.hpp"

#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
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
    description.tag = "groups";
    description.access = http::Access::admin;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden};
    if (description.path.contains('{')) description.errors.push_back(ErrorCode::not_found);
    return description;
}

http::FieldRules name_rules(bool required) {
    return {.required = required, .min = 1, .max = limits::kGroupNameMax, .help = "No two groups have the same."};
}

http::FieldRules kind_rules() {
    return {.one_of = {kGroupKinds.begin(), kGroupKinds.end()}, .help = "What it is; for people alone."};
}

http::FieldRules external_name_rules() {
    return {.max = static_cast<std::int64_t>(limits::kOutsideNameMax),
            .help = "What it is called by the OpenID provider or the proxy by which people log in. Empty: nothing."};
}

http::FieldRules id_rules() { return {.help = "The group's id."}; }

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

template <class Item>
void write_items(JsonWriter& json, const std::vector<Item>& items) {
    json.begin_object().key("items").begin_array();
    for (const auto& item : items) accounts::write(json, item);
    json.end_array().end_object();
}

struct ListGroups {
    struct Input {};
    using Output = std::vector<Group>;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/groups", "Every group, by name.");
        description.answers = {{200, "All of them.", "GroupList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& output) { write_items(json, output); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) { co_return co_await groups->list(); }

    Groups* groups;
};

struct MakeGroup {
    struct Input {
        std::string name;
        std::string kind = "group";
        std::string external_name;
    };
    using Output = Group;

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/groups", "Makes a group, which has no members yet.");
        description.answers = {{201, "The group.", "Group"}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_body("name", &Input::name, name_rules(true)),
                http::in_body("kind", &Input::kind, kind_rules()),
                http::in_body("external_name", &Input::external_name, external_name_rules())};
    }
    static void write(JsonWriter& json, const Output& group) { accounts::write(json, group); }
    static int status(const Output&) { return 201; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await groups->make(std::move(input.name), std::move(input.kind), std::move(input.external_name),
                                        audit::actor_of(context));
    }

    Groups* groups;
};

struct ChangeGroup {
    struct Input {
        GroupId id;
        std::optional<std::string> name;
        std::optional<std::string> kind;
        std::optional<std::string> external_name;
    };
    using Output = Group;

    static EndpointDescription describe() {
        auto description =
            described(Method::patch, "/api/v2/groups/{id}", "Changes what a group is called; what is left out stays.");
        description.body = http::BodyKind::json;
        description.answers = {{200, "The group.", "Group"}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, id_rules()), http::in_body("name", &Input::name, name_rules(false)),
                http::in_body("kind", &Input::kind, kind_rules()),
                http::in_body("external_name", &Input::external_name, external_name_rules())};
    }
    static void write(JsonWriter& json, const Output& group) { accounts::write(json, group); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await groups->change(
            input.id, {std::move(input.name), std::move(input.kind), std::move(input.external_name)},
            audit::actor_of(context));
    }

    Groups* groups;
};

struct DeleteGroup {
    struct Input {
        GroupId id;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = described(Method::del, "/api/v2/groups/{id}", "Deletes a group; its members stay users.");
        description.answers = {{204, "Films are not for it any more.", ""}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, id_rules())}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await groups->remove(input.id, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    Groups* groups;
};

struct ListMembers {
    struct Input {
        GroupId id;
    };
    using Output = std::vector<GroupMember>;

    static EndpointDescription describe() {
        auto description =
            described(Method::get, "/api/v2/groups/{id}/members", "Who is in a group, by e-mail address.");
        description.answers = {{200, "All of them.", "GroupMemberList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, id_rules())}; }
    static void write(JsonWriter& json, const Output& output) { write_items(json, output); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        co_return co_await groups->members(input.id);
    }

    Groups* groups;
};

struct AddMember {
    struct Input {
        GroupId id;
        std::string email;
    };
    using Output = GroupMember;

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/groups/{id}/members", "Takes somebody into a group.");
        description.answers = {{201, "They are in it, perhaps were before.", "GroupMember"}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, id_rules()),
                http::in_body("email", &Input::email,
                              {.required = true, .max = limits::kEmailCharactersMax, .help = "Of a user."})};
    }
    static void write(JsonWriter& json, const Output& member) { accounts::write(json, member); }
    static int status(const Output&) { return 201; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await groups->add_member(input.id, std::move(input.email), audit::actor_of(context));
    }

    Groups* groups;
};

struct PutMembers {
    struct Input {
        GroupId id;
        std::string csv;
    };
    using Output = MembersPut;

    static EndpointDescription describe() {
        auto description = described(Method::put, "/api/v2/groups/{id}/members",
                                     "Makes those of a list the members of a group, and nobody else.");
        description.answers = {{200, "It is so; how many came and went.", "MembersPut"}};
        description.errors.push_back(ErrorCode::invalid);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, id_rules()),
                http::in_body("csv", &Input::csv,
                              {.required = true,
                               .help = "A list in CSV with a column `email`. Where it names somebody who is not here, "
                                       "nothing is changed."})};
    }
    static void write(JsonWriter& json, const Output& put) {
        json.begin_object()
            .member("members", put.members)
            .member("added", put.added)
            .member("removed", put.removed)
            .end_object();
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await groups->put_members(input.id, std::move(input.csv), audit::actor_of(context));
    }

    Groups* groups;
};

struct RemoveMember {
    struct Input {
        GroupId id;
        UserId user;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description =
            described(Method::del, "/api/v2/groups/{id}/members/{user}", "Takes somebody out of a group.");
        description.answers = {{204, "They see its films no more.", ""}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, id_rules()),
                http::in_path("user", &Input::user, {.help = "The member's id."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await groups->remove_member(input.id, input.user, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    Groups* groups;
};

}  // namespace

void add_group_endpoints(http::Router& router, Groups& groups) {
    router.add(http::make_endpoint(ListGroups{&groups}));
    router.add(http::make_endpoint(MakeGroup{&groups}));
    router.add(http::make_endpoint(ChangeGroup{&groups}));
    router.add(http::make_endpoint(DeleteGroup{&groups}));
    router.add(http::make_endpoint(ListMembers{&groups}));
    router.add(http::make_endpoint(AddMember{&groups}));
    router.add(http::make_endpoint(PutMembers{&groups}));
    router.add(http::make_endpoint(RemoveMember{&groups}));
}

}  // namespace movio::accounts
