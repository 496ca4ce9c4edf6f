#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "media/engine/filter/shared_filter.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

constexpr double kSameFrame = 28;  // dB: our 8-bit encode against the source's own frame

VideoWork every_rung(const Plan& plan) {
    VideoWork work;
    for (const auto& rung : plan.video) work.ranges.push_back(all_of(plan, rung.name));
    return work;
}

// Encodes segments [first, end) of the lowest rung (or all of it) and decodes them with another program.
struct Outcome {
    CollectingSink sink;
    Decoded decoded;
    VideoRendition rung;
};

Outcome encode(const Plan& plan, MemorySource& source, std::int64_t first = 0, std::int64_t end = -1) {
    Outcome outcome;
    outcome.rung = plan.video.at(0);
    const SegmentRange range{outcome.rung.name, first, end < 0 ? plan.grid.segments() : end};
    const auto done = run_order(VideoWork{{range}}, plan, source, outcome.sink);
    EXPECT_TRUE(done) << (done ? "" : done.error().message + " / " + done.error().detail);
    const auto file = joined(outcome.sink, outcome.rung.name, "video.mp4");
    outcome.decoded = decode_grey(file, outcome.rung.width, outcome.rung.height);
    std::filesystem::remove(file);
    EXPECT_EQ(outcome.decoded.complaints, "");
    return outcome;
}

std::string scaled_to(const VideoRendition& rung, const std::string& before = {}) {
    return before + "scale=" + std::to_string(rung.width) + ":" + std::to_string(rung.height) + ":flags=bicubic";
}

TEST(Grid, a_frame_shows_the_latest_picture_within_half_a_frame) {
    const Rational fps{25, 1};
    const Rational milliseconds{1, 1000};
    EXPECT_EQ(slot_of(0, milliseconds, fps), 0);
    EXPECT_EQ(slot_of(20, milliseconds, fps), 0);
    EXPECT_EQ(slot_of(21, milliseconds, fps), 1);
    EXPECT_EQ(slot_of(60, milliseconds, fps), 1);
    EXPECT_EQ(slot_of(-1, milliseconds, fps), 0);
    EXPECT_EQ(slot_of(-21, milliseconds, fps), -1);
    EXPECT_EQ(latest_shown(0, milliseconds, fps), 20);
    EXPECT_EQ(slot_of(latest_shown(1'000'000, milliseconds, {60000, 1001}), milliseconds, {60000, 1001}), 1'000'000);
    // A day in the finest clock there is does not overflow.
    EXPECT_EQ(slot_of(86400LL * 2'000'000'000, {1, 2'000'000'000}, {60, 1}), 86400 * 60);
}

TEST(Video, every_segment_of_every_rung_holds_exactly_its_frames) {
    MOVIO_NEEDS_SHARED(source, "bbb-720p-5s.mp4");
    const auto plan = plan_of(source);
    ASSERT_EQ(plan.video.size(), 3U);
    CollectingSink sink;
    ASSERT_TRUE(run_order(every_rung(plan), plan, source, sink));
    EXPECT_EQ(sink.last_progress, 1000);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(sink.artefacts.at(i).kind, ArtefactKind::init_segment);
    for (const auto& rung : plan.video) {
        const auto segments = sink.segments(rung.name);
        ASSERT_EQ(static_cast<std::int64_t>(segments.size()), plan.grid.segments());
        for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
            const auto& segment = *segments[static_cast<std::size_t>(k)];
            EXPECT_EQ(segment.number, k + 1);
            EXPECT_EQ(segment.ticks, plan.grid.segment(k).frames * plan.grid.frame_ticks());
            EXPECT_EQ(segment.damaged, 0);
        }
        const auto file = joined(sink, rung.name, rung.name + ".mp4");
        const auto decoded = decode_grey(file, rung.width, rung.height);
        EXPECT_EQ(decoded.complaints, "");
        ASSERT_EQ(decoded.frames, plan.grid.frames_total());
        const auto original = decode_grey(*source_path, rung.width, rung.height, scaled_to(rung));
        for (const std::int64_t frame : {0, 1, 50, 99, 100, 101, 131}) {
            EXPECT_GT(psnr(decoded.frame(frame), original.frame(frame)), kSameFrame) << rung.name << " frame " << frame;
        }
        const auto tags =
            run("ffprobe -v error -show_entries stream=profile,level,color_space,color_transfer,color_primaries,"
                "color_range,sample_aspect_ratio -of csv=p=0 " +
                file.string());
        EXPECT_TRUE(tags.contains("bt709,bt709,bt709")) << tags;
        EXPECT_TRUE(tags.contains("1:1")) << tags;
        std::filesystem::remove(file);
    }
}

