#include "embedding/oembed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace movio::embedding {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBase = "https://films.example";
const std::string kId = "01890a5d-ac96-774b-bcce-b302099a8057";

FilmCard card() {
    FilmCard film;
    film.title = "Cats & <dogs>";
    film.size = {1280, 720};
    film.watch_url = std::string(kBase) + "/watch/" + kId;
    film.embed_url = std::string(kBase) + "/embed/" + kId;
    film.poster_url = std::string(kBase) + "/media/o/x/1/image/poster.jpg";
    film.poster_size = {1280, 720};
    return film;
}

TEST(FilmAt, Pages_of_a_film_are_known_by_every_scheme_and_by_their_path) {
    const std::vector<std::string> urls{
        "https://films.example/watch/" + kId, "http://films.example/watch/" + kId + "?t=90",
        "https://films.example/embed/" + kId + "?autoplay=1#t=3", "/watch/" + kId, "/embed/" + kId + "/"};
    for (const auto& url : urls) EXPECT_EQ(film_at(url, kBase), VideoId::parse(kId)) << url;
}

TEST(FilmAt, Other_addresses_are_none) {
    const std::vector<std::string> urls{"",
                                        "https://films.example/",
                                        "https://other.example/watch/" + kId,
                                        "https://films.example.evil.example/watch/" + kId,
                                        "https://films.example:8443/watch/" + kId,
                                        "https://films.example/api/v2/videos/" + kId,
                                        "https://films.example/watch/x",
                                        "films.example/watch/" + kId,
                                        "//films.example/watch/" + kId,
                                        "https://films.example/embed/link/" + kId,
                                        "javascript:/watch/" + kId};
    for (const auto& url : urls) EXPECT_FALSE(film_at(url, kBase)) << url;
}

TEST(Fitted, Keeps_the_shape_within_both_bounds) {
    const auto size = [](Size from, std::optional<std::int64_t> width, std::optional<std::int64_t> height) {
        const auto to = fitted(from, width, height);
        return std::pair(to.width, to.height);
    };
    EXPECT_EQ(size({1280, 720}, std::nullopt, std::nullopt), std::pair(1280, 720));
    EXPECT_EQ(size({1280, 720}, 640, std::nullopt), std::pair(640, 360));
    EXPECT_EQ(size({1280, 720}, std::nullopt, 180), std::pair(320, 180));
    EXPECT_EQ(size({1280, 720}, 640, 90), std::pair(160, 90));
    EXPECT_EQ(size({1280, 720}, 10'000, 10'000), std::pair(1280, 720));
    EXPECT_EQ(size({720, 1280}, 1, 1), std::pair(1, 1));
}

TEST(Oembed, Json_is_a_video_within_the_bounds) {
    const auto json = JsonView::parse(oembed_json(card(), {640, 300}, kBase)).value();
    EXPECT_EQ(json.text_or("version", ""), "1.0");
    EXPECT_EQ(json.text_or("type", ""), "video");
    EXPECT_EQ(json.text_or("title", ""), "Cats & <dogs>");
    EXPECT_EQ(json.text_or("provider_url", ""), "https://films.example/");
    EXPECT_EQ(json.integer_or("width", 0), 533);
    EXPECT_EQ(json.integer_or("height", 0), 300);
    EXPECT_THAT(json.text_or("html", ""), HasSubstr("src=\"https://films.example/embed/" + kId + "\""));
    EXPECT_THAT(json.text_or("html", ""), HasSubstr("title=\"Cats &amp; &lt;dogs&gt;\" width=\"533\" height=\"300\""));
    EXPECT_FALSE(json.find("thumbnail_url")) << "it is larger than asked for";
    const auto whole = JsonView::parse(oembed_json(card(), {}, kBase)).value();
    EXPECT_EQ(whole.text_or("thumbnail_url", ""), card().poster_url);
    EXPECT_EQ(whole.integer_or("thumbnail_width", 0), 1280);
    EXPECT_EQ(whole.integer_or("thumbnail_height", 0), 720);
    auto young = card();
    young.poster_url.reset();
    EXPECT_FALSE(JsonView::parse(oembed_json(young, {}, kBase))->find("thumbnail_width"));
}

TEST(Oembed, Licence_and_attribution_are_told_where_there_are_any) {
    auto film = card();
    const auto bare = JsonView::parse(oembed_json(film, {}, kBase)).value();
    for (const char* name : {"author_name", "license", "license_url"}) EXPECT_FALSE(bare.find(name)) << name;
    film.attribution = "Ada <ada@example.org>";
    film.licence = catalog::find_licence("CC-BY-SA-4.0");
    const auto json = JsonView::parse(oembed_json(film, {}, kBase)).value();
    EXPECT_EQ(json.text_or("author_name", ""), film.attribution);
    EXPECT_EQ(json.text_or("license", ""), "CC BY-SA 4.0");
    EXPECT_EQ(json.text_or("license_url", ""), "https://creativecommons.org/licenses/by-sa/4.0/");
    EXPECT_THAT(oembed_xml(film, {}, kBase), HasSubstr("<author_name>Ada &lt;ada@example.org&gt;</author_name>"));
    film.licence = catalog::find_licence("all-rights-reserved");
    EXPECT_FALSE(JsonView::parse(oembed_json(film, {}, kBase))->find("license_url")) << "it has no text to link to";
}

TEST(Oembed, Xml_says_the_same_and_escapes_everything) {
    auto film = card();
    film.title = "a\x01<b>&\"'";
    const auto xml = oembed_xml(film, {}, kBase);
    EXPECT_THAT(xml, HasSubstr("<title>a&lt;b&gt;&amp;&quot;&#39;</title>"));
    EXPECT_THAT(xml, HasSubstr("<width>1280</width>"));
    EXPECT_THAT(xml, HasSubstr("<html>&lt;iframe src=&quot;"));
    EXPECT_THAT(xml, Not(HasSubstr("<b>")));
    EXPECT_TRUE(xml.ends_with("</oembed>\n"));
}

}  // namespace
}  // namespace movio::embedding
