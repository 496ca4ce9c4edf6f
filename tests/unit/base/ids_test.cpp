#include "base/ids.hpp"

#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace movio {
namespace {

TEST(Uuid, Text_goes_there_and_back_in_lower_case) {
    const auto id = Uuid::parse("01890A5D-AC96-774B-BCCE-B302099A8057");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->text(), "01890a5d-ac96-774b-bcce-b302099a8057");
    EXPECT_EQ(Uuid::parse(id->text()), id);
    EXPECT_TRUE(Uuid().is_nil());
    EXPECT_FALSE(id->is_nil());
}

TEST(Uuid, Anything_else_is_no_uuid) {
    for (const auto* text : {"", "01890a5d", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805",
                             "01890a5d-ac96-774b-bcce-b302099a80577", "01890a5d-ac96-774b-bcce-b302099a805g",
                             "01890a5d_ac96-774b-bcce-b302099a8057", "{1890a5d-ac96-774b-bcce-b302099a8057",
                             "0189-0a5dac96-774b-bcce-b302099a8057"})
        EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Uuid, Made_ones_are_version_7_of_now) {
    const auto before_ms = wall_now_us() / 1000;
    const auto id = Uuid::make();
    EXPECT_EQ(id.bytes()[6] >> 4, 7);
    EXPECT_EQ(id.bytes()[8] >> 6, 2);
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms * 256 + id.bytes()[i];
    EXPECT_GE(ms, before_ms);
    EXPECT_LE(ms, wall_now_us() / 1000 + 100);
}

TEST(Uuid, Made_ones_rise_also_as_text) {
    std::string last;
    for (int i = 0; i < 20'000; ++i) {
        auto text = Uuid::make().text();
        ASSERT_GT(text, last);
        last = std::move(text);
    }
}

TEST(Uuid, Threads_never_make_the_same) {
    std::vector<std::vector<Uuid>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& list : made)
            threads.emplace_back([&list] {
                for (int i = 0; i < 5000; ++i) list.push_back(Uuid::make());
            });
    }
    std::unordered_set<Uuid> all;
    for (const auto& list : made) all.insert(list.begin(), list.end());
    EXPECT_EQ(all.size(), 20'000U);
}

TEST(Id, Parses_compares_and_hashes_like_its_uuid) {
    const auto id = VideoId::make();
    EXPECT_EQ(VideoId::parse(id.text()), id);
    EXPECT_FALSE(VideoId::parse("x"));
    EXPECT_TRUE(VideoId().is_nil());
    EXPECT_EQ(std::hash<VideoId>{}(id), std::hash<Uuid>{}(id.uuid()));
    EXPECT_EQ((std::set<VideoId>{id, id, VideoId::make()}).size(), 2U);
    static_assert(!std::is_convertible_v<VideoId, UserId>);
}

}  // namespace
}  // namespace movio
