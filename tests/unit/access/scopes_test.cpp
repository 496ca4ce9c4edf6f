#include "access/scopes.hpp"

#include <gtest/gtest.h>

namespace movio::access {
namespace {

TEST(ScopesTest, Words_are_read_in_any_order_and_written_in_one) {
    EXPECT_EQ(to_text(scopes_from_text("manage,read").value()), "read manage");
    EXPECT_EQ(to_text(scopes_from_text(" upload ,  read upload").value()), "read upload");
    EXPECT_EQ(scopes_from_text("read upload manage"), (Scopes{.read = true, .upload = true, .manage = true}));
}

TEST(ScopesTest, Nothing_and_unknown_words_are_none) {
    for (const auto* text : {"", " ", ",", "Read", "read write", "reads"}) EXPECT_FALSE(scopes_from_text(text)) << text;
}

}  // namespace
}  // namespace movio::access
