#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace movio {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

TEST(Utf8, Well_formed_text_is_valid) {
    for (const auto text :
         {""sv, "plain"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv,
          "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "বাংলা"sv, "\0"sv})
        EXPECT_TRUE(is_valid_utf8(text)) << text;
}

TEST(Utf8, Ill_formed_text_is_not) {
    for (const auto text :
         {"\x80"sv, "\xbf"sv, "\xc0\xaf"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x41"sv, "\xe0\x80\xaf"sv, "\xe0\x9f\xbf"sv,
          "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x80\x80\xaf"sv, "\xf0\x8f\xbf\xbf"sv,
          "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xf8\x88\x80\x80\x80"sv, "\xff"sv, "\xfe"sv, "\xf0\x90\x80"sv})
        EXPECT_FALSE(is_valid_utf8(text));
}

TEST(Utf8, Ill_formed_bytes_are_replaced_and_the_rest_kept) {
    EXPECT_EQ(to_valid_utf8("a\xff"
                            "b"),
              "a" + std::string(kReplacement) + "b");
    EXPECT_EQ(to_valid_utf8("\xe2\x82"), std::string(kReplacement) + std::string(kReplacement));
    EXPECT_EQ(to_valid_utf8("\xe2\x82\xac"), "\xe2\x82\xac");
    EXPECT_EQ(to_valid_utf8("\xc2"), kReplacement);
    for (int byte = 0; byte < 256; ++byte)
        for (int next = 0; next < 256; ++next) {
            const std::string text{static_cast<char>(byte), static_cast<char>(next), 'x'};
            ASSERT_TRUE(is_valid_utf8(to_valid_utf8(text)));
            ASSERT_EQ(is_valid_utf8(text), to_valid_utf8(text) == text);
        }
}

}  // namespace
}  // namespace movio
