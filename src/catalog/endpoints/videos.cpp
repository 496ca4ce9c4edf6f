#include "catalog/endpoints/videos.hpp"

#include <fmt/format.h>

#include "audit/endpoints/actor_of.hpp"
#include "base/limits.hpp"
#include "catalog/endpoints/viewer_of.hpp"
#include "catalog/licence.hpp"
#include "catalog/video_text.hpp"
#include "http/endpoint.hpp"

namespace movio::catalog {

void add_event_endpoints(http::Router& router, Catalog& catalog);

namespace {

using http::EndpointDescription;
using http::Method;

constexpr int kPageMax = 100;

EndpointDescription described(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "videos";
    return description;
}

EndpointDescription for_owners(Method method, std::string path, std::string summary) {
    auto description = described(method, std::move(path), std::move(summary));
    description.access = http::Access::user;
    description.rate = http::RateClass::write;
    description.errors = {ErrorCode::invalid, ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::not_found,
                          ErrorCode::conflict};
    return description;
}

std::unexpected<Error> no_such_video(VideoId id) {
    return fail(ErrorCode::not_found, fmt::format("There is no video {}", id.text()));
}

struct GetVideo {
    struct Input {
        VideoId id;
    };
    using Output = VideoView;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/videos/{id}",
                                     "One film: what it is, how far it is made, and where it plays.");
        description.answers = {{200, "The film.", "Video"}};
        description.errors = {ErrorCode::not_found, ErrorCode::invalid};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }
    static void write(JsonWriter& json, const Output& output) { catalog::write(json, output); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        auto view = co_await catalog_->find(viewer_of(context), input.id);
        if (!view) co_return no_such_video(input.id);
        co_return std::move(*view);
    }

    Catalog* catalog_;
};

struct ListVideos {
    struct Input {
        std::optional<std::string> cursor;
        int limit = 24;
        std::optional<std::string> owner;
        bool trash = false;
    };
    using Output = VideoPage;

    static EndpointDescription describe() {
        auto description =
            described(Method::get, "/api/v2/videos", "The films that one may see, newest first, a page at a time.");
        description.answers = {{200, "A page of films.", "VideoPage"}};
        description.errors = {ErrorCode::invalid, ErrorCode::unauthorized};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
                http::in_query("limit", &Input::limit, {.min = 1, .max = kPageMax, .help = "Films on a page."}),
                http::in_query("owner", &Input::owner,
                               {.one_of = {"me"}, .help = "`me`: one's own films alone, in every state."}),
                http::in_query("trash", &Input::trash, {.help = "`true`: what lies in one's trash."})};
    }
    static void write(JsonWriter& json, const Output& page) {
        json.begin_object().key("items").begin_array();
        for (const auto& item : page.items) catalog::write(json, item);
        json.end_array().member("next", page.next).end_object();
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        VideoListQuery query;
        query.cursor = std::move(input.cursor);
        query.limit = input.limit;
        if (input.owner) query.choice = VideoChoice::own;
        if (input.trash) query.choice = VideoChoice::trash;
        if (query.choice != VideoChoice::listed && !context.caller)
            co_return fail(ErrorCode::unauthorized, "Log in to see films of your own");
        co_return co_await catalog_->list(viewer_of(context), std::move(query));
    }

    Catalog* catalog_;
};

struct ChangeVideo {
    struct Input {
        VideoId id;
        std::optional<std::string> title;
        std::optional<std::string> description;
        std::optional<std::string> visibility;
        std::optional<std::string> licence;
        std::optional<std::string> attribution;
        std::optional<std::vector<std::string>> shared_with;
        std::optional<std::vector<std::string>> groups;
    };
    using Output = VideoView;

