#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "media/engine/images/jpeg.hpp"
#include "media/format/look.hpp"
#include "media/format/loudness.hpp"
#include "media/format/storyboard.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

// Ten seconds of black, ten of a blurred picture, ten of a sharp one; sound, silence, sound.
constexpr const char* kThreeParts =
    "-f lavfi -i testsrc2=size=640x360:rate=25:duration=30 -f lavfi -i sine=frequency=997:duration=30 -filter_complex "
    "\"[0]split=2[a][b];[a]trim=end=20,gblur=sigma=20:enable='gte(t,10)',"
    "drawbox=color=black:t=fill:enable='lt(t,10)'[blurred];"
    "[b]trim=start=20,setpts=PTS-STARTPTS[sharp];[blurred][sharp]concat[v];"
    "[1]volume=0.5:enable='lt(t,10)',volume=0:enable='between(t,10,20)'[s]\" -map [v] -map [s] "
    "-c:v mpeg4 -q:v 2 -g 50 -c:a ";

std::filesystem::path three_parts() { return made("three-parts.mkv", std::string(kThreeParts) + "flac"); }

// Two minutes that count their seconds; a key frame where each tile is.
std::filesystem::path numbers() {
    return made("numbers.mkv",
                "-f lavfi -i testsrc=size=320x180:rate=5:duration=112 -c:v libx264 -preset ultrafast -g 20");
}

Work looking(const Plan& plan, std::int64_t first, std::int64_t end) {
    return VideoWork{.ranges = {{plan.video.front().name, first, end}}, .looks = true};
}

std::vector<Look> looks_of(const CollectingSink& sink) {
    std::vector<Look> looks;
    for (const auto& artefact : sink.artefacts) {
        if (artefact.kind != ArtefactKind::figures || artefact.rendition != kLook) continue;
        auto look = look_from_json(as_text(artefact.bytes));
        EXPECT_TRUE(look) << as_text(artefact.bytes);
        EXPECT_EQ(artefact.number, look->span.first);
        looks.push_back(look.value_or(Look{}));
    }
    return looks;
}

// What the parent makes of looks: an order, and the strips one after another.
struct Strips {
    SheetsWork work;
    Bytes bytes;
};

Strips strips_of(const CollectingSink& sink) {
    Strips strips;
    for (const auto& look : looks_of(sink)) {
        const auto* strip = sink.find(ArtefactKind::image, kStrip, look.span.first);
        if (look.tiles.empty() || strip == nullptr) continue;
        strips.work.strips.push_back({static_cast<std::int64_t>(strips.bytes.size()),
                                      static_cast<std::int64_t>(strip->bytes.size()), look.first_tile,
                                      static_cast<std::int64_t>(look.tiles.size())});
        strips.bytes.insert(strips.bytes.end(), strip->bytes.begin(), strip->bytes.end());
    }
    return strips;
}

std::string facts_of(const Artefact& image, const std::string& entries) {
    const auto file = scratch("image-" + image.rendition);
    write_file(file, image.bytes);
    auto facts = run("ffprobe -v error -show_entries " + entries + " -of csv=p=0 " + file.string());
    std::filesystem::remove(file);
    return facts;
}

