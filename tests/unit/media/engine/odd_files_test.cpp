#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "media/engine/av/clock.hpp"
#include "media/engine/index/text_scan.hpp"
#include "media/format/manifest.hpp"
#include "media/format/verify.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

const Track* find_track(const Index& index, TrackKind kind) {
    const auto found = std::ranges::find(index.tracks, kind, &Track::kind);
    return found == index.tracks.end() ? nullptr : &*found;
}

std::vector<std::size_t> places_of(const Bytes& bytes, std::string_view name) {
    std::vector<std::size_t> places;
    const auto view = as_bytes(name);
    for (auto at = bytes.begin(); (at = std::search(at, bytes.end(), view.begin(), view.end())) != bytes.end(); ++at)
        places.push_back(static_cast<std::size_t>(at - bytes.begin()));
    return places;
}

std::uint64_t big_endian(const Bytes& bytes, std::size_t at, int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8U | std::to_integer<std::uint64_t>(bytes.at(at++));
    return value;
}

void put_big_endian(Bytes& bytes, std::size_t at, int count, std::uint64_t value) {
    for (int i = count; i-- > 0; value >>= 8U)
        bytes.at(at + static_cast<std::size_t>(i)) = static_cast<std::byte>(value & 0xFFU);
}

void expect_first_segments(const Plan& plan, MemorySource& source) {
    CollectingSink sink;
    VideoWork work{{{plan.video.at(0).name, 0, 1}}};
    const auto pictures = run_order(work, plan, source, sink);
    ASSERT_TRUE(pictures) << pictures.error().message;
    for (const auto& audio : plan.audio) ASSERT_TRUE(run_order(AudioWork{{audio.name, 0, 1}}, plan, source, sink));
    for (const auto& artefact : sink.artefacts) {
        if (artefact.kind != ArtefactKind::segment) continue;
        const auto verified = verify_segment(plan, artefact.rendition, 0, artefact.bytes);
        EXPECT_TRUE(verified) << verified.error().detail;
        EXPECT_EQ(artefact.damaged, 0) << artefact.rendition;
    }
}

