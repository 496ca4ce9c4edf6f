#include "media/format/passthrough.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "media/format/box_reader.hpp"
#include "media/format/verify.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

using testing::HasSubstr;

// A small ladder, so that encoded rungs lie below the small pictures of these tests.
PlanSettings passing() {
    PlanSettings settings;
    settings.rungs = {{90, 150}, {180, 400}};
    return settings;
}

const std::string kPicture = "-f lavfi -i testsrc2=s=320x180:r=25:d=13 -pix_fmt yuv420p ";
const std::string kSound = "-f lavfi -i sine=d=13 ";
const std::string kH264 = "-c:v libx264 -preset veryfast -crf 30 -bf 3 ";
const std::string kClosed = "-g 50 -x264-params scenecut=0 ";

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Every NAL unit of the picture but parameter sets and delimiters, as another program reads them.
std::string payload_of(const std::filesystem::path& file) {
    const auto out = scratch("payload.h264");
    run("ffmpeg -nostdin -hide_banner -v error -y -i " + file.string() +
        " -map 0:v:0 -c copy -bsf:v 'h264_mp4toannexb,filter_units=remove_types=7|8|9' -f h264 " + out.string());
    auto text = text_of(out);
    std::filesystem::remove(out);
    return text;
}

struct Passed {
    Plan plan;
    CollectingSink sink;
    std::filesystem::path file;
    std::string name;
};

Passed pass(MemorySource& source) {
    Passed passed;
    passed.plan = plan_of(source, passing());
    EXPECT_EQ(passed.plan.passthrough_obstacle, "");
    passed.name = passed.plan.video.back().name;
    EXPECT_TRUE(passed.plan.video.back().passthrough);
    const auto done = run_order(VideoWork{{all_of(passed.plan, passed.name)}}, passed.plan, source, passed.sink);
    EXPECT_TRUE(done) << (done ? "" : done.error().message + " / " + done.error().detail);
    passed.file = joined(passed.sink, passed.name, "passed.mp4");
    return passed;
}

void expect_verified(const Plan& plan, const CollectingSink& sink, const std::string& name) {
    const auto* init = sink.find(ArtefactKind::init_segment, name);
    ASSERT_NE(init, nullptr);
    const auto good = verify_init(plan, name, init->bytes);
    EXPECT_TRUE(good) << good.error().detail;
    ASSERT_EQ(static_cast<std::int64_t>(sink.segments(name).size()), plan.grid.segments());
    for (const auto* segment : sink.segments(name)) {
        const auto verified = verify_segment(plan, name, segment->number - 1, segment->bytes);
        EXPECT_TRUE(verified) << verified.error().detail;
    }
}

