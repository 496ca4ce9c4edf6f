#include "processing/blocks_in_work.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace movio::processing {
namespace {

TEST(BlocksInWork, Block_is_made_by_one_at_a_time) {
    const FilmKey film{VideoId::make(), 1};
    BlocksInWork blocks;
    auto place = blocks.take(film, "a-1-en-2", 64);
    ASSERT_TRUE(place);
    EXPECT_FALSE(blocks.take(film, "a-1-en-2", 64));
    EXPECT_TRUE(blocks.take(film, "a-1-en-2", 128));
    EXPECT_TRUE(blocks.take(film, "a-2-fr-2", 64));
    EXPECT_TRUE(blocks.take({film.video, 2}, "a-1-en-2", 64));
    {
        const auto moved = std::move(*place);
        place.reset();
        EXPECT_FALSE(blocks.take(film, "a-1-en-2", 64));
    }
    EXPECT_TRUE(blocks.take(film, "a-1-en-2", 64));
}

}  // namespace
}  // namespace movio::processing
