#include "ports/sql_text.hpp"

#include <gtest/gtest.h>

namespace movio {
namespace {

TEST(LikePart, Stands_for_itself_in_lower_case) {
    EXPECT_EQ(like_part("Ada"), "%ada%");
    EXPECT_EQ(like_part("50%_a\\b"), "%50\\%\\_a\\\\b%");
    EXPECT_EQ(like_part("É"), "%É%") << "SQLite's lower() knows ASCII alone";
}

}  // namespace
}  // namespace movio
