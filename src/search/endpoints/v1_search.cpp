// The searches of the original, for clients that know only them.
#include "base/clock.hpp"
#include "catalog/endpoints/viewer_of.hpp"
#include "http/endpoint.hpp"
#include "http/router.hpp"
#include "search/endpoints/v1_refusal.hpp"
#include "search/search.hpp"
#include "search/v1_query.hpp"

namespace movio::search {

void add_v1_search_endpoints(http::Router& router, Search& search);

namespace {

using http::EndpointDescription;
using http::FieldRules;
using http::ParameterType;
using http::Place;

EndpointDescription describe(std::string path, std::string summary, std::string fields, std::string schema) {
    EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "v1";
    description.rate = http::RateClass::search;
    description.refusal = &v1_search_refusal;
    description.refusal_schema = "V1SearchRefusal";
    const auto add = [&description](const char* name, ParameterType type, std::string help) {
        FieldRules rules;
        rules.help = std::move(help);
        description.parameters.push_back({name, Place::query, type, std::move(rules)});
    };
    add("search", ParameterType::text_list,
        "Words, any of which may be there; `field:words` looks in one field (" + fields + "). May repeat.");
    add("ordering", ParameterType::text, "`created_at` or `-created_at`, which is the rule.");
    add("ids", ParameterType::text_list, "Ids with `__` between them.");
    for (const char* name : {"created_at__gte", "created_at__gt", "created_at__lte", "created_at__lt"})
        add(name, ParameterType::text, "A time in ISO 8601; UTC unless it says otherwise.");
    add("created_at__range", ParameterType::text, "Two times with `__` between them.");
    description.answers = {{200, "At most ten, newest first.", std::move(schema)}};
    description.errors = {ErrorCode::invalid};
    return description;
}

std::vector<std::pair<std::string, std::string>> parameters_of(const http::Request& request) {
    return {request.head.query.begin(), request.head.query.end()};
}

struct SearchFilms {
    static EndpointDescription description() {
        return describe("/api/v1/app/search/video-metadata/", "Finds films by words of title and description.",
                        "title, description", "V1FoundVideos");
    }

    Awaitable<http::Response> operator()(http::Request& request) {
        auto query = parse_v1(parameters_of(request), film_fields());
        if (!query) co_return http::refuse(description(), query.error(), request.context);
        std::vector<catalog::Video> films;
        if (*query) films = co_await search_->films(std::move(**query), catalog::viewer_of(request.context));
        JsonWriter json;
        json.begin_array();
        for (const auto& film : films) {
            std::optional<std::string> description;  // null where there is none, as in the original
            if (!film.description.empty()) description = film.description;
            json.begin_object()
                .member("id", film.id.text())
                .member("title", film.title)
                .member("description", description)
                .member("created_at", rfc3339(film.created_us))
                .member("updated_at", rfc3339(film.updated_us))
                .member("video_id", film.id.text())
                .end_object();
        }
        json.end_array();
        co_return http::json_response(json.take());
    }

    Search* search_;
};

struct SearchSubtitles {
    static EndpointDescription description() {
        return describe("/api/v1/app/search/subtitle/", "Finds subtitles by words and by language.",
                        "language, content", "V1FoundSubtitles");
    }

    Awaitable<http::Response> operator()(http::Request& request) {
        auto query = parse_v1(parameters_of(request), track_fields());
        if (!query) co_return http::refuse(description(), query.error(), request.context);
        std::vector<FoundTrack> tracks;
        if (*query) tracks = co_await search_->tracks(std::move(**query), catalog::viewer_of(request.context));
        JsonWriter json;
        json.begin_array();
        for (const auto& track : tracks)
            json.begin_object()
                .member("id", track.track.text())
                .member("language", track.language)
                .member("content", track.content)
                .member("created_at", rfc3339(track.created_us))
                .member("updated_at", rfc3339(track.updated_us))
                .member("video_id", track.video.text())
                .member("start_ms", track.start_ms)
                .end_object();
        json.end_array();
        co_return http::json_response(json.take());
    }

    Search* search_;
};

}  // namespace

void add_v1_search_endpoints(http::Router& router, Search& search) {
    router.add(http::make_raw_endpoint(SearchFilms::description(), SearchFilms{&search}));
    router.add(http::make_raw_endpoint(SearchSubtitles::description(), SearchSubtitles{&search}));
}

}  // namespace movio::search
