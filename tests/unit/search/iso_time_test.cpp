#include "search/iso_time.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace movio::search {
namespace {

std::string span(const char* text) {
    const auto time = parse_time(text);
    return time ? rfc3339(time->first_us) + " " + rfc3339(time->last_us) : "none";
}

TEST(IsoTime, What_is_left_out_makes_the_span_wider) {
    EXPECT_EQ(span("2026"), "2026-01-01T00:00:00.000Z 2026-12-31T23:59:59.999Z");
    EXPECT_EQ(span("2024-02"), "2024-02-01T00:00:00.000Z 2024-02-29T23:59:59.999Z");
    EXPECT_EQ(span("2026-12"), "2026-12-01T00:00:00.000Z 2026-12-31T23:59:59.999Z");
    EXPECT_EQ(span("2026-03-01"), "2026-03-01T00:00:00.000Z 2026-03-01T23:59:59.999Z");
    EXPECT_EQ(span("2026-03-01T10:20"), "2026-03-01T10:20:00.000Z 2026-03-01T10:20:59.999Z");
    EXPECT_EQ(span("2026-03-01 10:20:30"), "2026-03-01T10:20:30.000Z 2026-03-01T10:20:30.999Z");
    EXPECT_EQ(span("2026-03-01T10:20:30.25Z"), "2026-03-01T10:20:30.250Z 2026-03-01T10:20:30.259Z");
}

TEST(IsoTime, Fractions_are_exact_to_the_microsecond) {
    const auto time = parse_time("1970-01-01T00:00:01.123456Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(time->first_us, 1'123'456);
    EXPECT_EQ(time->last_us, 1'123'456);
    EXPECT_EQ(parse_time("1970-01-01T00:00:01.123456789Z")->last_us, 1'123'456);
    EXPECT_EQ(parse_time("1970-01-01T00:00:00.001Z")->last_us, 1'999);
}

TEST(IsoTime, Zones_are_taken_off) {
    for (const auto* text :
         {"2026-03-01T10:00:00+05:30", "2026-03-01T10:00:00+0530", "2026-03-01T10:00:00 05:30", "2026-03-01T04:30:00Z",
          "2026-03-01T04:30:00", "2026-03-01T04:30:00+00", "2026-02-28T23:30:00-05"})
        EXPECT_EQ(span(text), "2026-03-01T04:30:00.000Z 2026-03-01T04:30:00.999Z") << text;
}

TEST(IsoTime, Other_texts_are_no_times) {
    for (const auto* text : {"",
                             "abc",
                             "26",
                             "20260301",
                             "2026-",
                             "2026-13",
                             "2026-3-1",
                             "2026-02-30",
                             "2025-02-29",
                             "2026-03-00",
                             "2026-03-01T",
                             "2026-03-01T24:00",
                             "2026-03-01T10",
                             "2026-03-01T10:60",
                             "2026-03-01T10:00:60",
                             "2026-03-01T10:00:00.",
                             "2026-03-01T10:00:00.1234567890Z",
                             "2026-03-01T10:00:00X",
                             "2026-03-01T10:00:00+5",
                             "2026-03-01T10:00:00+05:",
                             "2026-03-01T10:00:00ZZ",
                             "0000-01-01",
                             "2026-03-01T10:00:00+19:00",
                             "now",
                             "-2026-01-01",
                             "2026-03-01 "})
        EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace movio::search
