#include <memory>
#include <set>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/timing.hpp"
#include "catalog/endpoints/videos.hpp"
#include "catalog/endpoints/viewer_of.hpp"

namespace movio::catalog {
namespace {

constexpr std::size_t kVideosMax = 100;  // a page lists at most as many

// What changed since the stream looked last. Marked on any thread, read on the stream's own.
struct Changes {
    explicit Changes(asio::any_io_executor where) : executor(where), signal(where) {}
    asio::any_io_executor executor;
    Signal signal;
    std::set<VideoId> videos;
};

std::string view_json(const VideoView& view) {
    JsonWriter json;
    write(json, view);
    return json.take();
}

// What one listener is told: `video` with each change of a film that the viewer may see, `gone` once when there is none
// or no longer. Of other people's films not even that they change.
struct Teller {
    Catalog& catalog;
    Viewer viewer;
    http::EventSink& sink;
    std::set<VideoId> gone = {};

    Awaitable<bool> tell(VideoId id) {
        const auto view = co_await catalog.find(viewer, id);
        if (view) {
            gone.erase(id);
            co_return sink.send({"video", view_json(*view), {}});
        }
        if (!gone.insert(id).second) co_return true;
        co_return sink.send({"gone", fmt::format("{{\"id\":\"{}\"}}", id.text()), {}});
    }
};

Awaitable<void> stream_changes(Catalog& catalog, Viewer viewer, std::vector<VideoId> videos, http::EventSink& sink) {
    auto changes = std::make_shared<Changes>(co_await asio::this_coro::executor);
    const auto subscription = catalog.watch().subscribe(videos, [weak = std::weak_ptr(changes)](VideoId id) {
        const auto target = weak.lock();
        if (!target) return;
        asio::post(target->executor, [weak, id] {
            const auto alive = weak.lock();
            if (!alive) return;
            alive->videos.insert(id);
            alive->signal.notify();
        });
    });
    Teller teller{catalog, viewer, sink};
    // First the state as it is: nothing that happened before the subscription is missed.
    for (const auto& id : videos)
        if (!co_await teller.tell(id)) co_return;
    while (sink.is_open()) {
        if (changes->videos.empty()) co_await changes->signal.wait_for(std::chrono::seconds(60));
        auto changed = std::exchange(changes->videos, {});
        for (const auto& id : changed)
            if (!co_await teller.tell(id)) co_return;
    }
}

http::Response stream_of(Catalog& catalog, Viewer viewer, std::vector<VideoId> videos) {
    http::Response response;
    http::EventStream stream;
    stream.produce = [&catalog, viewer, videos = std::move(videos)](http::EventSink& sink) {
        return stream_changes(catalog, viewer, videos, sink);
    };
    response.body = std::move(stream);
    return response;
}

struct EventsOfMany {
    Awaitable<http::Response> operator()(http::Request& request) const {
        std::vector<VideoId> videos;
        for (const auto text : request.head.query.all("video")) {
            const auto id = VideoId::parse(text);
            if (!id) co_return refuse(request, fmt::format("'{}' is not the id of a video", text));
            videos.push_back(*id);
        }
        if (videos.empty() || videos.size() > kVideosMax)
            co_return refuse(request, fmt::format("Name 1 to {} videos: /api/v2/events?video=ID&video=ID", kVideosMax));
        co_return stream_of(*catalog, viewer_of(request.context), std::move(videos));
    }
    static http::Response refuse(const http::Request& request, std::string message) {
        return http::problem_response({ErrorCode::invalid, std::move(message), {}}, request.context.request_id);
    }
    Catalog* catalog;
};

struct EventsOfOne {
    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = VideoId::parse(request.head.path.find("id").value_or(""));
        const auto view = id ? co_await catalog->find(viewer_of(request.context), *id) : std::nullopt;
        if (!view) {
            co_return http::problem_response({ErrorCode::not_found, "There is no such video", {}},
                                             request.context.request_id);
        }
        co_return stream_of(*catalog, viewer_of(request.context), {*id});
    }
    Catalog* catalog;
};

http::EndpointDescription described(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "videos";
    description.answers = {{200, "Server-sent events: `video` with the film as data.", "Video"}};
    description.errors = {ErrorCode::invalid};
    return description;
}

}  // namespace

void add_event_endpoints(http::Router& router, Catalog& catalog) {
    auto many =
        described("/api/v2/events", "Tells at once when one of these films changes; one stream for a whole page.");
    many.parameters = {
        {"video", http::Place::query, http::ParameterType::text_list, {.required = true, .help = "Ids of the films."}}};
    router.add(http::make_raw_endpoint(std::move(many), EventsOfMany{&catalog}));
    auto one = described("/api/v2/videos/{id}/events", "Tells at once when this film changes.");
    one.parameters = {
        {"id", http::Place::path, http::ParameterType::uuid, {.required = true, .help = "The film's id."}}};
    router.add(http::make_raw_endpoint(std::move(one), EventsOfOne{&catalog}));
}

}  // namespace movio::catalog