TEST(OddFiles, control_characters_of_a_title_are_spaces) {
    auto source = MemorySource::of_file(made("title.mkv",
                                             "-f lavfi -i sine=r=48000:d=1 -c:a flac -metadata:s:a:0 'title=a\x01"
                                             "b\nc\x7F"
                                             "d\xEF\xBF\xBE"
                                             "e\xEF\xBF\xBF"
                                             "fü'"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->tracks.at(0).title, "a b c d e fü");
    EXPECT_FALSE(render_mpd(make_plan(*index, {}).value(), nullptr, {}).contains("&#"));
}

TEST(OddFiles, sound_of_another_configuration_in_the_middle_is_encoded) {
    const auto first = made("stereo.aac", "-f lavfi -i sine=r=48000:d=3 -ac 2 -c:a aac -f adts");
    const auto second = made("mono.aac", "-f lavfi -i sine=r=48000:d=3 -ac 1 -c:a aac -f adts");
    const auto both = scratch("both.aac");
    const auto film = scratch("both.ts");
    run("cat " + first.string() + " " + second.string() + " > " + both.string());
    run("ffmpeg -nostdin -v error -y -i " + both.string() + " -c copy " + film.string());
    auto source = MemorySource::of_file(film);
    const auto plan = plan_of(source);
    std::filesystem::remove(both);
    std::filesystem::remove(film);
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_FALSE(plan.audio[0].passthrough);
    CollectingSink sink;
    ASSERT_TRUE(run_order(AudioWork{all_of(plan, plan.audio[0].name)}, plan, source, sink));
    for (const auto* segment : sink.segments(plan.audio[0].name)) EXPECT_EQ(segment->damaged, 0);
}

// Sound of two seconds, a hole in its clock until `again_s`, and the rest of it.
std::string sound_with_hole(int again_s) {
    return "-f lavfi -i \"sine=r=48000:d=4,asetpts=PTS+gte(T\\,2)*" + std::to_string(again_s - 2) + "/TB\" ";
}

TEST(OddFiles, a_wrong_clock_of_the_sound_does_not_make_a_day_of_film) {
    const std::string picture = "-f lavfi -i testsrc2=s=64x64:r=25:d=4 -c:v libx264 -preset ultrafast ";
    for (const bool seen : {true, false}) {
        auto source = MemorySource::of_file(
            made(seen ? "jump.mkv" : "jump.mka", sound_with_hole(7200) + (seen ? picture : "") + "-c:a pcm_s16le"));
        const auto index = index_of(source);
        ASSERT_FALSE(index) << index->duration_us;
        EXPECT_EQ(index.error().code, ErrorCode::damaged);
        EXPECT_TRUE(index.error().message.contains("clock is damaged")) << index.error().message;
    }
}

TEST(OddFiles, sound_that_begins_long_after_the_picture_is_refused) {
    auto source = MemorySource::of_file(made("late.mkv",
                                             "-f lavfi -i testsrc2=s=64x64:r=25:d=4 -itsoffset 7200 -f lavfi -i "
                                             "sine=r=48000:d=4 -c:v libx264 -preset ultrafast -c:a pcm_s16le"));
    const auto index = index_of(source);
    ASSERT_FALSE(index) << index->duration_us;
    EXPECT_EQ(index.error().code, ErrorCode::damaged);
}

TEST(OddFiles, a_hole_in_the_sound_within_the_picture_is_silence) {
    auto source = MemorySource::of_file(made("hole.mkv", sound_with_hole(100) +
                                                             "-f lavfi -i testsrc2=s=64x64:r=1:d=102 -c:v libx264 "
                                                             "-preset ultrafast -c:a pcm_s16le"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_NEAR(static_cast<double>(index->duration_us), 102e6, 1e6);
}

// Live recordings count from 1970.
TEST(OddFiles, a_clock_of_many_years_is_taken) {
    constexpr std::uint64_t kScale = 48000;
    auto bytes =
        MemorySource::of_file(made("live.mp4",
                                   "-f lavfi -i testsrc2=s=160x120:r=25:d=6 -f lavfi -i sine=r=48000:d=6 -c:v libx264 "
                                   "-preset ultrafast -g 25 -c:a aac -ac 2 -video_track_timescale 48000 "
                                   "-movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer"))
            .bytes();
    const auto plain = bytes;
    const auto moved_by = [&](std::uint64_t seconds) {
        bytes = plain;
        for (const auto at : places_of(plain, "tfdt")) {
            EXPECT_EQ(big_endian(plain, at + 4, 1), 1U);  // version 1: 64 bits
            put_big_endian(bytes, at + 8, 8, big_endian(plain, at + 8, 8) + seconds * kScale);
        }
        return MemorySource(bytes);
    };
    auto source = moved_by(1'750'000'000);
    const auto plan = plan_of(source);
    ASSERT_EQ(plan.video.size(), 1U);
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_NEAR(static_cast<double>(plan.duration_ms()), 6000, 60);
    EXPECT_TRUE(plan_from_json(to_json(plan)));
    expect_first_segments(plan, source);
    auto late = moved_by(5'000'000'000);
    const auto index = index_of(late);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code, ErrorCode::damaged) << index.error().message;
    EXPECT_TRUE(index.error().message.contains("clock")) << index.error().message;
}

TEST(OddFiles, a_subtitle_of_a_broken_length_lasts_a_day_at_most) {
    AVFormatContext* container = avformat_alloc_context();
    AVStream* stream = avformat_new_stream(container, nullptr);
    stream->codecpar->codec_id = AV_CODEC_ID_SUBRIP;
    stream->time_base = {1, 1000};
    auto scan = TextScan::open(*stream, false);
    ASSERT_TRUE(scan);
    auto packet = av::new_packet();
    ASSERT_GE(av_new_packet(packet.get(), 1), 0);
    packet->data[0] = 'a';
    packet->pts = 2000;
    packet->duration = av::kTimeMax;
    scan->add(*packet);
    packet->pts = av::kTimeMax;  // no time at all
    scan->add(*packet);
    Track track;
    scan->finish(track);
    EXPECT_EQ(track.packets, 1);
    EXPECT_EQ(track.end_pts, 2000 + limits::kDurationSecondsMax * 1000);
    avformat_free_context(container);
}

TEST(OddFiles, a_picture_without_marked_keyframes_is_read_from_its_beginning) {
    const auto path = made("unmarked.mp4",
                           "-f lavfi -i testsrc2=s=320x180:r=25:d=9 -c:v mpeg4 -b:v 2M -pix_fmt yuv420p "
                           "-g 25 -bf 2 -movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer");
    auto bytes = MemorySource::of_file(path).bytes();
    constexpr std::uint64_t kNoKeyframe = 0x01010000;
    int marks = 0;
    for (const auto at : places_of(bytes, "trun")) {
        const auto flags = big_endian(bytes, at + 5, 3);
        if ((flags & 4U) == 0) continue;
        put_big_endian(bytes, at + ((flags & 1U) != 0 ? 16 : 12), 4, kNoKeyframe);
        ++marks;
    }
    ASSERT_GT(marks, 0);
    MemorySource source(std::move(bytes));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    const auto* picture = find_track(*index, TrackKind::video);
    ASSERT_EQ(picture->keyframes.size(), 1U);
    EXPECT_EQ(picture->video->frames, 225);
    const auto plan = make_plan(*index, {}).value();
    const auto& rung = plan.video.at(0);
    for (const std::int64_t first : {0, 1}) {
        CollectingSink sink;
        ASSERT_TRUE(run_order(VideoWork{{{rung.name, first, first + 1}}}, plan, source, sink));
        EXPECT_EQ(sink.segments(rung.name).at(0)->damaged, 0);
        const auto file = joined(sink, rung.name, "unmarked.mp4");
        const auto ours = decode_grey(file, rung.width, rung.height);
        const auto original = decode_grey(path, rung.width, rung.height,
                                          "scale=" + std::to_string(rung.width) + ":" + std::to_string(rung.height));
        std::filesystem::remove(file);
        EXPECT_GT(psnr(ours.frame(10), original.frame(plan.grid.segment(first).first_frame + 10)), 28);
    }
}

// The record of Dolby Vision (dvcC) in the place of a box that says nothing needed.
TEST(OddFiles, dolby_vision_of_profile_5_is_refused) {
    const auto path =
        made("dolby.mp4", "-f lavfi -i testsrc2=s=160x120:r=25:d=1 -c:v libx264 -preset ultrafast -b:v 100k");
    for (const std::uint64_t profile : {5U, 8U}) {
        auto bytes = MemorySource::of_file(path).bytes();
        const auto places = places_of(bytes, "btrt");
        ASSERT_EQ(places.size(), 1U);
        ASSERT_EQ(big_endian(bytes, places[0] - 4, 4), 20U);
        put_big_endian(bytes, places[0], 4, 0x64766343);
        put_big_endian(bytes, places[0] + 4, 4, 0x01000000 | profile << 9U | 6U << 3U | 5U);
        put_big_endian(bytes, places[0] + 8, 8, (profile == 8 ? 1ULL : 0ULL) << 60U);
        MemorySource source(std::move(bytes));
        const auto index = index_of(source);
        ASSERT_EQ(index.has_value(), profile == 8);
        if (index) continue;
        EXPECT_EQ(index.error().code, ErrorCode::codec_unsupported);
        EXPECT_TRUE(index.error().message.contains("Dolby Vision")) << index.error().message;
    }
}

TEST(Presets, every_one_makes_the_profile_that_was_planned) {
    auto source = MemorySource::of_file(
        made("presets.mp4", "-f lavfi -i testsrc2=s=1280x720:r=25:d=1 -frames:v 2 -c:v libx264 -preset ultrafast"));
    for (const std::string preset : {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"}) {
        auto settings = encoding();
        settings.preset = preset;
        const auto plan = plan_of(source, settings);
        ASSERT_EQ(plan.video.back().profile, "high");
        VideoWork work;
        for (const auto& rung : plan.video) work.ranges.push_back(all_of(plan, rung.name));
        CollectingSink sink;
        ASSERT_TRUE(run_order(work, plan, source, sink));
        for (const auto& rung : plan.video) {
            const auto verified = verify_init(plan, rung.name, sink.find(ArtefactKind::init_segment, rung.name)->bytes);
            EXPECT_TRUE(verified) << preset << ": " << verified.error().detail;
            EXPECT_TRUE(verify_segment(plan, rung.name, 0, sink.segments(rung.name).at(0)->bytes)) << preset;
        }
    }
}

}  // namespace
}  // namespace movio::media::test
