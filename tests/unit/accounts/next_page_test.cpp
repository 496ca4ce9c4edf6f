#include "accounts/next_page.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace movio::accounts {
namespace {

TEST(NextPage, Is_one_of_this_server) {
    for (const auto* ours : {"/", "/watch/1", "/search?q=a%20b&page=2#top", "/a//b"}) EXPECT_EQ(next_page(ours), ours);
    for (const auto* other : {"", "watch", "//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a b",
                              "/a\r\nSet-Cookie: x=y", "/\t/evil.example", "/ü", "/\"", "/\x7f"})
        EXPECT_EQ(next_page(other), "/") << other;
    EXPECT_EQ(next_page("/" + std::string(limits::kNextPageBytesMax, 'a')), "/");
}

}  // namespace
}  // namespace movio::accounts