TEST(Looks, ride_on_the_decode_of_a_video_task) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    CollectingSink with;
    ASSERT_TRUE(run_order(looking(plan, 0, plan.grid.segments()), plan, source, with));
    CollectingSink without;
    ASSERT_TRUE(run_order(VideoWork{{all_of(plan, plan.video.front().name)}}, plan, source, without));
    EXPECT_TRUE(looks_of(without).empty());
    for (const auto* segment : without.segments(plan.video.front().name))
        EXPECT_EQ(segment->bytes, with.find(ArtefactKind::segment, plan.video.front().name, segment->number)->bytes);
    const auto looks = looks_of(with);
    ASSERT_EQ(looks.size(), 1U);
    EXPECT_EQ(looks[0].span, (FrameSpan{0, 750}));
    ASSERT_EQ(looks[0].tiles.size(), 8U);
    const auto& tiles = looks[0].tiles;
    for (std::size_t black = 0; black < 3; ++black) EXPECT_TRUE(is_black(tiles[black])) << black;
    for (std::size_t blurred = 3; blurred < 5; ++blurred) {
        EXPECT_FALSE(is_black(tiles[blurred])) << blurred;
        EXPECT_EQ(poster_score(tiles[blurred]), 0) << tiles[blurred].sharpness << " " << tiles[blurred].contrast;
    }
    for (std::size_t sharp = 5; sharp < 8; ++sharp) EXPECT_TRUE(is_good_poster(tiles[sharp])) << tiles[sharp].sharpness;
    EXPECT_EQ(black_stretches(plan, looks), (std::vector<Stretch>{{0, 10'000}}));
    const auto* strip = with.find(ArtefactKind::image, kStrip, 0);
    ASSERT_NE(strip, nullptr);
    EXPECT_EQ(facts_of(*strip, "stream=codec_name,width,height"), "mjpeg,2560,180\n");
}

TEST(Looks, are_the_same_however_the_work_was_divided) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    CollectingSink whole;
    CollectingSink parts;
    ASSERT_TRUE(run_order(looking(plan, 0, 8), plan, source, whole));
    ASSERT_TRUE(run_order(looking(plan, 0, 3), plan, source, parts));
    ASSERT_TRUE(run_order(looking(plan, 3, 8), plan, source, parts));
    const auto one = looks_of(whole);
    const auto two = looks_of(parts);
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(two[1].first_tile, 3);
    EXPECT_EQ(two[1].span, (FrameSpan{300, 750}));
    EXPECT_EQ(black_stretches(plan, one), black_stretches(plan, two));
    EXPECT_EQ(one[0].tiles[5].sharpness, two[1].tiles[2].sharpness);
}

TEST(Looks, of_key_frames_stand_in_where_nothing_was_encoded) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    CollectingSink sink;
    ASSERT_TRUE(run_order(LookWork{2, 7}, plan, source, sink));
    const auto looks = looks_of(sink);
    ASSERT_EQ(looks.size(), 1U);
    EXPECT_EQ(looks[0].first_tile, 2);
    ASSERT_EQ(looks[0].tiles.size(), 5U);
    EXPECT_TRUE(is_black(looks[0].tiles[0]));
    EXPECT_TRUE(is_good_poster(looks[0].tiles[4]));
    EXPECT_EQ(black_stretches(plan, looks), std::nullopt) << "the frames between were not seen";
}

TEST(Sheets, show_each_tile_in_its_place) {
    auto source = MemorySource::of_file(numbers());
    const auto plan = plan_of(source, encoding());
    const auto board = storyboard_of(plan).value();
    ASSERT_EQ(board.tiles, 28);
    CollectingSink looked;
    ASSERT_TRUE(run_order(LookWork{0, 20}, plan, source, looked));
    ASSERT_TRUE(run_order(LookWork{18, 28}, plan, source, looked));
    auto strips = strips_of(looked);
    ASSERT_EQ(strips.work.strips.size(), 3U) << "a strip holds sixteen";
    strips.work.preview = {0, 9, 19, 27};
    MemorySource bundle(strips.bytes);
    CollectingSink sink;
    ASSERT_TRUE(run_order(strips.work, plan, bundle, sink));
    ASSERT_EQ(sink.artefacts.size(), 3U);
    for (const auto* name : {"storyboard-1.jpg", "storyboard-2.jpg"}) {
        const auto* sheet = sink.find(ArtefactKind::image, name);
        ASSERT_NE(sheet, nullptr);
        EXPECT_EQ(facts_of(*sheet, "stream=codec_name,width,height"), "mjpeg,800,450\n");
        EXPECT_LT(sheet->bytes.size(), 200'000U);
    }
    const auto file = scratch("sheet.jpg");
    const auto original = decode_grey(numbers(), 160, 90, "scale=160:90:flags=area");
    for (const std::int64_t tile : {0, 4, 5, 17, 24, 25, 27}) {
        write_file(file, sink.find(ArtefactKind::image, tile < 25 ? "storyboard-1.jpg" : "storyboard-2.jpg")->bytes);
        const auto place = std::to_string(tile % 25 % 5 * 160) + ":" + std::to_string(tile % 25 / 5 * 90);
        const auto shown = decode_grey(file, 160, 90, "crop=160:90:" + place);
        const auto own = psnr(shown.frame(0), original.frame(board.frame_of(tile)));
        EXPECT_GT(own, 24) << tile;
        EXPECT_GT(own, 3 + psnr(shown.frame(0), original.frame(board.frame_of(tile == 27 ? 26 : tile + 1)))) << tile;
    }
    std::filesystem::remove(file);
}

TEST(Sheets, of_half_a_day_are_bounded) {
    auto source = MemorySource::of_file(
        made("half-a-day.mkv",
             "-f lavfi -i testsrc2=size=32x32:rate=1:duration=43200 -c:v libx264 -preset ultrafast -g 60"));
    const auto plan = plan_of(source, encoding());
    const auto board = storyboard_of(plan).value();
    EXPECT_EQ(board.interval_frames, 20);
    EXPECT_EQ(board.tiles, 2160);
    CollectingSink looked;
    ASSERT_TRUE(run_order(LookWork{0, board.tiles}, plan, source, looked));
    const auto strips = strips_of(looked);
    EXPECT_EQ(strips.work.strips.size(), 135U);
    const auto order = work_order_from_json(to_json(WorkOrder{strips.work, plan}));
    ASSERT_TRUE(order) << order.error().detail;
    MemorySource bundle(strips.bytes);
    CollectingSink sink;
    ASSERT_TRUE(run_order(order->work, plan, bundle, sink));
    EXPECT_EQ(sink.artefacts.size(), 87U);
}

TEST(Sheets, preview_moves_and_repeats) {
    auto source = MemorySource::of_file(numbers());
    const auto plan = plan_of(source, encoding());
    CollectingSink looked;
    ASSERT_TRUE(run_order(LookWork{0, 28}, plan, source, looked));
    auto strips = strips_of(looked);
    strips.work.preview = {0, 9, 19, 27};
    MemorySource bundle(strips.bytes);
    CollectingSink sink;
    ASSERT_TRUE(run_order(strips.work, plan, bundle, sink));
    const auto* preview = sink.find(ArtefactKind::image, kPreviewName);
    ASSERT_NE(preview, nullptr);
    const auto text = as_text(preview->bytes);
    EXPECT_TRUE(text.starts_with("RIFF") && text.substr(8, 4) == "WEBP");
    // RFC 9649 §2.7: ANIM says how often (0: for ever), an ANMF for each picture.
    const auto anim = text.find("ANIM");
    ASSERT_NE(anim, std::string_view::npos);
    EXPECT_EQ(text.substr(anim + 12, 2), std::string_view("\0\0", 2));
    std::size_t pictures = 0;
    for (auto at = text.find("ANMF"); at != std::string_view::npos; at = text.find("ANMF", at + 1)) {
        ++pictures;
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + 8 + i]); };
        EXPECT_EQ(byte(12) + 256 * byte(13) + 65536 * byte(14), 600);
    }
    EXPECT_EQ(pictures, 4U);
}

