#include "processing/retention.hpp"

#include <gtest/gtest.h>

namespace movio::processing {
namespace {

TEST(Retention, Days_are_read_from_the_setting) {
    EXPECT_EQ(retention_days("delete"), 0);
    EXPECT_EQ(retention_days("days:30"), 30);
    EXPECT_FALSE(retention_days("keep"));
}

TEST(Retention, What_is_not_understood_deletes_nothing) {
    for (const char* odd : {"", "Delete", "days:", "days:x", "days:-1", "days:1x", "days:99999999999999999999"}) {
        EXPECT_FALSE(retention_days(odd)) << odd;
        EXPECT_FALSE(is_retention(odd)) << odd;
    }
    EXPECT_TRUE(is_retention("keep"));
}

}  // namespace
}  // namespace movio::processing
