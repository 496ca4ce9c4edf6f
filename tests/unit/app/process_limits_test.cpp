#include "app/process_limits.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace movio::app {
namespace {

TEST(Connections, Leave_room_for_what_else_is_open) {
    EXPECT_EQ(connections_within(1024), 384U);
    EXPECT_EQ(connections_within(65'536), limits::kConnectionsMax);
    EXPECT_GE(connections_within(16), 1U);
}

}  // namespace
}  // namespace movio::app
