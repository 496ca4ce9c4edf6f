#include "base/metrics.hpp"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace movio {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, Are_written_in_the_text_format) {
    counter("movio_test_events_total", "Events.", {{"kind", "a"}}).add();
    counter("movio_test_events_total", "Events.", {{"kind", "a"}}).add(2);
    counter("movio_test_events_total", "Events.", {{"kind", "b\"\n"}}).add();
    const auto waiting = gauge("movio_test_waiting", "Waiting.");
    waiting.set(7);
    waiting.add(-2);
    const auto time = histogram("movio_test_seconds", "Time.", {0.1, 1});
    time.observe(0.05);
    time.observe(5);
    const auto text = metrics_text();
    EXPECT_THAT(text, HasSubstr("# HELP movio_test_events_total Events.\n# TYPE movio_test_events_total counter\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_events_total{kind=\"a\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_events_total{kind=\"b\\\"\\n\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_waiting 5\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_seconds_bucket{le=\"0.1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_seconds_bucket{le=\"+Inf\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("movio_test_seconds_count 2\n"));
}

TEST(Metrics, Label_values_are_bounded) {
    for (std::size_t i = 0; i < kMetricSeriesMax + 50; ++i)
        counter("movio_test_bounded_total", "Bounded.", {{"path", std::to_string(i)}}).add();
    const auto text = metrics_text();
    EXPECT_THAT(text, HasSubstr("movio_test_bounded_total{path=\"499\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("path=\"500\"")));
    EXPECT_THAT(text, HasSubstr("movio_test_bounded_total{path=\"other\"} 50\n"));
}

TEST(Metrics, Threads_count_together) {
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([] {
                for (int i = 0; i < 1000; ++i) counter("movio_test_threads_total", "Threads.").add();
            });
    }
    EXPECT_THAT(metrics_text(), HasSubstr("movio_test_threads_total 4000\n"));
}

}  // namespace
}  // namespace movio
