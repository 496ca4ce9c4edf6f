#include "embedding/endpoints/oembed.hpp"

#include "embedding/oembed.hpp"
#include "http/endpoint.hpp"

namespace movio::embedding {
namespace {

constexpr std::int64_t kUrlCharactersMax = 2000;
constexpr std::int64_t kPixelsMax = 100'000;

struct Oembed {
    struct Input {
        std::string url;
        std::string format = "json";
        std::optional<std::int64_t> maxwidth;
        std::optional<std::int64_t> maxheight;
    };

    static http::Fields<Input> fields() {
        return {http::in_query("url", &Input::url,
                               {.required = true, .max = kUrlCharactersMax, .help = "Of a film's page."}),
                http::in_query("format", &Input::format, {.one_of = {"json", "xml"}, .help = "json if not said."}),
                http::in_query("maxwidth", &Input::maxwidth, {.min = 1, .max = kPixelsMax, .help = "In pixels."}),
                http::in_query("maxheight", &Input::maxheight, {.min = 1, .max = kPixelsMax, .help = "In pixels."})};
    }
    static http::EndpointDescription describe() {
        http::EndpointDescription description;
        description.path = "/oembed";
        description.summary = "How a page of somebody else shows a film (oEmbed 1.0).";
        description.tag = "embedding";
        description.cross_origin = http::CrossOrigin::media;
        description.answers = {{200, "The player as HTML, and a picture.", "Oembed"}, {200, "", "", "text/xml"}};
        description.errors = {ErrorCode::invalid, ErrorCode::not_found};
        for (const auto& field : fields()) description.parameters.push_back(field.parameter);
        return description;
    }

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto& context = request.context;
        Input input;
        const auto problems = http::bind_fields(fields(), input, request.head.path, request.head.query, std::nullopt);
        if (!problems.empty())
            co_return http::refuse(description, {.error = http::invalid_input(problems), .fields = problems}, context);
        const auto id = film_at(input.url, context.base_url);
        std::optional<catalog::VideoView> film;
        if (id && !login_required) film = co_await catalog->find({}, *id);
        if (!film)
            co_return http::refuse(description, Error{ErrorCode::not_found, "There is no film at this address", {}},
                                   context);
        const auto card = card_of(*film, context.base_url);
        const OembedBounds bounds{input.maxwidth, input.maxheight};
        if (input.format == "xml")
            co_return http::text_response(200, "text/xml; charset=utf-8", oembed_xml(card, bounds, context.base_url));
        co_return http::json_response(oembed_json(card, bounds, context.base_url));
    }

    catalog::Catalog* catalog;
    bool login_required;
    http::EndpointDescription description = describe();
};

}  // namespace

void add_oembed_endpoint(http::Router& router, catalog::Catalog& catalog, bool login_required) {
    router.add(http::make_raw_endpoint(Oembed::describe(), Oembed{&catalog, login_required}));
}

}  // namespace movio::embedding