// The whole of what is promised of a source that fits.
void expect_passed(const std::filesystem::path& path) {
    auto source = MemorySource::of_file(path);
    const auto passed = pass(source);
    expect_verified(passed.plan, passed.sink, passed.name);
    EXPECT_EQ(passed.sink.last_progress, 1000);
    const auto payload = payload_of(passed.file);
    EXPECT_GT(payload.size(), 1'000U);
    EXPECT_TRUE(payload == payload_of(path)) << "the payload is not the source's";
    const auto& rung = passed.plan.video.back();
    const auto decoded = decode_grey(passed.file, rung.width, rung.height);
    EXPECT_EQ(decoded.complaints, "");
    const auto original = decode_grey(path, rung.width, rung.height);
    ASSERT_EQ(decoded.frames, original.frames);
    EXPECT_EQ(decoded.grey, original.grey);
    // Each segment alone is the very same.
    for (std::int64_t k = 0; k < passed.plan.grid.segments(); ++k) {
        CollectingSink alone;
        const auto done = run_order(VideoWork{{{passed.name, k, k + 1}}}, passed.plan, source, alone);
        ASSERT_TRUE(done) << done.error().message << " / " << done.error().detail;
        EXPECT_EQ(alone.segments(passed.name).at(0)->bytes,
                  passed.sink.segments(passed.name).at(static_cast<std::size_t>(k))->bytes)
            << k;
    }
    std::filesystem::remove(passed.file);
}

TEST(Passthrough, mp4) { expect_passed(made("closed.mp4", kSound + kPicture + kH264 + kClosed)); }
TEST(Passthrough, mp4_with_its_table_in_front) {
    expect_passed(made("front.mp4", kSound + kPicture + kH264 + kClosed + "-movflags +faststart"));
}
TEST(Passthrough, fragmented_mp4) {
    expect_passed(made("closed-frag.mp4", kPicture + kH264 + kClosed + "-movflags frag_keyframe+empty_moov"));
}
TEST(Passthrough, matroska) { expect_passed(made("closed.mkv", kSound + kPicture + kH264 + kClosed)); }
TEST(Passthrough, transport_stream) { expect_passed(made("closed.ts", kSound + kPicture + kH264 + kClosed)); }
TEST(Passthrough, transport_stream_whose_clock_wraps) {
    expect_passed(made("wraps.ts", kPicture + kH264 + kClosed + "-output_ts_offset 95440"));
}
TEST(Passthrough, flash_video) { expect_passed(made("closed.flv", kPicture + kH264 + kClosed)); }
TEST(Passthrough, no_b_frames_and_several_slices) {
    expect_passed(made("slices.mp4", kPicture + "-c:v libx264 -profile:v baseline -slices 4 -g 25"));
}
TEST(Passthrough, nothing_but_idr_pictures) {
    expect_passed(
        made("intra.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=7 -pix_fmt yuv420p -c:v libx264 -crf 40 -g 1"));
}
TEST(Passthrough, uneven_groups_at_a_broadcast_rate) {
    expect_passed(made("uneven.mkv", "-f lavfi -i testsrc2=s=320x180:r=30000/1001:d=20 -pix_fmt yuv420p " + kH264 +
                                         "-g 150 -force_key_frames 0.7,1.1,5.5,6.1,9,13.3,17"));
}
TEST(Passthrough, one_frame) {
    expect_passed(made("one.mp4", "-f lavfi -i testsrc2=s=320x180:r=25 -frames:v 1 -pix_fmt yuv420p -c:v libx264"));
}
TEST(Passthrough, real_film) {
    MOVIO_NEEDS_SHARED(source, "bbb-720p-5s.mp4");
    expect_passed(*source_path);
}

TEST(Passthrough, encoded_rungs_follow_its_keyframes) {
    const auto path =
        made("uneven-rungs.mp4", kPicture + kH264 + "-g 150 -sc_threshold 0 -force_key_frames 1.4,5.2,9.6,11");
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source, passing());
    ASSERT_EQ(plan.video.size(), 2U);
    EXPECT_EQ(plan.grid.first_frames(), (std::vector<std::int64_t>{0, 130, 240}));
    CollectingSink sink;
    ASSERT_TRUE(
        run_order(VideoWork{{all_of(plan, plan.video[0].name), all_of(plan, plan.video[1].name)}}, plan, source, sink));
    for (const auto& rung : plan.video) {
        expect_verified(plan, sink, rung.name);
        const auto file = joined(sink, rung.name, "follows.mp4");
        const auto decoded = decode_grey(file, rung.width, rung.height);
        EXPECT_EQ(decoded.complaints, "");
        EXPECT_EQ(decoded.frames, plan.grid.frames_total());
        const auto original = decode_grey(path, rung.width, rung.height,
                                          "scale=" + std::to_string(rung.width) + ":" + std::to_string(rung.height));
        for (const std::int64_t frame : {0, 129, 130, 240, 324})
            EXPECT_GT(psnr(decoded.frame(frame), original.frame(frame)), 22) << rung.name << " " << frame;
        std::filesystem::remove(file);
    }
}

