#include "media/format/language.hpp"

#include <gtest/gtest.h>

namespace movio::media {
namespace {

TEST(Language, becomes_the_shortest_bcp47) {
    const std::pair<const char*, const char*> cases[]{
        {"eng", "en"},      {"ger", "de"},  {"deu", "de"},          {"fre", "fr"},
        {"fra", "fr"},      {"ben", "bn"},  {"hin", "hi"},          {"chi", "zh"},
        {"en_US", "en-US"}, {"EN", "en"},   {"en-us", "en-US"},     {"pt_BR.UTF-8", "pt-BR"},
        {"iw", "he"},       {"gsw", "gsw"}, {"zh-hans", "zh-Hans"}, {"sr-Latn-RS", "sr-Latn-RS"},
        {"und", "und"},     {"", "und"},    {"English", "und"},     {"../../x", "und"},
        {"e\n", "und"},     {"mul", "und"}, {"zxx", "und"},         {"en-../x", "en"},
        {"12", "und"},
    };
    for (const auto& [from, to] : cases) EXPECT_EQ(normalise_language(from), to) << from;
}

TEST(Language, never_gives_what_a_file_name_may_not_hold) {
    for (int a = 1; a < 256; ++a)
        for (int b = 1; b < 256; ++b) {
            const std::string text{'e', 'n', '-', static_cast<char>(a), static_cast<char>(b)};
            const auto language = normalise_language(text);
            ASSERT_EQ(language.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
                      std::string::npos);
            ASSERT_FALSE(language.empty());
        }
}

TEST(Language, names_itself) {
    EXPECT_EQ(language_own_name("de"), "Deutsch");
    EXPECT_EQ(language_own_name("fr"), "français");
    EXPECT_EQ(language_own_name("bn"), "বাংলা");
    EXPECT_EQ(language_own_name("hi"), "हिन्दी");
    EXPECT_EQ(language_own_name("und"), "");
}

}  // namespace
}  // namespace movio::media