    static EndpointDescription describe() {
        auto description = for_owners(Method::patch, "/api/v2/videos/{id}",
                                      "Changes what is said of a film, or who may see it; what is left out stays.");
        description.body = http::BodyKind::json;
        description.answers = {{200, "The film.", "Video"}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_path("id", &Input::id, {.help = "The film's id."}),
            http::in_body("title", &Input::title,
                          {.min = 1, .max = kTitleCharactersMax, .help = "More than white space."}),
            http::in_body("description", &Input::description,
                          {.max = kDescriptionCharactersMax, .help = "Plain text; may be empty."}),
            http::in_body(
                "visibility", &Input::visibility,
                {.one_of = {kVisibilities.begin(), kVisibilities.end()},
                 .help = "Internal: whoever is logged in; group: members of its groups; shared: those whom it is "
                         "shared with; unlisted: whoever has the address; private: the owner alone."}),
            http::in_body("licence", &Input::licence,
                          {.one_of = licence_choices(),
                           .help = "What others may do with it: an SPDX identifier, `all-rights-reserved`, or empty."}),
            http::in_body("attribution", &Input::attribution,
                          {.max = kAttributionCharactersMax, .help = "Whom those who show it name; may be empty."}),
            http::in_body("shared_with", &Input::shared_with,
                          {.max = limits::kSharedWithMax,
                           .help = "E-mail addresses of those whom it is shared with, all of them."}),
            http::in_body("groups", &Input::groups,
                          {.max = limits::kFilmGroupsMax,
                           .help = "Ids of the groups that it is for, all of them; of groups that the caller is in, or "
                                   "any, where that is an admin."})};
    }
    static void write(JsonWriter& json, const Output& output) { catalog::write(json, output); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        VideoChange change{std::move(input.title),   std::move(input.description), std::move(input.visibility),
                           std::move(input.licence), std::move(input.attribution), std::move(input.shared_with),
                           std::move(input.groups)};
        const auto changed =
            co_await edits_->change(viewer_of(context), input.id, std::move(change), audit::actor_of(context));
        if (!changed) co_return std::unexpected(changed.error());
        auto view = co_await catalog_->find(viewer_of(context), input.id);
        if (!view) co_return no_such_video(input.id);
        co_return std::move(*view);
    }

    Catalog* catalog_;
    FilmEdits* edits_;
};

struct TrashVideo {
    struct Input {
        VideoId id;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = for_owners(Method::del, "/api/v2/videos/{id}",
                                      "Puts a film into the trash, from where it can be restored for some days.");
        description.answers = {{204, "It is in the trash; nobody sees it any more."}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await edits_->trash(viewer_of(context), input.id, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    FilmEdits* edits_;
};

struct RestoreVideo {
    struct Input {
        VideoId id;
    };
    using Output = VideoView;

    static EndpointDescription describe() {
        auto description =
            for_owners(Method::post, "/api/v2/videos/{id}/restore", "Takes a film out of the trash, as it was.");
        description.answers = {{200, "The film.", "Video"}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }
    static void write(JsonWriter& json, const Output& output) { catalog::write(json, output); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await edits_->restore(viewer_of(context), input.id, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        auto view = co_await catalog_->find(viewer_of(context), input.id);
        if (!view) co_return no_such_video(input.id);
        co_return std::move(*view);
    }

    Catalog* catalog_;
    FilmEdits* edits_;
};

// What the page offers, and begins with.
struct ListVisibilities {
    struct Input {};
    using Output = VisibilityChoice;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/visibilities",
                                     "Who may see a film: what the caller can choose, and the default.");
        description.answers = {{200, "The levels, and the groups that a film can be for.", "VisibilityChoice"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& choice) {
        json.begin_object().key("items").begin_array();
        for (const auto& level : choice.levels) json.value(level);
        json.end_array().member("default", choice.fallback).key("groups").begin_array();
        for (const auto& group : choice.groups) catalog::write(json, group);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { headers.set("Cache-Control", "no-store"); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext& context) {
        co_return co_await catalog_->choices(viewer_of(context), defaults_);
    }

    Catalog* catalog_;
    DefaultVisibility defaults_;
};

}  // namespace

void add_video_endpoints(http::Router& router, Catalog& catalog, FilmEdits& edits, DefaultVisibility defaults) {
    router.add(http::make_endpoint(ListVideos{&catalog}));
    router.add(http::make_endpoint(GetVideo{&catalog}));
    router.add(http::make_endpoint(ChangeVideo{&catalog, &edits}));
    router.add(http::make_endpoint(TrashVideo{&edits}));
    router.add(http::make_endpoint(RestoreVideo{&catalog, &edits}));
    router.add(http::make_endpoint(ListVisibilities{&catalog, std::move(defaults)}));
    add_event_endpoints(router, catalog);
}

}  // namespace movio::catalog
