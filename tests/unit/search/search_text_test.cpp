#include "search/search_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SearchText, Composed_and_decomposed_text_become_the_same) {
    EXPECT_EQ(search_text("cafe\u0301"), "caf\u00e9");
    EXPECT_EQ(search_text("caf\u00e9"), "caf\u00e9");
    EXPECT_EQ(search_text("plain ASCII"), "plain ASCII");
    EXPECT_EQ(search_text("\u0958"), "\u0915\u093C");  // excluded from composition
}

TEST(SearchText, Joiners_go_even_between_what_composes) {
    EXPECT_EQ(search_text("\u0995\u09CD\u200C\u09B7"), "\u0995\u09CD\u09B7");
    EXPECT_EQ(search_text("\u09B0\u200D\u09CD"), "\u09B0\u09CD");
    EXPECT_EQ(search_text("e\u200D\u0301"), "\u00e9");
}

TEST(SearchText, Bytes_that_are_no_text_do_no_harm) {
    EXPECT_EQ(search_text("a\xff"
                          "b"),
              "a\uFFFD"
              "b");
    EXPECT_THAT(query_words("a\xc3"), ElementsAre("a"));
    EXPECT_EQ(search_text(""), "");
}

TEST(SearchText, Words_keep_their_marks) {
    EXPECT_THAT(query_words("তুমি কি, বলো?"), ElementsAre("তুমি", "কি", "বলো"));
    EXPECT_THAT(query_words("हिन्दी—में"), ElementsAre("हिन्दी", "में"));
    EXPECT_THAT(query_words("a-b c_d 12.5 x"), ElementsAre("a", "b", "c", "d", "12", "5", "x"));
    EXPECT_THAT(query_words(" \"*()' "), IsEmpty());
}

TEST(SearchText, Joiners_inside_a_word_do_not_end_it) {
    const std::string text = "हिन्\u200Dदी में";
    const auto words = words_of(text);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_EQ(text.substr(words[0].begin, words[0].end - words[0].begin), "हिन्\u200Dदी");
}

TEST(SearchText, Terms_are_not_cut_at_apostrophe_full_stop_and_low_line) {
    EXPECT_THAT(query_terms("don't l\u2019été example.com a_b x-y 16:9"),
                ElementsAre("don't", "l\u2019été", "example.com", "a_b", "x", "y", "16", "9"));
    EXPECT_THAT(query_terms("end. Begin 'quoted'"), ElementsAre("end", "Begin", "quoted"));
}

TEST(SearchText, Only_two_characters_are_a_beginning) {
    EXPECT_FALSE(may_be_beginning("é"));
    EXPECT_FALSE(may_be_beginning("ক"));
    EXPECT_TRUE(may_be_beginning("ab"));
    EXPECT_TRUE(may_be_beginning("কি"));
}

TEST(SearchText, Fold_forgets_case_accents_and_joiners_but_no_vowel_signs) {
    EXPECT_EQ(fold("CAFÉ"), fold("cafe"));
    EXPECT_EQ(fold("cafe\u0301"), "cafe");
    EXPECT_EQ(fold("हिन्\u200Dदी"), fold("हिन्दी"));
    EXPECT_NE(fold("কি"), fold("ক"));
    EXPECT_NE(fold("কি"), fold("কী"));
    EXPECT_EQ(fold("😀"), "😀");
}

}  // namespace
}  // namespace movio::search