TEST(Video, the_init_segment_is_the_same_whoever_makes_it) {
    MOVIO_NEEDS_SHARED(source, "bbb-480p-30s.mp4");
    auto plan = plan_of(source);
    const auto name = plan.video.at(0).name;
    const auto first = encode(plan, source, 0, 1);
    const auto* init = first.sink.find(ArtefactKind::init_segment, name);
    ASSERT_NE(init, nullptr);
    std::int64_t segment = 1;
    for (const int crf : {18, 23, 31}) {
        for (const int threads : {1, 2, 4}) {
            plan.video[0].crf = crf;
            plan.video[0].threads = threads;
            const auto other = encode(plan, source, segment, segment + 1);
            segment = segment % 6 + 1;
            const auto* again = other.sink.find(ArtefactKind::init_segment, name);
            ASSERT_NE(again, nullptr);
            EXPECT_EQ(again->bytes, init->bytes) << "CRF " << crf << ", " << threads << " threads";
        }
    }
}

// The pictures of one segment made alone are those of the whole run, frame by frame.
void expect_same_alone(MemorySource& source, std::int64_t segment) {
    const auto plan = plan_of(source);
    ASSERT_GT(plan.grid.segments(), segment);
    const auto whole = encode(plan, source);
    const auto alone = encode(plan, source, segment, segment + 1);
    const auto place = plan.grid.segment(segment);
    ASSERT_EQ(whole.decoded.frames, plan.grid.frames_total());
    ASSERT_EQ(alone.decoded.frames, place.frames);
    for (std::int64_t frame = 0; frame < place.frames; frame += 7) {
        EXPECT_GT(psnr(alone.decoded.frame(frame), whole.decoded.frame(place.first_frame + frame)), 32)
            << "frame " << frame;
    }
    EXPECT_EQ(whole.sink.segments(plan.video[0].name)[static_cast<std::size_t>(segment)]->damaged, 0);
}

const std::string kMoving = "-f lavfi -i testsrc2=s=640x360:r=25:d=13 -pix_fmt yuv420p -b:v 3M ";

