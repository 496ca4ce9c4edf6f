#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace movio {
namespace {

TEST(Rfc3339, Has_milliseconds_and_z) {
    EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(1'792'569'600'123'999), "2026-10-21T08:00:00.123Z");
    EXPECT_EQ(rfc3339(951'782'400'000'000), "2000-02-29T00:00:00.000Z");
}

TEST(Rfc3339, Times_before_1970_are_right_too) {
    EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(-1'000'000), "1969-12-31T23:59:59.000Z");
}

TEST(Clocks, Go_forward) {
    const auto steady = steady_now_us();
    const auto wall = wall_now_us();
    EXPECT_GE(steady_now_us(), steady);
    EXPECT_GT(wall, 1'700'000'000'000'000);
}

}  // namespace
}  // namespace movio
