#include "media/format/captions/cue_text.hpp"

#include <random>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "media/format/captions/cue_markup.hpp"
#include "support/media_cues.hpp"

namespace movio::media {
namespace {

using test::is_closed_subset;

struct Texts {
    std::string text;
    std::string plain;
};

Texts webvtt(std::string_view markup) {
    CueText cue;
    append_webvtt_markup(cue, markup);
    return {cue.take_text(), cue.take_plain()};
}

Texts subrip(std::string_view markup) {
    CueText cue;
    append_subrip_markup(cue, markup);
    return {cue.take_text(), cue.take_plain()};
}

Texts ass(std::string_view markup) {
    CueText cue;
    append_ass_markup(cue, markup);
    return {cue.take_text(), cue.take_plain()};
}

TEST(CueText, escapes_everything_that_is_markup) {
    EXPECT_EQ(webvtt("a --> b &lt;script&gt; & more").text, "a --&gt; b &lt;script&gt; &amp; more");
    EXPECT_EQ(webvtt("a --> b &lt;script&gt; & more").plain, "a --> b <script> & more");
}

TEST(CueText, keeps_only_tags_of_the_closed_list) {
    EXPECT_EQ(webvtt("<c.red>x</c> <i.big>y</i> <lang en>z</lang> <00:00:01.000>w").text, "x <i>y</i> z w");
    EXPECT_EQ(webvtt("<script>alert(1)</script><b onclick=x>y</b>").text, "alert(1)<b>y</b>");
    EXPECT_EQ(webvtt("<v.loud Esme & Co>Hi</v> there").text, "<v Esme &amp; Co>Hi</v> there");
    EXPECT_EQ(webvtt("<v Esme>Hi").plain, "Hi");
}

TEST(CueText, nests_what_was_crossed) {
    EXPECT_EQ(webvtt("<b>1<i>2</b>3</i>4").text, "<b>1<i>2</i></b><i>3</i>4");
    EXPECT_EQ(webvtt("<i></i><b><i></i></b>").text, "");
    EXPECT_EQ(webvtt("<i><i>x</i>y").text, "<i>x</i>y");
    EXPECT_EQ(webvtt("</i>x</b>").text, "x");
}

TEST(CueText, ruby_keeps_its_reading_out_of_plain_text) {
    const auto [text, plain] = webvtt("<ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby>");
    EXPECT_EQ(text, "<ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby>");
    EXPECT_EQ(plain, "漢字");
    EXPECT_EQ(webvtt("<rt>x</rt>").text, "x");
}

TEST(CueText, has_no_blank_lines_and_no_space_at_line_ends) {
    EXPECT_EQ(subrip("\n  a  \n\n \n<i>\n</i>b \n\n").text, "a\nb");
    EXPECT_EQ(subrip("<i>a\n</i>\n<b>b</b>").text, "<i>a</i>\n<b>b</b>");
}

TEST(CueText, control_characters_are_left_out) {
    EXPECT_EQ(subrip(std::string_view("a\0b\x01"
                                      "c\x7f",
                                      6))
                  .text,
              "abc");
    EXPECT_EQ(subrip("a\xC2\x85"
                     "b\xEF\xBB\xBF"
                     "c")
                  .text,
              "abc");
    EXPECT_EQ(subrip("x\xE2\x80\xA8y").text, "x\ny");
    EXPECT_EQ(subrip("\xFF\xC0\x80").text, "\uFFFD\uFFFD\uFFFD");
}

TEST(CueText, is_cut_at_a_whole_character_with_its_tags_closed) {
    std::string markup = "<i><b>";
    for (std::size_t i = 0; i < limits::kCueTextBytesMax; ++i) markup += "ü";
    const auto text = webvtt(markup).text;
    EXPECT_LE(text.size(), limits::kCueTextBytesMax);
    EXPECT_GT(text.size(), limits::kCueTextBytesMax - 8);
    EXPECT_TRUE(text.ends_with("ü</b></i>"));
    EXPECT_TRUE(is_valid_utf8(text));
}

TEST(SubRipMarkup, takes_common_tags_and_leaves_other_signs) {
    EXPECT_EQ(subrip("<font color=\"#fff\"><I>x</I></font>").text, "<i>x</i>");
    EXPECT_EQ(subrip("3 < 4 and 5 > 4, a <- b").text, "3 &lt; 4 and 5 &gt; 4, a &lt;- b");
    EXPECT_EQ(subrip("{\\i1}x{\\i0} {not a tag}").text, "<i>x</i> {not a tag}");
    EXPECT_EQ(subrip("&amp; &nbsp;&#233;&#xE9; &unknown; &").text, "&amp; \u00A0éé &amp;unknown; &amp;");
}

TEST(AssMarkup, reads_overrides) {
    EXPECT_EQ(ass("{\\b1}x{\\b0}\\Ny\\hz\\nw").text, "<b>x</b>\ny\u00A0z w");
    EXPECT_EQ(ass("{\\b700\\i1\\u1}x{\\r}y{comment}z").text, "<b><i><u>x</u></i></b>yz");
    EXPECT_EQ(ass("{\\bord2\\blur3\\b400}x").text, "x");
    EXPECT_EQ(ass("a{\\p1}m 0 0 l 100 100{\\p0}b").text, "ab");
    EXPECT_EQ(ass("back\\slash {open").text, "back\\slash {open");
}

TEST(AssMarkup, tells_alignment) {
    const auto alignment = [](std::string_view markup) {
        CueText cue;
        return append_ass_markup(cue, markup);
    };
    EXPECT_EQ(alignment("{\\an8}x"), 8);
    EXPECT_EQ(alignment("{\\a6}x"), 8);
    EXPECT_EQ(alignment("{\\a11}x"), 6);
    EXPECT_EQ(alignment("{\\alpha&HFF&}x"), 0);
    EXPECT_EQ(alignment("x"), 0);
}

TEST(CueText, whatever_comes_in_the_result_is_in_the_closed_subset) {
    constexpr std::string_view kPieces[]{
        "<i>",     "</i>", "<b>", "</b",     "<v ",    ">",        "-->",    "&lt;",  "&#0;",   "&#x10FFFF;", "&",
        "\n",      "\n\n", " ",   "{\\an8}", "{\\p1}", "{",        "}",      "\\N",   "<ruby>", "<rt>",       "</rt>",
        "</ruby>", "\r",   "ü",   "\xFF",    "a",      "<script>", "\u2028", "STYLE", "NOTE",   "<v a>b"};
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::string markup;
        for (int piece = 0; piece < 12; ++piece) markup += kPieces[random() % std::size(kPieces)];
        for (const auto& texts : {webvtt(markup), subrip(markup), ass(markup)})
            ASSERT_TRUE(is_closed_subset(texts.text)) << markup << "\n=>\n" << texts.text;
    }
}

}  // namespace
}  // namespace movio::media