TEST(VideoAlone, mp4_with_b_frames) {
    MOVIO_NEEDS_SHARED(source, "bbb-480p-30s.mp4");
    expect_same_alone(source, 4);
}
TEST(VideoAlone, webm_with_hidden_frames) {
    MOVIO_NEEDS_SHARED(source, "tears-of-steel-clip.webm");
    expect_same_alone(source, 7);
}
TEST(VideoAlone, transport_stream_without_labels) {
    MOVIO_NEEDS_SHARED(source, "mb-missing-keyframe-labels.ts");
    expect_same_alone(source, 1);
}
TEST(VideoAlone, avi) {
    auto source = MemorySource::of_file(made("alone.avi", kMoving + "-c:v mpeg4 -g 40 -bf 2"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, mkv_with_open_groups) {
    auto source = MemorySource::of_file(
        made("open.mkv", kMoving + "-c:v libx264 -preset veryfast -g 60 -x264-params open-gop=1:bframes=3:scenecut=0"));
    expect_same_alone(source, 1);
}
TEST(VideoAlone, transport_stream_with_open_groups) {
    auto source = MemorySource::of_file(made("open.ts", kMoving + "-c:v mpeg2video -g 15 -bf 2 -muxdelay 1.4"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, program_stream) {
    auto source = MemorySource::of_file(made("alone.mpg", kMoving + "-c:v mpeg2video -g 12 -bf 2 -f vob"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, fragmented_mp4_without_index) {
    auto source = MemorySource::of_file(
        made("frag.mp4", kMoving + "-c:v libx264 -preset veryfast -g 50 -movflags frag_keyframe+empty_moov"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, flv) {
    auto source = MemorySource::of_file(made("alone.flv", kMoving + "-c:v libx264 -preset veryfast -g 50"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, one_keyframe_only) {
    auto source = MemorySource::of_file(
        made("single.mkv", kMoving + "-c:v libx264 -preset veryfast -g 1000 -x264-params scenecut=0"));
    expect_same_alone(source, 2);
}
TEST(VideoAlone, ogg) {
    auto source = MemorySource::of_file(made("alone.ogv", kMoving + "-c:v libtheora -g 32"));
    expect_same_alone(source, 2);
}

// The luma of grid frame `frame`, after the filters that all renditions share, begun at frame `start`.
std::vector<std::uint8_t> filtered(MemorySource& source, const Plan& plan, std::int64_t start, std::int64_t frame) {
    CollectingSink sink;
    auto reader = PictureReader::open(source, sink, plan.index, *plan.video_stream, 1);
    EXPECT_TRUE(reader);
    SharedFilter filter(**reader, plan.grid.frame_rate(), {640, 360});
    EXPECT_TRUE(filter.start_at_frame(start));
    for (auto placed = filter.next(); placed && *placed; placed = filter.next()) {
        if ((*placed)->slot < frame) continue;
        EXPECT_EQ((*placed)->slot, frame);
        const AVFrame& picture = *(*placed)->picture.frame;
        std::vector<std::uint8_t> luma;
        for (int y = 0; y < picture.height; ++y) {
            const auto* line = picture.data[0] + std::ptrdiff_t{y} * picture.linesize[0];
            luma.insert(luma.end(), line, line + picture.width);
        }
        return luma;
    }
    return {};
}

// A filter that looks back has nothing before the picture it begins with: a segment must not begin with that one, even
// where its first frame is a keyframe.
TEST(VideoAlone, interlaced) {
    auto source = MemorySource::of_file(
        made("alone-interlaced.ts",
             "-f lavfi -i testsrc2=s=640x360:r=50:d=9 -vf scroll=horizontal=0.02,interlace -pix_fmt yuv420p -c:v "
             "mpeg2video -flags +ildct+ilme -b:v 8M -g 25 -sc_threshold 1000000000"));
    const auto plan = plan_of(source);
    const auto first = plan.grid.segment(1).first_frame;
    for (const auto frame : {first, first + 1})
        EXPECT_TRUE(filtered(source, plan, first, frame) == filtered(source, plan, 0, frame)) << frame;
    expect_same_alone(source, 1);
}

TEST(Video, phone_clips_stand_upright) {
    for (const std::string name : {"decord-video_90.mov", "decord-video_180.mov"}) {
        MOVIO_NEEDS_SHARED(source, name);
        const auto plan = plan_of(source);
        const auto outcome = encode(plan, source);
        ASSERT_EQ(outcome.decoded.frames, plan.grid.frames_total());
        EXPECT_EQ(outcome.rung.width < outcome.rung.height, name.contains("90"));
        // ffmpeg turns by the same matrix.
        const auto original =
            decode_grey(*source_path, outcome.rung.width, outcome.rung.height, scaled_to(outcome.rung));
        EXPECT_GT(psnr(outcome.decoded.frame(0), original.frame(0)), kSameFrame) << name;
    }
}

TEST(Video, a_mirrored_film_is_turned_back) {
    const auto path = made("plain.mp4", "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv420p");
    auto bytes = MemorySource::of_file(path).bytes();
    const std::string box = "tkhd";
    const auto at = std::search(bytes.begin(), bytes.end(), as_bytes(box).begin(), as_bytes(box).end());
    ASSERT_NE(at, bytes.end());
    // tkhd version 0 (ISO/IEC 14496-12 §8.3.2): the matrix begins 40 bytes behind the flags; a = -1.0, x = width.
    const auto matrix = at + 4 + 40;
    for (const auto& [offset, value] : {std::pair{0, 0xFF}, {1, 0xFF}, {2, 0}, {3, 0}, {24, 1}, {25, 0x40}}) {
        matrix[offset] = static_cast<std::byte>(value);
    }
    MemorySource source(std::move(bytes));
    const auto plan = plan_of(source);
    EXPECT_TRUE(plan.index.tracks.at(0).video->mirrored);
    EXPECT_EQ(plan.index.tracks.at(0).video->rotation, 0);
    const auto outcome = encode(plan, source);
    const auto original = decode_grey(path, outcome.rung.width, outcome.rung.height, scaled_to(outcome.rung, "hflip,"));
    EXPECT_GT(psnr(outcome.decoded.frame(3), original.frame(3)), kSameFrame);
}

TEST(Video, wide_pixels_become_square) {
    MOVIO_NEEDS_SHARED(source, "mb-sar_2x1.mp4");
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source, 0, 1);
    EXPECT_EQ(outcome.rung.width, 1280);
    EXPECT_EQ(outcome.rung.height, 360);
    const auto original = decode_grey(*source_path, 1280, 360, scaled_to(outcome.rung));
    EXPECT_GT(psnr(outcome.decoded.frame(20), original.frame(20)), kSameFrame);
}

// Mean difference of neighbouring lines against that of lines two apart: combs make it large.
double combing(std::span<const std::uint8_t> frame, int width, int height) {
    double near = 1;
    double far = 1;
    for (int y = 2; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto at = static_cast<std::size_t>(y * width + x);
            const auto step = static_cast<std::size_t>(width);
            near += std::abs(int{frame[at]} - int{frame[at - step]});
            far += std::abs(int{frame[at]} - int{frame[at - 2 * step]});
        }
    }
    return near / far;
}

TEST(Video, interlaced_pictures_lose_their_combs) {
    const auto path = made(
        "combs.ts",
        "-f lavfi -i testsrc2=s=640x480:r=50:d=3 -vf scroll=horizontal=0.02,interlace -c:v mpeg2video -flags +ildct+ilme -b:v 8M");
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    ASSERT_EQ(outcome.decoded.frames, plan.grid.frames_total());
    const auto combed = decode_grey(path, 640, 480);
    const auto clean = decode_grey(path, 640, 480, "bwdif=mode=send_frame");
    const auto ours =
        decode_grey(path, outcome.rung.width, outcome.rung.height, scaled_to(outcome.rung, "bwdif=mode=send_frame,"));
    EXPECT_GT(combing(combed.frame(40), 640, 480), 1.2 * combing(clean.frame(40), 640, 480));
    EXPECT_GT(psnr(outcome.decoded.frame(40), ours.frame(40)), kSameFrame);
}

TEST(Video, variable_rate_keeps_its_length) {
    MOVIO_NEEDS_SHARED(source, "mb-cursed-vfr.mp4");
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    EXPECT_EQ(outcome.decoded.frames, plan.grid.frames_total());
    EXPECT_NEAR(static_cast<double>(plan.duration_ms()), 8725.5, 17);
}

TEST(Video, high_dynamic_range_becomes_bt709_of_8_bits) {
    MOVIO_NEEDS_SHARED(source, "exo-hdr10-video-with-sdr-container.mp4");
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    ASSERT_EQ(outcome.decoded.frames, plan.grid.frames_total());
    const auto mapped = decode_grey(*source_path, outcome.rung.width, outcome.rung.height,
                                    scaled_to(outcome.rung) +
                                        ",format=yuv420p10le,zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
                                        "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p");
    EXPECT_GT(psnr(outcome.decoded.frame(0), mapped.frame(0)), 26);
}

TEST(Video, the_last_frame_is_held_while_there_is_sound) {
    auto source = MemorySource::of_file(
        made("short.mp4", "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -f lavfi -i sine=d=9 -c:v libx264 -c:a aac"));
    const auto plan = plan_of(source);
    EXPECT_EQ(plan.grid.frames_total(), 225);
    const auto outcome = encode(plan, source);
    ASSERT_EQ(outcome.decoded.frames, 225);
    EXPECT_GT(psnr(outcome.decoded.frame(224), outcome.decoded.frame(60)), 40);
    for (const auto* segment : outcome.sink.segments(outcome.rung.name)) EXPECT_EQ(segment->damaged, 0);
    // Alone, from a place where the picture has long ended.
    const auto last = encode(plan, source, 2, 3);
    EXPECT_EQ(last.decoded.frames, plan.grid.segment(2).frames);
    EXPECT_GT(psnr(last.decoded.frame(0), outcome.decoded.frame(60)), 32);
}

TEST(Video, one_frame_is_one_segment) {
    auto source =
        MemorySource::of_file(made("one.mp4", "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -frames:v 1 -c:v libx264"));
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    EXPECT_EQ(outcome.decoded.frames, 1);
}

TEST(Video, odd_sizes_are_scaled_to_even_ones) {
    auto source =
        MemorySource::of_file(made("odd.mkv", "-f lavfi -i testsrc2=s=853x481:r=25:d=1 -c:v libx264 -pix_fmt yuv444p"));
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    EXPECT_EQ(outcome.rung.width % 2 + outcome.rung.height % 2, 0);
    EXPECT_EQ(outcome.decoded.frames, 25);
}

TEST(Video, full_range_becomes_limited) {
    const auto path = made(
        "full.mkv", "-f lavfi -i color=white:s=320x240:r=25:d=1 -vf scale=out_range=full,format=yuvj420p -c:v mjpeg");
    auto source = MemorySource::of_file(path);
    const auto outcome = encode(plan_of(source), source);
    ASSERT_GT(outcome.decoded.frames, 0);
    EXPECT_NEAR(outcome.decoded.frame(0)[1000], 255, 3);  // `gray` is of full range again
}

TEST(Video, the_size_may_change_in_the_middle) {
    const auto first = made("a.h264", "-f lavfi -i testsrc2=s=640x360:r=25:d=4 -c:v libx264 -preset veryfast -bf 0");
    const auto second = made("b.h264", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 -c:v libx264 -preset veryfast -bf 0");
    const auto both = scratch("both.h264");
    run("cat " + first.string() + " " + second.string() + " > " + both.string());
    const auto film = scratch("both.ts");
    run("ffmpeg -nostdin -v error -y -r 25 -i " + both.string() + " -c copy " + film.string());
    auto source = MemorySource::of_file(film);
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    ASSERT_EQ(outcome.decoded.frames, plan.grid.frames_total());
    const auto small = decode_grey(second, outcome.rung.width, outcome.rung.height, scaled_to(outcome.rung));
    EXPECT_GT(psnr(outcome.decoded.frame(150), small.frame(50)), 24);
    std::filesystem::remove(both);
    std::filesystem::remove(film);
}

TEST(Video, what_cannot_be_decoded_repeats_and_is_counted) {
    const auto path =
        made("damage.mp4", "-f lavfi -i testsrc2=s=640x360:r=25:d=12 -c:v libx264 -preset veryfast -g 50 -b:v 2M");
    auto bytes = MemorySource::of_file(path).bytes();
    const auto third = static_cast<std::ptrdiff_t>(bytes.size() / 3);
    std::fill(bytes.begin() + third, bytes.begin() + third + 60'000, std::byte{0x55});
    MemorySource source(std::move(bytes));
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    EXPECT_EQ(outcome.decoded.frames, plan.grid.frames_total());
    std::int64_t damaged = 0;
    for (const auto* segment : outcome.sink.segments(outcome.rung.name)) damaged += segment->damaged;
    EXPECT_GT(damaged, 0);
    EXPECT_LT(damaged, 120);
}

TEST(Video, damaged_real_file_gives_a_whole_result) {
    MOVIO_NEEDS_SHARED(source, "decord-corrupted.mp4");
    const auto plan = plan_of(source);
    const auto outcome = encode(plan, source);
    EXPECT_EQ(outcome.decoded.frames, plan.grid.frames_total());
}

TEST(Video, a_stop_and_a_refused_piece_end_the_work) {
    MOVIO_NEEDS_SHARED(source, "bbb-480p-30s.mp4");
    const auto plan = plan_of(source);
    CollectingSink sink;
    sink.on_put = [&](const Artefact& artefact) { sink.stop = artefact.kind == ArtefactKind::segment; };
    const auto done = run_order(every_rung(plan), plan, source, sink);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::cancelled);
    EXPECT_LT(sink.artefacts.size(), 10U);
}

TEST(Video, an_order_that_does_not_fit_its_plan_is_refused) {
    MOVIO_NEEDS_SHARED(source, "bbb-720p-5s.mp4");
    const auto plan = plan_of(source);
    CollectingSink sink;
    EXPECT_FALSE(run_order(VideoWork{{{"v-h264-360", 0, 99}}}, plan, source, sink));
    EXPECT_FALSE(run_order(VideoWork{{{"v-h264-999", 0, 1}}}, plan, source, sink));
    EXPECT_TRUE(sink.artefacts.empty());
}

TEST(Poster, is_upright_and_no_wider_than_asked) {
    MOVIO_NEEDS_SHARED(source, "decord-video_90.mov");
    const auto plan = plan_of(source);
    CollectingSink sink;
    const auto done = run_order(PosterWork{.frame = 2, .width_max = 200}, plan, source, sink);
    ASSERT_TRUE(done) << done.error().message << done.error().detail;
    const auto* image = sink.find(ArtefactKind::image, "poster.jpg");
    ASSERT_NE(image, nullptr);
    const auto file = scratch("poster.jpg");
    write_file(file, image->bytes);
    EXPECT_EQ(run("ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 " + file.string()),
              "mjpeg,200,356\n");
    const auto ours = decode_grey(file, 200, 356);
    const auto original = decode_grey(*source_path, 200, 356, "scale=200:356:flags=bicubic");
    EXPECT_GT(psnr(ours.frame(0), original.frame(2)), 26);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace movio::media::test
