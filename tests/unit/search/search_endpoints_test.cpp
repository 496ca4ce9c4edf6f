#include "search/endpoints/search_endpoints.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "http/target.hpp"
#include "search/rebuild.hpp"
#include "search/schemas.hpp"
#include "unit/search/search_support.hpp"

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct PosterLinks final : catalog::MediaLinks {
    std::optional<catalog::PlaybackLinks> playback(const catalog::Viewer&, const catalog::Video& video) const override {
        catalog::PlaybackLinks links;
        links.poster_url = "/media/o/" + video.id.text() + "/poster.jpg";
        return links;
    }
    std::string caption(const catalog::Viewer&, const catalog::Video&, const catalog::CaptionTrackRow&) const override {
        return "";
    }
};

// The endpoints as the router holds them, over a real catalog and index.
class SearchEndpoints : public testing::Test {
protected:
    void SetUp() override { add_search_endpoints(router, search); }

    http::Response get(const std::string& target) {
        const auto parsed = http::parse_target(target).value();
        const auto found = router.find(http::Method::get, parsed.segments);
        auto* const endpoint = std::get<http::Router::Found>(found).endpoint;
        http::Request request;
        request.head.query = parsed.query;
        request.context.caller = caller;
        return all.catalog.loop.run(endpoint->handle(request));
    }
    JsonView json(const std::string& target) {
        const auto response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        return JsonView::parse(std::get<std::string>(response.body)).value();
    }
    // One member of each item.
    std::vector<std::string> each(const JsonView& items, const std::string& name) {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < items.size(); ++i) out.push_back(items.at(i).text_or(name, "?"));
        return out;
    }
    void index_all() { all.catalog.loop.run(rebuild(all.catalog.database, all.index)); }

    const std::string v1_films = "/api/v1/app/search/video-metadata/";
    const std::string v1_tracks = "/api/v1/app/search/subtitle/";
    test::CatalogAndIndex all;
    PosterLinks links;
    Search search{all.index, all.catalog.database, links};
    http::Router router;
    std::optional<http::Caller> caller;
};

TEST_F(SearchEndpoints, V1_films_are_an_array_of_the_originals_fields) {
    const auto film = all.add_film("Big Buck Bunny", "A rabbit");
    index_all();
    const auto row =
        all.catalog.read([film](SqlSession& session) { return catalog::find_video(session, film); }).value();
    const auto response = get(v1_films + "?search=bunny");
    EXPECT_EQ(std::get<std::string>(response.body),
              "[{\"id\":\"" + film.text() +
                  "\",\"title\":\"Big Buck Bunny\",\"description\":\"A rabbit\",\"created_at\":\"" +
                  rfc3339(row.created_us) + "\",\"updated_at\":\"" + rfc3339(row.updated_us) + "\",\"video_id\":\"" +
                  film.text() + "\"}]");
    EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
}

