#include <gtest/gtest.h>

#include "golden/media_films.hpp"
#include "support/media_boxes.hpp"
#include "support/media_golden.hpp"
#include "support/media_segments.hpp"

namespace movio::media {
namespace {

using movio::test::expect_golden;

TEST(BoxGolden, picture) {
    const auto plan = test::ordinary_film();
    expect_golden("boxes/video-init.txt", test::box_tree(write_video_init(
                                              plan, plan.video[2], test::avc_config(100, 0, 31), {1, 1, 1, false})));
    expect_golden("boxes/video-last-segment.txt",
                  test::box_tree(test::picture_segment(plan, plan.grid.segments() - 1)));
}

TEST(BoxGolden, sound) {
    const auto plan = test::ordinary_film();
    expect_golden("boxes/audio-init.txt", test::box_tree(write_audio_init(plan.audio[0])));
    expect_golden("boxes/audio-second-segment.txt", test::box_tree(test::sound_segment(plan, 1)));
}

}  // namespace
}  // namespace movio::media
