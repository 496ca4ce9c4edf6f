#include "search/endpoints/search_endpoints.hpp"

#include "catalog/endpoints/viewer_of.hpp"
#include "http/endpoint.hpp"

namespace movio::search {

void add_v1_search_endpoints(http::Router& router, Search& search);

namespace {

using http::EndpointDescription;

constexpr int kPageMax = 50;

std::string_view to_text(Hit::Field field) {
    switch (field) {
        case Hit::Field::title: return "title";
        case Hit::Field::description: return "description";
        case Hit::Field::caption: return "caption";
    }
    return "";
}

void write_hit(JsonWriter& json, const Hit& hit) {
    const bool timed = hit.field == Hit::Field::caption;
    const auto only_timed = [timed](auto value) { return timed ? std::optional(value) : std::nullopt; };
    json.begin_object()
        .member("field", to_text(hit.field))
        .member("language", only_timed(hit.language))
        .member("start_ms", only_timed(hit.start_ms))
        .member("end_ms", only_timed(hit.end_ms))
        .member("text", hit.text)
        .member("highlight", hit.highlight)
        .end_object();
}

struct SearchLines {
    struct Input {
        std::string q;
        std::optional<std::string> language;
        std::optional<std::string> cursor;
        int limit = 20;
    };
    using Output = FoundPage;

    static EndpointDescription describe() {
        EndpointDescription description;
        description.path = "/api/v2/search";
        description.summary = "Finds films by words of their titles, descriptions and captions, newest first.";
        description.tag = "search";
        description.rate = http::RateClass::search;
        description.answers = {{200, "A page of films, each with the lines found.", "SearchPage"}};
        description.errors = {ErrorCode::invalid};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("q", &Input::q,
                               {.required = true,
                                .max = 200,
                                .help = "Words that stand in one line; the last may be the beginning of one."}),
                http::in_query("language", &Input::language,
                               {.max = 35, .help = "Captions of this language only (BCP 47): `pt` takes `pt-BR`."}),
                http::in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
                http::in_query("limit", &Input::limit, {.min = 1, .max = kPageMax, .help = "Films on a page."})};
    }
    static void write(JsonWriter& json, const Output& page) {
        json.begin_object().key("items").begin_array();
        for (const auto& item : page.items) {
            json.begin_object()
                .key("video")
                .begin_object()
                .member("id", item.video.id.text())
                .member("title", item.video.title)
                .member("poster_url", item.poster_url)
                .member("duration_ms", item.video.duration_ms)
                .end_object()
                .key("hits")
                .begin_array();
            for (const auto& hit : item.hits) write_hit(json, hit);
            json.end_array().end_object();
        }
        json.end_array().member("next", page.next).end_object();
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        LineQuery query;
        query.text = std::move(input.q);
        if (input.language && !input.language->empty()) query.language = std::move(input.language);
        query.cursor = std::move(input.cursor);
        query.limit = input.limit;
        co_return co_await search_->lines(std::move(query), catalog::viewer_of(context));
    }

    Search* search_;
};

}  // namespace

void add_search_endpoints(http::Router& router, Search& search) {
    router.add(http::make_endpoint(SearchLines{&search}));
    add_v1_search_endpoints(router, search);
}

}  // namespace movio::search