TEST(Passthrough, the_last_picture_is_held_while_sound_goes_on) {
    auto source = MemorySource::of_file(
        made("held.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=5 -f lavfi -i sine=d=5.4 -pix_fmt yuv420p " + kH264));
    const auto passed = pass(source);
    EXPECT_GE(frames_held(passed.plan), 9);
    expect_verified(passed.plan, passed.sink, passed.name);
    const auto decoded = decode_grey(passed.file, 320, 180);
    EXPECT_EQ(decoded.complaints, "");
    EXPECT_EQ(decoded.frames, 125);
    std::filesystem::remove(passed.file);
}

TEST(Passthrough, a_source_that_is_another_one_now_fails) {
    auto source = MemorySource::of_file(made("closed.mp4", kSound + kPicture + kH264 + kClosed));
    const auto plan = plan_of(source, passing());
    auto other =
        MemorySource::of_file(made("slices.mp4", kPicture + "-c:v libx264 -profile:v baseline -slices 4 -g 25"));
    auto moved = MemorySource::of_file(made("moved.mp4", kSound + kPicture + kH264 + "-g 40 -x264-params scenecut=0"));
    auto shorter = MemorySource::of_file(made("shorter.mp4", kSound + kPicture + kH264 + kClosed + "-t 6"));
    for (auto* changed : {&other, &moved, &shorter}) {
        CollectingSink sink;
        const auto done = run_order(VideoWork{{all_of(plan, plan.video.back().name)}}, plan, *changed, sink);
        for (const auto* segment : sink.segments(plan.video.back().name))
            EXPECT_TRUE(verify_segment(plan, plan.video.back().name, segment->number - 1, segment->bytes));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, ErrorCode::damaged);
    }
}

struct Misfit {
    std::string name;
    std::string arguments;
    std::string reason;
};

class PassthroughRefused : public testing::TestWithParam<Misfit> {};

void expect_refused(const std::filesystem::path& path, const std::string& reason) {
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source, passing());
    for (const auto& rung : plan.video) EXPECT_FALSE(rung.passthrough);
    EXPECT_FALSE(plan.grid.is_explicit());
    EXPECT_THAT(plan.passthrough_obstacle, HasSubstr(reason));
}

TEST_P(PassthroughRefused, and_the_plan_says_why) {
    const auto& misfit = GetParam();
    expect_refused(made(misfit.name, misfit.arguments), misfit.reason);
}

INSTANTIATE_TEST_SUITE_P(
    Sources, PassthroughRefused,
    testing::Values(
        Misfit{"open-groups.mp4", kPicture + kH264 + "-g 50 -x264-params open-gop=1:scenecut=0", "open: "},
        Misfit{"open-groups.mkv", kPicture + kH264 + "-g 50 -x264-params open-gop=1:scenecut=0", "open: "},
        Misfit{"open-groups.ts", kPicture + kH264 + "-g 50 -x264-params open-gop=1:scenecut=0", "open: "},
        Misfit{"long-groups.mp4", kPicture + kH264 + "-g 250 -x264-params scenecut=0", "10.0 s apart"},
        Misfit{"ten-bits.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -pix_fmt yuv420p10le " + kH264, "10 bits"},
        Misfit{"full-colour.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -pix_fmt yuv444p " + kH264, "4:2:0"},
        Misfit{"full-range.mp4",
               "-f lavfi -i testsrc2=s=320x180:d=2 -vf scale=out_range=pc -color_range pc -pix_fmt yuvj420p " + kH264,
               "full range"},
        Misfit{"anamorphic.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -vf setsar=4/3 -pix_fmt yuv420p " + kH264,
               "square"},
        Misfit{"interlaced.mp4",
               "-f lavfi -i testsrc2=s=320x192:d=2 -pix_fmt yuv420p " + kH264 + "-x264-params interlaced=1",
               "interlaced"},
        Misfit{"uneven-times.mp4",
               kPicture + "-vf \"select='not(mod(n,3))+not(mod(n,7))'\" -fps_mode vfr " + kH264 + "-g 20",
               "not constant"},
        Misfit{"too-fast.mp4", "-f lavfi -i testsrc2=s=320x180:r=120:d=2 -pix_fmt yuv420p " + kH264, "not constant"},
        Misfit{"high-level.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -pix_fmt yuv420p -level 5.2 " + kH264,
               "level 5.2"},
        Misfit{"mpeg4.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -c:v mpeg4", "not H.264"},
        Misfit{"sound-longer.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -f lavfi -i sine=d=5 -pix_fmt yuv420p " + kH264,
               "sound goes on"},
        Misfit{"without-times.avi", "-f lavfi -i testsrc2=s=320x180:d=2 -pix_fmt yuv420p " + kH264, "does not tell"},
        Misfit{"heavy.mp4",
               "-f lavfi -i testsrc2=s=640x360:d=3 -vf noise=alls=60:allf=t -pix_fmt yuv420p -c:v libx264 "
               "-preset ultrafast -crf 10",
               "kb/s"}),
    [](const auto& test) {
        auto name = test.param.name;
        std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
        return name;
    });

