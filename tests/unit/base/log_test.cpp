#include "base/log.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace movio {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class LogTest : public ::testing::Test {
public:
    ~LogTest() override { configure_log(LogLevel::info, LogFormat::json); }

protected:
    template <class Work>
    std::string written(Work work) {
        ::testing::internal::CaptureStderr();
        work();
        return ::testing::internal::GetCapturedStderr();
    }
};

TEST_F(LogTest, A_line_is_one_json_object) {
    const auto line = written([] {
        log_info(
            "segment stored",
            {{"video_id", "v-1"}, {"bytes", std::int64_t{5}}, {"ratio", 0.5}, {"last", true}, {"text", "a\"b\nc\xff"}});
    });
    ASSERT_THAT(line, EndsWith("}\n"));
    const auto json = JsonView::parse(line.substr(0, line.size() - 1));
    ASSERT_TRUE(json);
    EXPECT_EQ(json->text_or("level", ""), "info");
    EXPECT_EQ(json->text_or("event", ""), "segment stored");
    EXPECT_EQ(json->text_or("video_id", ""), "v-1");
    EXPECT_EQ(json->integer_or("bytes", 0), 5);
    EXPECT_TRUE(json->boolean_or("last", false));
    EXPECT_EQ(json->text_or("text", ""), "a\"b\nc\xef\xbf\xbd");
    EXPECT_EQ(json->text_or("time", "").size(), 24U);
}

TEST_F(LogTest, Text_is_one_line_whatever_it_holds) {
    configure_log(LogLevel::debug, LogFormat::text);
    const auto line = written([] { log_warn("task failed", {{"reason", "a\nb"}, {"count", std::int64_t{2}}}); });
    EXPECT_THAT(line, HasSubstr("warn  task failed reason=a b count=2\n"));
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST_F(LogTest, Lower_levels_are_left_out) {
    configure_log(LogLevel::warn, LogFormat::json);
    EXPECT_FALSE(is_logged(LogLevel::info));
    EXPECT_TRUE(is_logged(LogLevel::error));
    EXPECT_EQ(written([] {
                  log_debug("a");
                  log_info("b");
              }),
              "");
    EXPECT_THAT(written([] { log_error("c"); }), HasSubstr("\"level\":\"error\""));
}

TEST_F(LogTest, Lines_of_several_threads_stay_whole) {
    const auto text = written([] {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([] {
                for (int i = 0; i < 200; ++i) log_info("line", {{"text", std::string(100, 'x')}});
            });
    });
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const auto end = text.find('\n', at);
        ASSERT_NE(end, std::string::npos);
        ASSERT_TRUE(JsonView::parse(text.substr(at, end - at)));
        at = end + 1;
    }
    EXPECT_EQ(lines, 800U);
}

}  // namespace
}  // namespace movio