TEST(Sheets, strips_that_are_no_strips_leave_their_places_black) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    CollectingSink looked;
    ASSERT_TRUE(run_order(LookWork{0, 8}, plan, source, looked));
    const auto good = strips_of(looked);
    const auto sheets_of = [&plan](SheetsWork work, Bytes bytes) {
        MemorySource bundle(std::move(bytes));
        CollectingSink sink;
        const auto done = run_order(work, plan, bundle, sink);
        return std::pair(done.has_value(), sink.artefacts.size());
    };
    EXPECT_EQ(sheets_of(good.work, good.bytes), (std::pair<bool, std::size_t>(true, 1)));
    auto fewer = good.work;
    fewer.strips[0].tiles = 3;
    EXPECT_EQ(sheets_of(fewer, good.bytes), (std::pair<bool, std::size_t>(true, 1))) << "another size than it says";
    auto behind = good.work;
    behind.strips[0].first_tile = 2400;
    EXPECT_EQ(sheets_of(behind, good.bytes), (std::pair<bool, std::size_t>(true, 1)));
    auto noise = good.bytes;
    std::ranges::fill(noise, std::byte{0xA5});
    EXPECT_EQ(sheets_of(good.work, noise), (std::pair<bool, std::size_t>(true, 1)));
    auto cut = good.bytes;
    cut.resize(cut.size() / 2);
    EXPECT_FALSE(sheets_of(good.work, cut).first) << "the bundle is ours: it is whole, or something is wrong";
}

