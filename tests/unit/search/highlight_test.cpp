#include "search/highlight.hpp"

#include <gtest/gtest.h>

#include "search/search_text.hpp"

namespace movio::search {
namespace {

std::string html(const std::string& text, const std::string& query, std::size_t characters_max = 1000) {
    return highlight(text, query_words(query), characters_max).html;
}

TEST(Highlight, Words_found_are_marked_and_the_rest_is_escaped) {
    EXPECT_EQ(html("<b>Rain & \"snow\"</b> isn't rainy", "rain"),
              "&lt;b&gt;<mark>Rain</mark> &amp; &quot;snow&quot;&lt;/b&gt; isn&#39;t <mark>rainy</mark>");
    EXPECT_EQ(html("nothing", "rain"), "nothing");
    EXPECT_EQ(html("", "rain"), "");
}

TEST(Highlight, Only_the_last_word_may_be_a_beginning) {
    EXPECT_EQ(html("rain rainy snow snowy", "rain snow"),
              "<mark>rain</mark> rainy <mark>snow</mark> <mark>snowy</mark>");
    EXPECT_EQ(html("a apple", "a"), "<mark>a</mark> apple");
}

TEST(Highlight, Spelling_of_the_text_stays) {
    EXPECT_EQ(html("Cafe\u0301 हिन्\u200Dदी", "CAFÉ"), "<mark>Cafe\u0301</mark> हिन्\u200Dदी");
    EXPECT_EQ(html("हिन्\u200Dदी में", "हिन्दी"), "<mark>हिन्\u200Dदी</mark> में");
    EXPECT_EQ(html("কি ক", "ক"), "কি <mark>ক</mark>");
}

TEST(Highlight, Long_text_is_cut_between_words_around_the_first_word_found) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "word" + std::to_string(i) + " ";
    const auto cut = highlight(text, {"word50"}, 60);
    EXPECT_TRUE(cut.text.starts_with("…word4")) << cut.text;
    EXPECT_TRUE(cut.text.ends_with("…"));
    EXPECT_NE(cut.text.find("word50 word51"), std::string::npos);
    EXPECT_LE(cut.text.size(), 60 + 2 * std::string("…").size());
    EXPECT_NE(cut.html.find("<mark>word50</mark>"), std::string::npos);
    const auto begin = highlight(text, {"word0"}, 60);
    EXPECT_TRUE(begin.text.starts_with("word0 ")) << begin.text;
    const auto end = highlight(text, {"word99"}, 60);
    EXPECT_NE(end.text.find("word99"), std::string::npos) << end.text;
}

TEST(Highlight, Endless_word_is_cut_at_a_character) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "é";
    const auto cut = highlight(text, {"x"}, 10);
    EXPECT_EQ(cut.text, text.substr(0, 20) + "…");
}

}  // namespace
}  // namespace movio::search
