#include "app/rate_table.hpp"

#include <gtest/gtest.h>

#include "adapters/memory/rate_limiter.hpp"
#include "support/coroutines.hpp"

namespace movio::app {
namespace {

using namespace std::chrono_literals;
using http::RateClass;

Result<RateTable> table_of(std::map<std::string, std::string> flags) {
    Settings::Layers layers;
    layers.flags = std::move(flags);
    return RateTable::of(Settings::load(layers).value());
}

TEST(RateTable, Everybody_has_what_the_settings_say) {
    const auto table = table_of(
        {{"limits.searches_per_minute", "30"}, {"limits.uploads_per_hour", "36"}, {"limits.writes_per_minute", "0"}});
    ASSERT_TRUE(table);
    for (const auto* role : {"stranger", "viewer", "admin"}) {
        EXPECT_EQ(table->find(RateClass::search, role).interval, 2s);
        EXPECT_EQ(table->find(RateClass::search, role).burst, 30);
        EXPECT_EQ(table->find(RateClass::upload, role).interval, 100s);
        EXPECT_EQ(table->find(RateClass::write, role).interval, 0s);
        EXPECT_EQ(table->find(RateClass::media, role).interval, 0s);
    }
}

TEST(RateTable, Nobody_who_is_ordinary_meets_a_limit) {
    const auto table = table_of({});
    ASSERT_TRUE(table);
    for (const auto rate : {RateClass::read, RateClass::write, RateClass::login, RateClass::upload, RateClass::search,
                            RateClass::segment}) {
        EXPECT_GE(table->find(rate, "stranger").burst, 60) << to_text(rate);
        EXPECT_GT(table->find(rate, "stranger").interval, 0us) << to_text(rate);
    }
}

TEST(RateTable, A_role_may_have_its_own) {
    const auto table = table_of({{"limits.by_role", "viewer.search=60/3600, admin.search=0,stranger.login=5/60"}});
    ASSERT_TRUE(table);
    EXPECT_EQ(table->find(RateClass::search, "viewer").interval, 60s);
    EXPECT_EQ(table->find(RateClass::search, "viewer").burst, 60);
    EXPECT_EQ(table->find(RateClass::search, "admin").interval, 0s);
    EXPECT_EQ(table->find(RateClass::search, "uploader").burst, 600);
    EXPECT_EQ(table->find(RateClass::login, "stranger").interval, 12s);
}

TEST(RateTable, What_cannot_be_read_is_named) {
    for (const auto* bad :
         {"search=1/60", "viewer.search", "viewer.search=", "viewer.search=1", "viewer.search=1/", "viewer.search=0/60",
          "viewer.search=1/0", "viewer.search=-1/60", "viewer.search=1/60s", "viewer.media=1/60",
          "viewer.searches=1/60", "guest.search=1/60", ".search=1/60", "viewer=search.1/60", "viewer.search=1000001/60",
          "viewer.search=1/2592001", "viewer.login=1/60"}) {
        const auto table = table_of({{"limits.by_role", std::string("admin.read=0, ") + bad}});
        ASSERT_FALSE(table) << bad;
        EXPECT_NE(table.error().message.find(bad), std::string::npos) << table.error().message;
    }
}

TEST(RateTable, Is_what_budgets_are_taken_by) {
    MemoryRateLimiter limiter(100, [] { return std::int64_t{1'000'000}; });
    const auto table = table_of({{"limits.by_role", "viewer.search=2/60,admin.search=0"}});
    const auto take = take_rate_from(limiter, table.value());
    const auto taken = [&](std::string_view role) {
        return movio::test::run(take("search/user/" + std::string(role), RateClass::search, role));
    };
    const auto first = taken("viewer");
    EXPECT_EQ(first.wait, 0us);
    EXPECT_EQ(first.quota, 2);
    EXPECT_EQ(first.window, 60s);
    EXPECT_EQ(first.left, 1);
    EXPECT_EQ(first.more_in, 30s);
    EXPECT_EQ(taken("viewer").left, 0);
    EXPECT_EQ(taken("viewer").wait, 30s);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(taken("admin").quota, 0);
}

}  // namespace
}  // namespace movio::app
