#include "processing/store_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "support/coroutines.hpp"

namespace movio::processing {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// A store that takes as long as it is told to, and how many came at a time.
class StoreQueueTest : public ::testing::Test {
protected:
    Awaitable<void> store(std::vector<media::Artefact> artefacts) {
        together.push_back(artefacts.size());
        for (const auto& artefact : artefacts) numbers.push_back(artefact.number);
        while (is_slow) co_await sleep_for(1ms);
        if (is_broken) throw Failure("the disk is gone");
    }
    static media::Artefact artefact(std::int64_t number, std::size_t bytes = 10) {
        return {.rendition = "v", .number = number, .bytes = Bytes(bytes), .sha256 = {}};
    }
    Awaitable<void> add(std::int64_t first, std::int64_t end, std::size_t bytes = 10) {
        for (auto n = first; n < end; ++n) {
            co_await queue.add(artefact(n, bytes));
            ++added;
        }
    }
    // Lets everything run that can.
    void pause() { loop.run(sleep_for(20ms)); }

    test::Loop loop;
    bool is_slow = false;
    bool is_broken = false;
    int added = 0;
    std::vector<std::size_t> together;
    std::vector<std::int64_t> numbers;
    StoreQueue queue{loop.executor(),
                     [this](std::vector<media::Artefact> artefacts) { return store(std::move(artefacts)); }};
};

TEST_F(StoreQueueTest, What_comes_slowly_is_stored_at_once) {
    for (int n = 0; n < 3; ++n) {
        loop.run(queue.add(artefact(n)));
        pause();
        EXPECT_THAT(together, testing::SizeIs(static_cast<std::size_t>(n + 1)));
    }
    loop.run(queue.settle());
    EXPECT_THAT(together, ElementsAre(1, 1, 1));
}

TEST_F(StoreQueueTest, What_comes_while_the_store_is_busy_is_stored_together_in_order) {
    is_slow = true;
    loop.run(add(0, 1));
    pause();
    loop.run(add(1, 5));
    EXPECT_THAT(together, ElementsAre(1));
    is_slow = false;
    loop.run(queue.settle());
    EXPECT_THAT(together, ElementsAre(1, 4));
    EXPECT_THAT(numbers, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(StoreQueueTest, Who_brings_more_than_may_wait_waits) {
    is_slow = true;
    TaskGroup group(loop.executor());
    constexpr auto kMost = static_cast<int>(limits::kStoreTogetherMax);
    group.spawn("add", add(0, 3 * kMost));
    pause();
    EXPECT_LE(added, 1 + kMost);
    is_slow = false;
    loop.run(group.wait());
    loop.run(queue.settle());
    EXPECT_EQ(added, 3 * kMost);
    EXPECT_EQ(numbers.size(), static_cast<std::size_t>(3 * kMost));
    for (const auto count : together) EXPECT_LE(count, limits::kStoreTogetherMax);
}

TEST_F(StoreQueueTest, Bytes_are_bounded_too_and_one_that_is_larger_goes_alone) {
    is_slow = true;
    TaskGroup group(loop.executor());
    group.spawn("add", add(0, 9, limits::kStoreTogetherBytes / 2));
    pause();
    EXPECT_EQ(added, 3) << "one is being stored, two wait";
    is_slow = false;
    loop.run(group.wait());
    loop.run(add(9, 11, limits::kStoreTogetherBytes + 1));
    loop.run(queue.settle());
    EXPECT_EQ(numbers.size(), 11U);
    for (const auto count : together) EXPECT_LE(count, 2U);
}

TEST_F(StoreQueueTest, A_store_that_fails_is_told_to_whoever_adds_and_to_whoever_settles) {
    is_slow = true;
    TaskGroup group(loop.executor());
    loop.run(add(0, 1));
    pause();
    group.spawn("add", add(1, 100));
    pause();
    is_broken = true;
    is_slow = false;
    loop.run(group.wait());
    EXPECT_LT(added, 100) << "adding failed, too";
    EXPECT_THROW(loop.run(queue.add(artefact(200))), Failure);
    EXPECT_THROW(loop.run(queue.settle()), Failure);
    EXPECT_THAT(together, ElementsAre(1)) << "nothing is tried behind it";
}

}  // namespace
}  // namespace movio::processing
