#include "catalog/endpoints/videos.hpp"

#include <fmt/format.h>

#include "catalog/endpoints/viewer_of.hpp"
#include "http/endpoint.hpp"

namespace movio::catalog {

void add_event_endpoints(http::Router& router, Catalog& catalog);

namespace {

using http::EndpointDescription;
using http::Method;

constexpr int kPageMax = 100;

struct GetVideo {
    struct Input {
        VideoId id;
    };
    using Output = VideoView;

    static EndpointDescription describe() {
        EndpointDescription description;
        description.path = "/api/v2/videos/{id}";
        description.summary = "One film: what it is, how far it is made, and where it plays.";
        description.tag = "videos";
        description.answers = {{200, "The film.", "Video"}};
        description.errors = {ErrorCode::not_found, ErrorCode::invalid};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }
    static void write(JsonWriter& json, const Output& output) { catalog::write(json, output); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        auto view = co_await catalog_->find(viewer_of(context), input.id);
        if (!view) co_return fail(ErrorCode::not_found, fmt::format("There is no video {}", input.id.text()));
        co_return std::move(*view);
    }

    Catalog* catalog_;
};

struct ListVideos {
    struct Input {
        std::optional<std::string> cursor;
        int limit = 24;
    };
    using Output = VideoPage;

    static EndpointDescription describe() {
        EndpointDescription description;
        description.path = "/api/v2/videos";
        description.summary = "The films, newest first, a page at a time.";
        description.tag = "videos";
        description.answers = {{200, "A page of films.", "VideoPage"}};
        description.errors = {ErrorCode::invalid};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
                http::in_query("limit", &Input::limit, {.min = 1, .max = kPageMax, .help = "Films on a page."})};
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
        co_return co_await catalog_->list(viewer_of(context), std::move(query));
    }

    Catalog* catalog_;
};

}  // namespace

void add_video_endpoints(http::Router& router, Catalog& catalog) {
    router.add(http::make_endpoint(ListVideos{&catalog}));
    router.add(http::make_endpoint(GetVideo{&catalog}));
    add_event_endpoints(router, catalog);
}

}  // namespace movio::catalog