TEST(Poster, of_candidates_is_the_good_one) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    const auto psnr_with = [&](PosterWork work, std::int64_t frame) {
        CollectingSink sink;
        EXPECT_TRUE(run_order(work, plan, source, sink));
        const auto file = scratch("chosen.jpg");
        write_file(file, sink.find(ArtefactKind::image, kPosterName)->bytes);
        const auto shown = decode_grey(file, 320, 180, "scale=320:180");
        std::filesystem::remove(file);
        const auto original = decode_grey(three_parts(), 320, 180, "scale=320:180");
        return psnr(shown.frame(0), original.frame(frame));
    };
    EXPECT_GT(psnr_with({.frame = 75, .width_max = 640, .candidates = {75, 150, 375, 600, 700}}, 600), 26);
    EXPECT_GT(psnr_with({.frame = 75, .width_max = 640, .candidates = {0, 100}}, 75), 26) << "all are black";
}

// The level that ffmpeg's own meter finds.
double ebur128(const std::filesystem::path& file) {
    const auto said =
        run("ffmpeg -nostdin -hide_banner -i " + file.string() + " -vn -af ebur128=framelog=verbose -f null - 2>&1");
    const auto at = said.rfind("    I:");
    return at == std::string::npos ? 0 : std::stod(said.substr(at + 6));
}

SoundFigures heard_in(MemorySource& source, const Plan& plan) {
    std::vector<Levels> pieces;
    for (std::int64_t first = 0; first < plan.grid.segments();) {
        CollectingSink sink;
        const auto end = std::min(first + (first == 0 ? 1 : 3), plan.grid.segments());
        const SegmentRange range{plan.audio.front().name, first, end};
        const Work work = plan.audio.front().passthrough ? Work(LevelsWork{range}) : Work(AudioWork{range, true});
        EXPECT_TRUE(run_order(work, plan, source, sink));
        const auto* figures = sink.find(ArtefactKind::figures, kLevels, first);
        if (figures == nullptr) return {};
        pieces.push_back(levels_from_json(as_text(figures->bytes)).value());
        first = end;
    }
    return sound_figures(pieces, plan.duration_ms()).value_or(SoundFigures{});
}

