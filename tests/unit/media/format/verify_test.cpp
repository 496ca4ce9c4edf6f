#include "media/format/verify.hpp"

#include <functional>
#include <random>

#include <gmock/gmock.h>

#include "media/format/box_reader.hpp"
#include "support/media_films.hpp"
#include "support/media_segments.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::HasSubstr;

class Verify : public testing::Test {
protected:
    // What verification says against these samples as segment 2 of the picture; empty when it says nothing.
    std::string objection(const SegmentParts& parts, std::int64_t sequence = 2, std::int64_t decode_time = 100) {
        const auto verified = verify_segment(plan_, "v-h264-360", 1, parts.written(sequence, decode_time));
        return verified ? "" : verified.error().detail;
    }

    Plan plan_ = make_plan(index_of(picture_track(640, 360, {25, 1}, 250), sound_track(1, "en", 10'000)), {}).value();
};

TEST_F(Verify, right_segments_pass) {
    for (std::int64_t k = 0; k < plan_.grid.segments(); ++k) {
        EXPECT_TRUE(verify_segment(plan_, "v-h264-360", k, picture_segment(plan_, k)).has_value());
        EXPECT_TRUE(verify_segment(plan_, "a-1-en-2", k, sound_segment(plan_, k)).has_value());
    }
}

TEST_F(Verify, segment_of_another_place_or_rendition_fails) {
    const auto segment = picture_segment(plan_, 1);
    EXPECT_FALSE(verify_segment(plan_, "v-h264-360", 0, segment).has_value());
    EXPECT_FALSE(verify_segment(plan_, "a-1-en-2", 1, segment).has_value());
    EXPECT_FALSE(verify_segment(plan_, "v-h264-999", 1, segment).has_value());
    EXPECT_FALSE(verify_segment(plan_, "v-h264-360", 99, segment).has_value());
    EXPECT_FALSE(verify_segment(plan_, "v-h264-360", -1, segment).has_value());
}

TEST_F(Verify, wrong_numbers_are_named) {
    const auto parts = picture_parts(plan_, 1);
    EXPECT_EQ(objection(parts), "");
    EXPECT_THAT(objection(parts, 3), HasSubstr("sequence 3"));
    EXPECT_THAT(objection(parts, 2, 101), HasSubstr("tfdt 101"));
}

TEST_F(Verify, missing_frame_fails) {
    auto parts = picture_parts(plan_, 1);
    parts.samples.pop_back();
    EXPECT_THAT(objection(parts), HasSubstr("99 samples where 100 belong"));
}

TEST_F(Verify, wrong_duration_fails) {
    auto parts = picture_parts(plan_, 1);
    parts.samples[5].duration = 2;
    EXPECT_THAT(objection(parts), HasSubstr("lasts 2 ticks"));
}

TEST_F(Verify, frame_shown_twice_or_outside_fails) {
    auto parts = picture_parts(plan_, 1);
    parts.samples[7].cts_offset = 0;
    EXPECT_THAT(objection(parts), HasSubstr("displayed"));
    parts = picture_parts(plan_, 1);
    parts.samples[1].cts_offset = -50;
    EXPECT_THAT(objection(parts), HasSubstr("displayed -49 ticks"));
    parts = picture_parts(plan_, 1);
    parts.samples[99].cts_offset = 1;
    EXPECT_THAT(objection(parts), HasSubstr("displayed 100 ticks"));
}

TEST_F(Verify, segment_must_begin_with_its_only_idr) {
    auto parts = picture_parts(plan_, 1);
    parts.samples[0].sync = false;
    EXPECT_THAT(objection(parts), HasSubstr("begin with an IDR"));
    parts = picture_parts(plan_, 1);
    parts.data[0] = picture_sample(1, 20);
    parts.samples[0].data = parts.data[0];
    EXPECT_THAT(objection(parts), HasSubstr("begin with an IDR"));
    parts = picture_parts(plan_, 1);
    parts.data[50] = picture_sample(5, 20);
    parts.samples[50].data = parts.data[50];
    EXPECT_THAT(objection(parts), HasSubstr("second IDR"));
}

TEST_F(Verify, nal_unit_out_of_bounds_fails) {
    auto parts = picture_parts(plan_, 1);
    parts.data[3][3] = std::byte{200};
    EXPECT_THAT(objection(parts), HasSubstr("NAL unit leads out"));
    parts = picture_parts(plan_, 1);
    parts.data[3] = picture_sample(6, 20);
    parts.samples[3].data = parts.data[3];
    EXPECT_THAT(objection(parts), HasSubstr("shows no picture"));
}

TEST_F(Verify, init_must_match_its_rendition) {
    const auto& video = plan_.video[0];
    EXPECT_TRUE(verify_init(plan_, video.name, write_video_init(plan_, video, avc_config(), {})).has_value());
    EXPECT_TRUE(verify_init(plan_, "a-1-en-2", write_audio_init(plan_.audio[0])).has_value());
    EXPECT_FALSE(
        verify_init(plan_, video.name, write_video_init(plan_, video, avc_config(77, 0x40, 31), {})).has_value());
    auto other = video;
    other.width = 642;
    EXPECT_FALSE(verify_init(plan_, video.name, write_video_init(plan_, other, avc_config(), {})).has_value());
    EXPECT_FALSE(verify_init(plan_, video.name, write_audio_init(plan_.audio[0])).has_value());
    auto mono = plan_.audio[0];
    mono.channels = 1;
    EXPECT_FALSE(verify_init(plan_, "a-1-en-2", write_audio_init(mono)).has_value());
    EXPECT_FALSE(verify_init(plan_, "nothing", write_audio_init(plan_.audio[0])).has_value());
}

TEST_F(Verify, every_truncation_fails) {
    const auto segment = picture_segment(plan_, 2);
    const auto init = write_video_init(plan_, plan_.video[0], avc_config(), {});
    const auto sound = write_audio_init(plan_.audio[0]);
    // Copies of exact size, so that a sanitizer sees the first byte read outside.
    for (std::size_t size = 0; size < segment.size(); ++size)
        ASSERT_FALSE(
            verify_segment(plan_, "v-h264-360", 2, Bytes(segment.begin(), segment.begin() + static_cast<long>(size))));
    for (std::size_t size = 0; size < init.size(); ++size)
        ASSERT_FALSE(verify_init(plan_, "v-h264-360", Bytes(init.begin(), init.begin() + static_cast<long>(size))));
    for (std::size_t size = 0; size < sound.size(); ++size)
        ASSERT_FALSE(verify_init(plan_, "a-1-en-2", Bytes(sound.begin(), sound.begin() + static_cast<long>(size))));
}

TEST_F(Verify, random_damage_never_does_harm) {
    std::mt19937 random(3);
    const std::vector<Bytes> originals{picture_segment(plan_, 2), sound_segment(plan_, 2),
                                       write_audio_init(plan_.audio[0]),
                                       write_video_init(plan_, plan_.video[0], avc_config(), {})};
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = originals[static_cast<std::size_t>(round) % originals.size()];
        const auto head = std::min<std::size_t>(bytes.size(), 900);
        for (int change = 0; change <= round % 3; ++change)
            bytes[random() % head] = static_cast<std::byte>(round % 2 == 0 ? random() : random() % 2 * 255);
        for (const auto* rendition : {"v-h264-360", "a-1-en-2"}) {
            if (!verify_segment(plan_, rendition, 2, bytes)) ++refused;
            if (!verify_init(plan_, rendition, bytes)) ++refused;
        }
    }
    EXPECT_GT(refused, 60'000);
}

TEST_F(Verify, sample_count_that_asks_for_memory_is_refused) {
    auto segment = picture_segment(plan_, 1);
    const auto at = as_text(segment).find("trun") + 8;
    for (std::size_t i = 0; i < 4; ++i) segment[at + i] = std::byte{0xFF};
    EXPECT_FALSE(read_segment(segment).has_value());
}

}  // namespace
}  // namespace movio::media
