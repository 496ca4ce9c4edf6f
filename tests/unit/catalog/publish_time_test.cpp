#include "catalog/publish_time.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "base/metrics.hpp"
#include "support/media_films.hpp"

namespace movio::catalog {
namespace {

media::Plan plan_of(const std::string& codec, std::int64_t seconds) {
    auto picture = media::test::picture_track(640, 360, {25, 1}, seconds * 25);
    picture.codec = codec;
    return media::make_plan(media::test::index_of(std::move(picture)), {}).value();
}

TEST(PublishTime, Class_of_an_input_is_its_length_and_what_it_is_decoded_from) {
    EXPECT_EQ(input_class(plan_of("h264", 10)).length, "short");
    EXPECT_EQ(input_class(plan_of("h264", limits::kShortFilmMs / 1000)).length, "short");
    EXPECT_EQ(input_class(plan_of("h264", limits::kShortFilmMs / 1000 + 1)).length, "long");
    EXPECT_EQ(input_class(plan_of("h264", 10)).codec, "h264");
    EXPECT_EQ(input_class(plan_of("mpeg2video", 10)).codec, "mpeg2");
    EXPECT_EQ(input_class(plan_of("something of tomorrow", 10)).codec, "other");
    const auto sound = media::make_plan(media::test::index_of(media::test::aac_track(0, "en", 1000)), {}).value();
    EXPECT_EQ(input_class(sound).codec, "none");
}

TEST(PublishTime, Each_film_is_counted_in_the_histogram_of_its_class) {
    Video video;
    const auto plan = plan_of("vp8", 10);
    count_publish_time(video, plan);
    EXPECT_THAT(metrics_text(), Not(testing::HasSubstr("codec=\"vp8\""))) << "nothing is known of it";
    video.received_us = 1'000'000;
    video.playable_us = 2'400'000;
    count_publish_time(video, plan);
    const auto text = metrics_text();
    for (const char* line : {"movio_playable_seconds_count{codec=\"vp8\",length=\"short\"} 1",
                             "movio_playable_seconds_sum{codec=\"vp8\",length=\"short\"} 1.4",
                             "movio_playable_seconds_bucket{codec=\"vp8\",length=\"short\",le=\"1\"} 0",
                             "movio_playable_seconds_bucket{codec=\"vp8\",length=\"short\",le=\"1.5\"} 1"})
        EXPECT_THAT(text, testing::HasSubstr(line));
}

}  // namespace
}  // namespace movio::catalog