TEST(SoundLevels, are_those_of_another_meter_encoded_or_copied) {
    for (const std::string codec : {"flac", "aac"}) {
        const auto file = made(codec == "aac" ? "three-parts.mp4" : "three-parts-stereo.mkv",
                               std::string(kThreeParts) + codec + " -ac 2");
        auto source = MemorySource::of_file(file);
        const auto plan = plan_of(source, encoding());
        ASSERT_EQ(plan.audio.front().passthrough, codec == "aac");
        const auto figures = heard_in(source, plan);
        ASSERT_TRUE(figures.loudness) << codec;
        EXPECT_NEAR(*figures.loudness / 100.0, ebur128(file), 0.11) << codec;
        ASSERT_EQ(figures.silence.size(), 1U) << codec;
        EXPECT_NEAR(static_cast<double>(figures.silence[0].start_ms), 10'000, 300);
        EXPECT_NEAR(static_cast<double>(figures.silence[0].end_ms), 20'000, 300);
    }
}

TEST(SoundLevels, are_the_same_of_segments_that_are_made_already) {
    auto source = MemorySource::of_file(made("three-parts-stereo.mkv", std::string(kThreeParts) + "flac -ac 2"));
    const auto plan = plan_of(source, encoding());
    const SegmentRange range{plan.audio.front().name, 3, 6};
    CollectingSink both;
    CollectingSink alone;
    ASSERT_TRUE(run_order(AudioWork{range, true}, plan, source, both));
    ASSERT_TRUE(run_order(LevelsWork{range}, plan, source, alone));
    ASSERT_EQ(alone.artefacts.size(), 1U);
    const auto one = levels_from_json(as_text(both.find(ArtefactKind::figures, kLevels, 3)->bytes)).value();
    const auto other = levels_from_json(as_text(alone.find(ArtefactKind::figures, kLevels, 3)->bytes)).value();
    EXPECT_EQ(one.first_step, other.first_step);
    ASSERT_EQ(one.levels.size(), other.levels.size());
    for (std::size_t i = 0; i < one.levels.size(); ++i) EXPECT_NEAR(one.levels[i], other.levels[i], 1) << i;
    EXPECT_FALSE(run_order(LevelsWork{{plan.audio.front().name, 6, 99}}, plan, source, alone));
}

TEST(SoundLevels, are_not_heard_where_sound_is_only_copied) {
    auto source = MemorySource::of_file(made("three-parts.mp4", std::string(kThreeParts) + "aac -ac 2"));
    const auto plan = plan_of(source, encoding());
    ASSERT_TRUE(plan.audio.front().passthrough);
    CollectingSink sink;
    ASSERT_TRUE(run_order(AudioWork{all_of(plan, plan.audio.front().name), true}, plan, source, sink));
    EXPECT_EQ(sink.find(ArtefactKind::figures, kLevels, 0), nullptr);
}

TEST(SoundLevels, are_not_handed_over_unasked) {
    auto source = MemorySource::of_file(three_parts());
    const auto plan = plan_of(source, encoding());
    CollectingSink sink;
    ASSERT_TRUE(run_order(AudioWork{all_of(plan, plan.audio.front().name)}, plan, source, sink));
    EXPECT_EQ(sink.find(ArtefactKind::figures, kLevels, 0), nullptr);
}

TEST(Chapters, of_containers_come_in_order_and_within_the_film) {
    const auto list = scratch("chapters.txt");
    const std::string text =
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Beginning\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=4000\nEND=99000\ntitle=Das Ende <&>\n";
    write_file(list, as_bytes(text));
    for (const std::string ending : {"mkv", "mp4"}) {
        const auto file = scratch("chapters." + ending);
        run("ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=128x96:rate=25:duration=6 -i " + list.string() +
            " -map 0:v -map_chapters 1 -c:v libx264 -preset ultrafast " + file.string());
        auto source = MemorySource::of_file(file);
        const auto index = index_of(source);
        ASSERT_TRUE(index);
        // In MP4, FFmpeg writes none without a name.
        const bool nameless = ending == "mkv";
        ASSERT_EQ(index->chapters.size(), nameless ? 3U : 2U) << ending;
        if (nameless) {
            EXPECT_EQ(index->chapters[1].title, "Chapter 2");
            EXPECT_EQ(index->chapters[0].end_ms, index->chapters[1].start_ms);
        }
        EXPECT_EQ(index->chapters.front().title, "Beginning");
        EXPECT_EQ(index->chapters.back().title, "Das Ende <&>");
        EXPECT_LE(index->chapters.back().end_ms, 6040);
        EXPECT_TRUE(index_from_json(to_json(*index)));
        std::filesystem::remove(file);
    }
    std::filesystem::remove(list);
}

TEST(Jpeg, only_what_is_of_the_size_that_was_said_is_read) {
    const auto canvas = new_canvas({64, 32});
    const auto bytes = encode_jpeg(*canvas, 4);
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(decode_jpeg(*bytes, {64, 32}));
    EXPECT_FALSE(decode_jpeg(*bytes, {64, 30}));
    EXPECT_FALSE(decode_jpeg(ByteView(*bytes).first(20), {64, 32}));
    EXPECT_FALSE(decode_jpeg({}, {64, 32}));
}

}  // namespace
}  // namespace movio::media::test
