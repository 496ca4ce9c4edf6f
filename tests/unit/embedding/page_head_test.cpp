#include "embedding/page_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "embedding/markup.hpp"

namespace movio::embedding {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

FilmCard card() {
    FilmCard film;
    film.title = "Cats";
    film.description = "All of them.";
    film.duration_ms = 61'500;
    film.size = {1280, 720};
    film.listed = true;
    film.watch_url = "https://films.example/watch/x";
    film.embed_url = "https://films.example/embed/x";
    film.poster_url = "https://films.example/poster.jpg";
    film.poster_size = {1280, 720};
    return film;
}

TEST(PageHead, Tells_previews_and_embedders_of_the_film) {
    const auto head = page_head(card(), "https://films.example");
    for (const char* line :
         {R"(<link rel="canonical" href="https://films.example/watch/x">)",
          R"(<link rel="alternate" type="application/json+oembed" href="https://films.example/oembed?format=json&amp;)",
          R"(&amp;url=https%3A%2F%2Ffilms.example%2Fwatch%2Fx">)",
          R"(type="text/xml+oembed" href="https://films.example/oembed?format=xml&amp;)",
          R"(<meta property="og:type" content="video.other">)", R"(<meta property="og:title" content="Cats">)",
          R"(<meta property="og:description" content="All of them.">)",
          R"(<meta property="og:image" content="https://films.example/poster.jpg">)",
          R"(<meta property="og:video" content="https://films.example/embed/x">)",
          R"(<meta property="og:video:secure_url" content="https://films.example/embed/x">)",
          R"(<meta property="og:video:width" content="1280">)", R"(<meta property="video:duration" content="62">)",
          R"(<meta name="twitter:card" content="player">)",
          R"(<meta name="twitter:player" content="https://films.example/embed/x">)",
          R"(<meta name="twitter:player:height" content="720">)"})
        EXPECT_THAT(head, HasSubstr(line));
    EXPECT_THAT(head, Not(HasSubstr("noindex")));
}

TEST(PageHead, Says_only_what_there_is) {
    auto film = card();
    film.listed = false;
    film.description.clear();
    film.duration_ms = 0;
    film.poster_url.reset();
    film.embed_url = "http://films.example/embed/x";
    const auto head = page_head(film, "http://films.example");
    EXPECT_THAT(head, HasSubstr(R"(<meta name="robots" content="noindex">)"));
    for (const char* name : {"description", "duration", "image", "secure_url"}) EXPECT_THAT(head, Not(HasSubstr(name)));
}

TEST(PageHead, Licence_with_a_text_of_its_own_is_linked) {
    auto film = card();
    EXPECT_THAT(page_head(film, "https://films.example"), Not(HasSubstr("rel=\"license\"")));
    film.licence = catalog::find_licence("CC0-1.0");
    EXPECT_THAT(page_head(film, "https://films.example"),
                HasSubstr(R"(<link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">)"));
    film.licence = catalog::find_licence("all-rights-reserved");
    EXPECT_THAT(page_head(film, "https://films.example"), Not(HasSubstr("rel=\"license\"")));
}

TEST(PageHead, Nothing_that_is_said_of_a_film_can_be_markup) {
    auto film = card();
    film.title = "\"><script>alert(1)</script>";
    film.description = "'\n</head><b>&";
    film.poster_url = "https://films.example/\">";
    const auto head = page_head(film, "https://films.example");
    for (const char* bad : {"<script", "</head", "<b>", "/\">\">"}) EXPECT_THAT(head, Not(HasSubstr(bad)));
    EXPECT_THAT(head, HasSubstr(R"(content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;")"));
    EXPECT_THAT(head, HasSubstr(R"(content="&#39; &lt;/head&gt;&lt;b&gt;&amp;")"));
}

TEST(PageHead, Long_descriptions_are_cut_at_a_character) {
    auto film = card();
    for (int i = 0; i < 400; ++i) film.description += "\xE0\xA6\xAC";
    const auto head = page_head(film, "https://films.example");
    EXPECT_THAT(head, HasSubstr("\xE0\xA6\xAC…\">"));
    EXPECT_LT(head.size(), 5000);
}

TEST(InsideScript, Json_never_ends_the_script) {
    EXPECT_EQ(inside_script(R"({"title":"</script><!--"})"), R"({"title":"\u003c/script>\u003c!--"})");
}

}  // namespace
}  // namespace movio::embedding
