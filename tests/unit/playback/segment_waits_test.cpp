#include "playback/segment_waits.hpp"

#include <gtest/gtest.h>

#include <optional>

#include <boost/asio/io_context.hpp>

namespace movio::playback {
namespace {

TEST(SegmentWaits, Whoever_waits_longest_sends_the_wish) {
    asio::io_context context;
    SegmentWaits room;
    std::optional<SegmentWaits::Place> first(std::in_place, room, "a/1", context.get_executor());
    const SegmentWaits::Place second(room, "a/1", context.get_executor());
    const SegmentWaits::Place elsewhere(room, "a/2", context.get_executor());
    EXPECT_TRUE(first->is_first());
    EXPECT_FALSE(second.is_first());
    EXPECT_TRUE(elsewhere.is_first());
    first.reset();
    EXPECT_TRUE(second.is_first());
}

}  // namespace
}  // namespace movio::playback