TEST(PassthroughRefused, parameter_sets_that_change) {
    const auto part = [](const std::string& name, const std::string& options) {
        return made(name, "-f lavfi -i testsrc2=s=320x180:r=25:d=3 -pix_fmt yuv420p -c:v libx264 -g 25 " + options);
    };
    const auto first = part("sets-1.ts", "-x264-params ref=2");
    const auto second = part("sets-2.ts", "-x264-params ref=4:8x8dct=0");
    const auto list = scratch("sets.txt");
    write_file(list, as_bytes("file '" + first.string() + "'\nfile '" + second.string() + "'\n"));
    const auto path = scratch("sets.ts");
    run("ffmpeg -nostdin -hide_banner -v error -y -f concat -safe 0 -i " + list.string() + " -c copy " + path.string());
    expect_refused(path, "change in the middle");
    std::filesystem::remove(list);
    std::filesystem::remove(path);
}

TEST(PassthroughRefused, an_edit_list_that_hides_pictures) {
    const auto whole = made("closed.mp4", kSound + kPicture + kH264 + kClosed);
    expect_refused(made("trimmed.mp4", "-ss 1.2 -i " + whole.string() + " -c copy"), "edit list");
}

TEST(PassthroughRefused, a_picture_that_lies_on_its_side) {
    const auto path = made("upright.mp4", "-f lavfi -i testsrc2=s=320x180:d=2 -pix_fmt yuv420p " + kH264);
    auto text = text_of(path);
    const auto tkhd = text.find("tkhd");
    ASSERT_NE(tkhd, std::string::npos);
    // The matrix of a quarter turn (ISO/IEC 14496-12 §8.3.2), 16.16 and 2.30.
    const std::int64_t matrix[9] = {0, 0x10000, 0, -0x10000, 0, 0, 180 * 0x10000, 0, 0x40000000};
    for (std::size_t i = 0; i < 36; ++i) text[tkhd + 44 + i] = static_cast<char>(matrix[i / 4] >> (24 - i % 4 * 8));
    const auto turned = scratch("turned.mp4");
    write_file(turned, as_bytes(text));
    expect_refused(turned, "turned upright");
    std::filesystem::remove(turned);
}

TEST(PassthroughRefused, damaged_packets) {
    auto bytes = MemorySource::of_file(made("closed.mp4", kSound + kPicture + kH264 + kClosed)).bytes();
    const auto third = static_cast<std::ptrdiff_t>(bytes.size() / 3);
    std::fill(bytes.begin() + third, bytes.begin() + third + 20'000, std::byte{0x55});
    const auto path = scratch("broken.mp4");
    write_file(path, bytes);
    expect_refused(path, "damaged");
    std::filesystem::remove(path);
}

TEST(PassthroughRefused, no_idr_picture_at_the_beginning) {
    const auto whole = text_of(made("closed.ts", kSound + kPicture + kH264 + kClosed));
    const auto path = scratch("headless.ts");
    constexpr std::size_t kTsPacketBytes = 188;
    write_file(path, as_bytes(whole.substr(kTsPacketBytes * (whole.size() / kTsPacketBytes / 5))));
    expect_refused(path, "begin with an IDR picture");
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace movio::media::test
