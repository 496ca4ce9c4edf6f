#include "embedding/endpoints/pages.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "embedding/markup.hpp"
#include "embedding/page_head.hpp"
#include "http/endpoint.hpp"
#include "http/origin.hpp"
#include "http/static_files.hpp"

namespace movio::embedding {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::size_t kEtagLength = 32;
constexpr std::string_view kHeadEnd = "</head>";
constexpr std::string_view kFilmBegin = R"(<script type="application/json" id="film">)";
constexpr std::string_view kFilmEnd = "</script>";

// A page that is cut where something is put in.
struct CutPage {
    std::string_view before;
    std::string_view behind;
    std::string with(std::string_view text) const { return fmt::format("{}{}{}", before, text, behind); }
};

std::size_t place_of(std::string_view page, std::string_view mark, std::size_t from = 0) {
    const auto at = page.find(mark, from);
    if (at == std::string_view::npos)
        throw Failure(fmt::format("a page of the web app lacks '{}': build the web app anew", mark));
    return at;
}

// At the end of its head.
CutPage cut_in_head(std::string_view page) {
    const auto at = place_of(page, kHeadEnd);
    return {page.substr(0, at), page.substr(at)};
}

// Where the film's JSON belongs, without what is there.
CutPage cut_at_film(std::string_view page) {
    const auto begin = place_of(page, kFilmBegin) + kFilmBegin.size();
    return {page.substr(0, begin), page.substr(place_of(page, kFilmEnd, begin))};
}

http::EndpointDescription described(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.cross_origin = http::CrossOrigin::none;
    return description;
}

using SeenFilm = std::optional<catalog::VideoView>;

// What a stranger sees of the film in the path.
Awaitable<SeenFilm> film_for_strangers(catalog::Catalog& catalog, const http::Request& request, bool login_required) {
    const auto id = VideoId::parse(request.head.path.find("id").value_or(""));
    if (!id || login_required) co_return std::nullopt;
    co_return co_await catalog.find({}, *id);
}

struct WatchPage {
    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto& base_url = request.context.base_url;
        const auto film = co_await film_for_strangers(*catalog, request, login_required);
        auto html = page.with(film ? page_head(card_of(*film, base_url), base_url) : "");
        http::Response response;
        response.headers.set("Content-Type", kHtml);
        response.headers.set("ETag", fmt::format("\"{}\"", sha256_hex(as_bytes(html)).substr(0, kEtagLength)));
        response.headers.set("Cache-Control", "no-cache");
        response.headers.set("Content-Security-Policy", policy);
        response.headers.set("Referrer-Policy", "same-origin");
        response.body = std::move(html);
        co_return response;
    }

    catalog::Catalog* catalog;
    CutPage page;
    std::string policy;
    bool login_required;
};

// The player alone.
struct EmbedPage {
    http::Response answer(const SeenFilm& film, std::string_view ancestors) const {
        std::string json = "null";
        if (film) {
            JsonWriter writer;
            catalog::write(writer, *film);
            json = inside_script(writer.take());
        }
        auto response = http::text_response(film ? 200 : 404, kHtml, page.with(json));
        // It holds addresses of the film that may be for this viewer alone.
        response.headers.set("Cache-Control", "no-store");
        response.headers.set("Content-Security-Policy", http::page_policy(media_origin, ancestors));
        // Its own address may be a secret.
        response.headers.set("Referrer-Policy", "no-referrer");
        response.headers.set("X-Robots-Tag", "noindex");
        return response;
    }
    http::Response nothing() const { return answer(std::nullopt, "*"); }

    CutPage page;
    std::string media_origin;
};

struct OpenEmbed {
    Awaitable<http::Response> operator()(http::Request& request) const {
        co_return page.answer(co_await film_for_strangers(*catalog, request, login_required), "*");
    }

    catalog::Catalog* catalog;
    EmbedPage page;
    bool login_required;
};

// Whether what the browser says of where the page is shown fits the link; what it does not say is no hindrance.
bool comes_from(const http::Headers& headers, const std::vector<std::string>& origins) {
    if (const auto shown_as = headers.find("sec-fetch-dest")) {
        // The page asks for itself anew.
        if (*shown_as == "empty" && headers.find("sec-fetch-site") == "same-origin") return true;
        if (*shown_as != "iframe" && *shown_as != "frame") return false;
    }
    const auto referer = http::origin_of(headers.find("referer").value_or(""));
    return referer.empty() || std::ranges::find(origins, referer) != origins.end();
}

struct LinkEmbed {
    Awaitable<http::Response> operator()(http::Request& request) const {
        if (login_required) co_return page.nothing();
        const auto link = co_await links->find(std::string(request.head.path.find("token").value_or("")));
        if (!link || !comes_from(request.head.headers, link->origins)) co_return page.nothing();
        catalog::Viewer viewer;
        viewer.link = {link->id, link->expires_us};
        const auto film = co_await catalog->find(viewer, link->video);
        if (!film) co_return page.nothing();
        co_return page.answer(film, fmt::format("{}", fmt::join(link->origins, " ")));
    }

    catalog::Catalog* catalog;
    catalog::EmbedLinks* links;
    EmbedPage page;
    bool login_required;
};

}  // namespace

void add_page_endpoints(http::Router& router, catalog::Catalog& catalog, catalog::EmbedLinks& links,
                        const PageSettings& settings) {
    const auto head = cut_in_head(settings.app_page);
    const EmbedPage embed{cut_at_film(settings.embed_page), settings.media_origin};
    const bool login = settings.login_required;
    router.add(http::make_raw_endpoint(described("/watch/{id}", "The page of a film."),
                                       WatchPage{&catalog, head, http::page_policy(settings.media_origin), login}));
    router.add(
        http::make_raw_endpoint(described("/embed/{id}", "The player alone."), OpenEmbed{&catalog, embed, login}));
    auto by_link = described("/embed/link/{token}", "The player alone, by a link.");
    by_link.hidden_in_log = "token";
    router.add(http::make_raw_endpoint(std::move(by_link), LinkEmbed{&catalog, &links, embed, login}));
}

}  // namespace movio::embedding
