#include "base/error.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace movio {
namespace {

TEST(ErrorCodes, Each_code_has_one_text_and_a_status) {
    std::set<std::string_view> texts;
    for (const auto& code : error_codes()) {
        EXPECT_TRUE(texts.insert(code.text).second) << code.text;
        EXPECT_EQ(error_code_from_text(code.text), code.code);
        EXPECT_EQ(to_text(code.code), code.text);
        EXPECT_GE(code.http_status, 400);
        EXPECT_LT(code.http_status, 600);
        EXPECT_FALSE(code.title.empty());
    }
}

TEST(ErrorCodes, Every_code_is_in_the_table) {
    for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i)
        EXPECT_EQ(info(static_cast<ErrorCode>(i)).code, static_cast<ErrorCode>(i));
}

TEST(ErrorCodes, Unknown_text_is_internal) {
    EXPECT_EQ(error_code_from_text("of-a-newer-version"), ErrorCode::internal);
}

TEST(Result, Fail_carries_code_message_and_detail) {
    const Result<int> result = fail(ErrorCode::conflict, "message", "detail");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::conflict);
    EXPECT_EQ(result.error().message, "message");
    EXPECT_EQ(result.error().detail, "detail");
}

}  // namespace
}  // namespace movio
