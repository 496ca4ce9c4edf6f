#include "http/rates.hpp"

#include <gtest/gtest.h>

namespace movio::http {
namespace {

using namespace std::chrono_literals;

TEST(RateClasses, Are_known_by_their_names_alone) {
    for (const auto rate : {RateClass::read, RateClass::write, RateClass::login, RateClass::upload, RateClass::search,
                            RateClass::segment, RateClass::report, RateClass::media})
        EXPECT_EQ(known_rate_class(to_text(rate)), rate);
    for (const auto* other : {"", "Read", "reads", "search "}) EXPECT_FALSE(known_rate_class(other)) << other;
}

TEST(RateRefusal, Says_which_budget_is_empty_and_when_to_come_back) {
    const RateTaken taken{1500ms, 60, 60s, 0, 1500ms};
    const auto response = rate_refusal({}, RateClass::segment, taken, {});
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.headers.find("retry-after"), "2");
    EXPECT_EQ(response.headers.find("ratelimit-policy"), R"("segment";q=60;w=60)");
    EXPECT_EQ(response.headers.find("ratelimit"), R"("segment";r=0;t=2)");
    EXPECT_NE(std::get<std::string>(response.body).find("Try again in 2 seconds."), std::string::npos);
}

}  // namespace
}  // namespace movio::http
