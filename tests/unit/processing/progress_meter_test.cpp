#include "processing/progress_meter.hpp"

#include <gtest/gtest.h>

namespace movio::processing {
namespace {

class CountingBus final : public EventBus {
public:
    Awaitable<void> publish(Event) override { co_return; }
    void publish_transient(Event) override { ++said; }
    void subscribe(std::string, std::vector<std::string>, asio::any_io_executor, Handler) override {}

    int said = 0;
};

TEST(ProgressMeter, What_comes_late_for_a_film_that_ended_begins_nothing) {
    const FilmKey film{VideoId::make(), 1};
    media::Plan plan;
    plan.grid = media::Grid::every({25, 1}, 1000);
    plan.audio.emplace_back().name = "a-1";
    CountingBus bus;
    ProgressMeter meter(bus);
    meter.indexing(film, 0);
    meter.begin(film, plan, {});
    EXPECT_TRUE(meter.has_begun(film));
    EXPECT_EQ(bus.said, 1);
    meter.ended(film);
    EXPECT_FALSE(meter.has_begun(film));
    meter.stored(film, plan, "a-1");
    meter.indexing(film, 500);
    meter.finishing(film);
    EXPECT_EQ(bus.said, 1);
}

}  // namespace
}  // namespace movio::processing