TEST_F(SearchEndpoints, V1_search_is_ored_newest_first_and_ten_at_most) {
    std::vector<std::string> ids;
    for (int i = 0; i < 12; ++i) {
        const auto film = all.add_film(i % 2 == 0 ? "even" : "odd");
        // A second apart: the answers name milliseconds, and two films may well be made within one.
        all.set(film, "created_us", std::to_string(1'767'225'600'000'000 + i * 1'000'000LL));
        ids.insert(ids.begin(), film.text());
    }
    index_all();
    const std::vector<std::string> newest(ids.begin(), ids.begin() + 10);
    EXPECT_EQ(each(json(v1_films), "id"), newest);
    EXPECT_EQ(each(json(v1_films + "?search=even+odd"), "id"), newest);
    EXPECT_EQ(each(json(v1_films + "?search=even&search=odd"), "id"), newest);
    EXPECT_THAT(json(v1_films + "?search=").size(), 0U);
    EXPECT_THAT(json(v1_films + "?search=title:even").size(), 6U);
    EXPECT_THAT(json(v1_films + "?search=description:even").size(), 0U);
    EXPECT_THAT(json(v1_films + "?search=nothing:even").size(), 6U);
    EXPECT_EQ(each(json(v1_films + "?ordering=created_at"), "id").front(), ids.back());
    EXPECT_THAT(each(json(v1_films + "?ids=" + ids[11] + "__" + ids[3]), "id"), ElementsAre(ids[3], ids[11]));
    const auto fourth = json(v1_films + "?ids=" + ids[3]).at(0).text_or("created_at", "");
    EXPECT_THAT(json(v1_films + "?search=odd+even&created_at__gt=" + fourth).size(), 3U);
    EXPECT_THAT(each(json(v1_films + "?created_at__range=" + fourth + "__" + fourth), "id"), ElementsAre(ids[3]));
}

TEST_F(SearchEndpoints, V1_time_that_cannot_be_read_is_refused_in_the_originals_shape) {
    for (const auto& path : {v1_films, v1_tracks}) {
        const auto response = get(path + "?created_at__gte=yesterday");
        EXPECT_EQ(response.status, 400);
        const auto body = JsonView::parse(std::get<std::string>(response.body)).value();
        EXPECT_EQ(body.size(), 1U);
        EXPECT_THAT(body.text_or("detail", ""), HasSubstr("yesterday"));
        EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
    }
}

TEST_F(SearchEndpoints, V1_subtitles_have_the_whole_file_and_the_time_of_the_first_match) {
    const auto film = all.add_film("film");
    const auto track = all.add_track(film, "pt-BR", {"nada", "uma maçã", "maçã"});
    index_all();
    const auto items = json(v1_tracks + "?search=maca");
    ASSERT_EQ(items.size(), 1U);
    const auto item = items.at(0);
    EXPECT_EQ(item.text_or("id", ""), track.text());
    EXPECT_EQ(item.text_or("video_id", ""), film.text());
    EXPECT_EQ(item.text_or("language", ""), "pt-BR");
    EXPECT_TRUE(item.text_or("content", "").starts_with("WEBVTT"));
    EXPECT_THAT(item.text_or("content", ""), HasSubstr("<i>nada</i>"));
    EXPECT_EQ(item.integer_or("start_ms", -1), 5000);
    EXPECT_TRUE(item.text_or("created_at", "").ends_with("Z"));
    EXPECT_TRUE(item.text_or("updated_at", "").ends_with("Z"));
    EXPECT_EQ(item.size(), 7U);
    const auto by_language = json(v1_tracks + "?search=language:pt").at(0);
    EXPECT_TRUE(by_language.find("start_ms")->is_null());
    EXPECT_EQ(json(v1_tracks + "?search=content:pt").size(), 0U);
}

TEST_F(SearchEndpoints, V2_items_have_a_film_and_its_hits) {
    const auto film = all.add_film("The <rain>", "");
    all.add_track(film, "en", {"no", "it's rain"});
    index_all();
    const auto response = get("/api/v2/search?q=rain");
    EXPECT_EQ(std::get<std::string>(response.body),
              "{\"items\":[{\"video\":{\"id\":\"" + film.text() +
                  "\",\"title\":\"The <rain>\",\"poster_url\":\"/media/o/" + film.text() +
                  "/poster.jpg\",\"duration_ms\":null},\"hits\":["
                  "{\"field\":\"title\",\"language\":null,\"start_ms\":null,\"end_ms\":null,\"text\":\"The <rain>\","
                  "\"highlight\":\"The &lt;<mark>rain</mark>&gt;\"},"
                  "{\"field\":\"caption\",\"language\":\"en\",\"start_ms\":5000,\"end_ms\":8000,\"text\":\"it's rain\","
                  "\"highlight\":\"it&#39;s <mark>rain</mark>\"}]}],\"next\":null}");
}

TEST_F(SearchEndpoints, V2_pages_go_on_by_cursor) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.insert(ids.begin(), all.add_film("word").text());
    index_all();
    std::vector<std::string> seen;
    const std::string first = "/api/v2/search?q=word&limit=2";
    for (std::string target = first; !target.empty();) {
        const auto page = json(target);
        const auto items = page.find("items").value();
        for (std::size_t i = 0; i < items.size(); ++i) seen.push_back(items.at(i).find("video")->text_or("id", ""));
        const auto next = page.text_or("next", "");
        target = next.empty() ? "" : fmt::format("{}&cursor={}", first, next);
    }
    EXPECT_EQ(seen, ids);
}

TEST_F(SearchEndpoints, V2_input_is_checked) {
    for (const auto* bad : {"", "?q=x&limit=0", "?q=x&limit=51", "?q=x&cursor=abc", "?q=x&limit=a"})
        EXPECT_EQ(get(std::string("/api/v2/search") + bad).status, 400) << bad;
    EXPECT_EQ(get("/api/v2/search?q=" + std::string(201, 'x')).status, 400);
    EXPECT_EQ(json("/api/v2/search?q=").find("items")->size(), 0U);
}

TEST_F(SearchEndpoints, What_the_caller_may_not_see_is_left_out_even_when_the_index_is_late) {
    const auto me = UserId::make();
    const auto film = all.add_film("word", "", me.text());
    all.add_track(film, "en", {"word"});
    index_all();
    const auto counts = [&] {
        return std::vector<std::size_t>{json(v1_films + "?search=word").size(), json(v1_tracks + "?search=word").size(),
                                        json("/api/v2/search?q=word").find("items")->size()};
    };
    EXPECT_THAT(counts(), ElementsAre(1U, 1U, 1U));
    for (const auto* hidden : {"private", "unlisted"}) {
        all.set(film, "visibility", hidden);
        caller.reset();
        EXPECT_THAT(counts(), ElementsAre(0U, 0U, 0U)) << hidden;
        caller = http::Caller{me, false};
        EXPECT_THAT(counts(), ElementsAre(1U, 1U, 1U)) << hidden;
        caller = http::Caller{UserId::make(), false};
        EXPECT_THAT(counts(), ElementsAre(0U, 0U, 0U)) << hidden;
    }
    caller = http::Caller{me, false};
    all.set_trashed(film, true);
    EXPECT_THAT(counts(), ElementsAre(0U, 0U, 0U));
    all.set_trashed(film, false);
    caller.reset();
    all.set(film, "visibility", "public");
    all.set(film, "status", "processing");
    EXPECT_THAT(counts(), ElementsAre(1U, 1U, 0U)) << "v1 shows what is not finished";
}

TEST_F(SearchEndpoints, Every_schema_that_is_named_is_there_and_is_json) {
    const auto texts = schemas();
    for (const auto& [name, text] : texts) {
        const auto schema = JsonView::parse(text);
        EXPECT_TRUE(schema) << name;
        for (std::size_t at = 0; (at = text.find("schemas/", at)) != std::string::npos;) {
            at += 8;
            EXPECT_TRUE(texts.contains(text.substr(at, text.find('"', at) - at))) << name;
        }
    }
    for (const auto* endpoint : router.descriptions())
        for (const auto& answer : endpoint->answers) EXPECT_TRUE(texts.contains(answer.schema)) << endpoint->path;
}

}  // namespace
}  // namespace movio::search
