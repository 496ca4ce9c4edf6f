#include "access/base64url.hpp"

#include <gtest/gtest.h>

namespace movio::access {
namespace {

TEST(Base64url, Vectors_of_RFC_4648_without_padding) {
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foo"), "Zm9v");
    EXPECT_EQ(base64url("foob"), "Zm9vYg");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(from_base64url("Zm9vYg"), "foob");
    EXPECT_EQ(from_base64url("-__-"), "\xfb\xff\xfe");
}

TEST(Base64url, Every_byte_comes_back) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
    }
}

TEST(Base64url, What_is_not_the_one_text_of_its_value_is_refused) {
    for (const auto* text : {"Z", "Zg==", "Zh", "Zm9", "Zm9v=", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n", "Zm.v"})
        EXPECT_FALSE(from_base64url(text)) << text;
}

}  // namespace
}  // namespace movio::access
