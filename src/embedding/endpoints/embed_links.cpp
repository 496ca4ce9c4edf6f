#include "embedding/endpoints/embed_links.hpp"

#include <fmt/format.h>

#include "audit/endpoints/actor_of.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"
#include "catalog/endpoints/viewer_of.hpp"
#include "embedding/film_card.hpp"
#include "http/endpoint.hpp"

namespace movio::embedding {
namespace {

using catalog::EmbedLink;
using http::EndpointDescription;
using http::Method;

EndpointDescription described(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "embedding";
    description.access = http::Access::user;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::invalid, ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::not_found};
    return description;
}

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

// All but the address, which is told once.
void write_members(JsonWriter& json, const EmbedLink& link) {
    json.member("id", link.id.text()).key("origins").begin_array();
    for (const auto& origin : link.origins) json.value(std::string_view(origin));
    json.end_array().member("created_at", rfc3339(link.created_us)).member("expires_at", rfc3339(link.expires_us));
}

struct MakeLink {
    struct Input {
        VideoId id;
        std::vector<std::string> origins;
        std::int64_t expires_in_s = 0;
    };
    struct Output {
        EmbedLink link;
        std::string url;
        std::string html;
    };

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/videos/{id}/embed-links",
                                     "Makes a link by which pages of the named origins embed a film, whoever may see "
                                     "it otherwise.");
        description.answers = {{201, "The link; its address is told this once.", "NewEmbedLink"}};
        description.errors.push_back(ErrorCode::conflict);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, {.help = "The film's id."}),
                http::in_body("origins", &Input::origins,
                              {.required = true,
                               .min = 1,
                               .max = limits::kEmbedOriginsMax,
                               .help = "Of all pages around the player: `https://school.example`."}),
                http::in_body("expires_in_s", &Input::expires_in_s,
                              {.required = true,
                               .min = limits::kEmbedLinkSecondsMin,
                               .max = limits::kEmbedLinkSecondsMax,
                               .help = "After so many seconds it begins the film no more."})};
    }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object();
        write_members(json, output.link);
        json.member("url", output.url).member("html", output.html).end_object();
    }
    static int status(const Output&) { return 201; }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        if (login_required)
            co_return fail(ErrorCode::conflict,
                           "This server asks everybody to log in, so nothing can be embedded (auth.require_login)");
        const auto viewer = catalog::viewer_of(context);
        auto made = co_await links->make(viewer, input.id, std::move(input.origins), input.expires_in_s,
                                         audit::actor_of(context));
        if (!made) co_return std::unexpected(std::move(made.error()));
        Output output{std::move(made->link), fmt::format("{}/embed/link/{}", context.base_url, made->token), {}};
        if (const auto film = co_await catalog->find(viewer, input.id)) {
            const auto card = card_of(*film, context.base_url);
            output.html = iframe(output.url, card.title, card.size);
        }
        co_return output;
    }

    catalog::Catalog* catalog;
    catalog::EmbedLinks* links;
    bool login_required;
};

struct ListLinks {
    struct Input {
        VideoId id;
    };
    using Output = std::vector<EmbedLink>;

    static EndpointDescription describe() {
        auto description = described(Method::get, "/api/v2/videos/{id}/embed-links",
                                     "The links for embedding that count now, newest first.");
        description.answers = {{200, "All of them, without their addresses.", "EmbedLinkList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().key("items").begin_array();
        for (const auto& link : output) {
            json.begin_object();
            write_members(json, link);
            json.end_object();
        }
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await links->list(catalog::viewer_of(context), input.id);
    }

    catalog::EmbedLinks* links;
};

struct RevokeLink {
    struct Input {
        VideoId id;
        catalog::EmbedLinkId link;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description =
            described(Method::del, "/api/v2/videos/{id}/embed-links/{link}", "Takes a link for embedding back.");
        description.answers = {{204, "It shows nothing any more, nor to those who are watching.", ""}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, {.help = "The film's id."}),
                http::in_path("link", &Input::link, {.help = "The link's id."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done =
            co_await links->revoke(catalog::viewer_of(context), input.id, input.link, audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    catalog::EmbedLinks* links;
};

}  // namespace

void add_embed_link_endpoints(http::Router& router, catalog::Catalog& catalog, catalog::EmbedLinks& links,
                              bool login_required) {
    router.add(http::make_endpoint(MakeLink{&catalog, &links, login_required}));
    router.add(http::make_endpoint(ListLinks{&links}));
    router.add(http::make_endpoint(RevokeLink{&links}));
}

}  // namespace movio::embedding
