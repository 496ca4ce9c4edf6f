#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "media/engine/engine.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

const Track* find_track(const Index& index, TrackKind kind) {
    for (const auto& track : index.tracks) {
        if (track.kind == kind) return &track;
    }
    return nullptr;
}

struct Expected {
    std::string file;
    std::int64_t duration_ms;
    std::string video;  // codec, empty without picture
    int width;
    int height;
    Rational rate;
    std::int64_t frames;
    std::string audio;  // codec of the first sound track
    int channels;
    std::size_t audio_tracks;
    std::size_t text_tracks;
};

void PrintTo(const Expected& expected, std::ostream* out) { *out << expected.file; }

class IndexOfSharedMedia : public testing::TestWithParam<Expected> {};

TEST_P(IndexOfSharedMedia, says_what_the_file_is) {
    const auto& expected = GetParam();
    MOVIO_NEEDS_SHARED(source, expected.file);
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message << " / " << index.error().detail;
    EXPECT_NEAR(static_cast<double>(index->duration_us) / 1000, static_cast<double>(expected.duration_ms), 2);
    const auto* video = find_track(*index, TrackKind::video);
    EXPECT_EQ(video != nullptr, !expected.video.empty());
    if (video != nullptr) {
        EXPECT_EQ(video->codec, expected.video);
        EXPECT_EQ(video->video->width, expected.width);
        EXPECT_EQ(video->video->height, expected.height);
        EXPECT_EQ(video->video->frame_rate, expected.rate);
        EXPECT_EQ(video->video->frames, expected.frames);
        EXPECT_FALSE(video->keyframes.empty());
        EXPECT_EQ(index->time_zero_us, scale(video->first_pts, video->time_base.num * 1'000'000, video->time_base.den));
    }
    const auto* audio = find_track(*index, TrackKind::audio);
    EXPECT_EQ(audio != nullptr, !expected.audio.empty());
    if (audio != nullptr) {
        EXPECT_EQ(audio->codec, expected.audio);
        EXPECT_EQ(audio->audio->channels, expected.channels);
    }
    const auto count = [&](TrackKind kind) {
        return static_cast<std::size_t>(std::ranges::count(index->tracks, kind, &Track::kind));
    };
    EXPECT_EQ(count(TrackKind::audio), expected.audio_tracks);
    EXPECT_EQ(count(TrackKind::text), expected.text_tracks);
    EXPECT_TRUE(make_plan(*index, {}));
}

INSTANTIATE_TEST_SUITE_P(
    Files, IndexOfSharedMedia,
    testing::Values(
        Expected{"bbb-480p-30s.mp4", 30000, "h264", 854, 480, {24, 1}, 720, "aac", 6, 1, 0},
        Expected{"bbb-720p-5s.mp4", 5312, "h264", 1280, 720, {25, 1}, 132, "aac", 6, 1, 0},
        Expected{"tears-of-steel-clip.webm", 70552, "vp8", 800, 332, {24, 1}, 1691, "vorbis", 2, 1, 0},
        Expected{"car-detection.mp4", 30160, "h264", 768, 432, {25, 2}, 377, "aac", 2, 1, 0},
        Expected{"mdn-crystal.mp4", 11967, "h264", 720, 480, {30, 1}, 359, "aac", 2, 1, 0},
        Expected{"decord-video_90.mov", 100, "h264", 568, 320, {30, 1}, 3, "", 0, 0, 0},
        Expected{"decord-video_180.mov", 100, "h264", 568, 320, {30, 1}, 3, "", 0, 0, 0},
        Expected{"decord-corrupted.mp4", 5000, "h264", 1280, 720, {10, 1}, 50, "", 0, 0, 0},
        Expected{"decord-unordered.mov", 125, "h264", 50, 50, {32, 1}, 4, "", 0, 0, 0},
        Expected{"exo-sample_mdat_too_long.mp4", 1089, "h264", 1080, 720, {30000, 1001}, 30, "aac", 1, 1, 0},
        Expected{"exo-hdr10-video-with-sdr-container.mp4", 1017, "hevc", 1920, 1080, {30, 1}, 28, "aac", 2, 1, 0},
        Expected{"exo-sample_with_srt.mkv", 1072, "h264", 1080, 720, {30, 1}, 30, "ac3", 1, 1, 1},
        Expected{"exo-sample_with_ssa_subtitles.mkv", 1072, "h264", 1080, 720, {30, 1}, 30, "ac3", 1, 1, 1},
        Expected{"exo-sample_with_vtt_subtitles.mkv", 1072, "h264", 1080, 720, {30, 1}, 30, "ac3", 1, 1, 1},
        Expected{"exo-bbb_2500ms.ts", 2502, "mpeg2video", 1920, 1080, {24, 1}, 58, "mp2", 2, 1, 0},
        Expected{"exo-sample.avi", 4087, "mpeg4", 960, 400, {24000, 1001}, 96, "mp3", 2, 1, 0},
        Expected{"exo-sample_eac3.mp4", 1728, "", 0, 0, {}, 0, "eac3", 6, 1, 0},
        Expected{"exo-sample_fragmented.mp4", 1001, "h264", 1080, 720, {30000, 1001}, 30, "aac", 1, 1, 0},
        Expected{"mb-cursed-vfr.mp4", 8726, "h264", 3026, 1386, {60, 1}, 63, "", 0, 0, 0},
        Expected{"mb-sar_2x1.mp4", 5000, "h264", 640, 360, {30, 1}, 150, "", 0, 0, 0},
        Expected{"mb-multiple-aac-tracks.mp4", 5013, "", 0, 0, {}, 0, "aac", 6, 2, 0},
        Expected{"mb-missing-keyframe-labels.ts", 10000, "h264", 1280, 720, {60, 1}, 600, "aac", 2, 1, 0},
        Expected{"mb-edts.mp4", 9000, "h264", 854, 480, {25, 1}, 225, "aac", 2, 1, 0}),
    [](const auto& info) {
        auto name = info.param.file;
        for (auto& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
        return name;
    });

TEST(Index, phone_clips_are_turned_by_their_matrix) {
    MOVIO_NEEDS_SHARED(quarter, "decord-video_90.mov");
    MOVIO_NEEDS_SHARED(half, "decord-video_180.mov");
    EXPECT_EQ(index_of(quarter)->tracks.at(0).video->rotation, 90);
    EXPECT_EQ(index_of(half)->tracks.at(0).video->rotation, 180);
}

TEST(Index, colour_of_the_pictures_beats_the_claim_of_the_container) {
    MOVIO_NEEDS_SHARED(source, "exo-hdr10-video-with-sdr-container.mp4");
    const auto index = index_of(source);
    const auto& video = *index->tracks.at(0).video;
    EXPECT_EQ(video.bit_depth, 10);
    EXPECT_EQ(video.colour.transfer, 16);
    EXPECT_EQ(video.colour.primaries, 9);
}

TEST(Index, keyframes_are_found_without_labels_and_start_time_is_time_zero) {
    MOVIO_NEEDS_SHARED(source, "mb-missing-keyframe-labels.ts");
    const auto index = index_of(source);
    EXPECT_FALSE(index->seekable_by_time);
    EXPECT_EQ(index->time_zero_us, 10'033'322);
    const auto* video = find_track(*index, TrackKind::video);
    ASSERT_EQ(video->keyframes.size(), 2U);
    EXPECT_GT(video->keyframes[1].position, 0);
}

std::vector<RawCue> cues_of(ByteSource& source) {
    CollectingSink sink;
    WorkOrder order;
    order.work = IndexWork{};
    EXPECT_TRUE(run_work(order, &source, sink));
    for (const auto& artefact : sink.artefacts) {
        if (artefact.kind != ArtefactKind::cues) continue;
        auto cues = raw_cues_from_json(as_text(artefact.bytes));
        EXPECT_TRUE(cues);
        return cues ? *cues : std::vector<RawCue>{};
    }
    return {};
}

TEST(Index, text_packets_come_as_they_stand_in_the_container) {
    for (const std::string name :
         {"exo-sample_with_srt.mkv", "exo-sample_with_ssa_subtitles.mkv", "exo-sample_with_vtt_subtitles.mkv"}) {
        MOVIO_NEEDS_SHARED(source, name);
        const auto cues = cues_of(source);
        ASSERT_EQ(cues.size(), 1U) << name;
        EXPECT_TRUE(cues[0].payload.contains("This is the first subtitle.")) << cues[0].payload;
        EXPECT_EQ(cues[0].start_ms, 0);
        EXPECT_GT(cues[0].end_ms, 400);
    }
}

std::filesystem::path subtitle_script() {
    const auto path = scratch("cues.srt");
    const std::string text =
        "1\n00:00:00,500 --> 00:00:01,250\nGrüße aus 東京\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>zwei</i>\n\n";
    write_file(path, as_bytes(text));
    return path;
}

TEST(Index, mov_text_is_handed_over_whole_with_times_from_time_zero) {
    const auto script = subtitle_script();
    const auto path = made(
        "movtext.mp4", "-f lavfi -i testsrc2=s=160x120:r=25:d=4 -i " + script.string() +
                           " -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s mov_text -metadata:s:s:0 language=deu");
    auto source = MemorySource::of_file(path);
    const auto index = index_of(source);
    const auto* text = find_track(*index, TrackKind::text);
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(text->codec, "mov_text");
    EXPECT_EQ(text->language, "de");
    const auto cues = cues_of(source);
    ASSERT_EQ(cues.size(), 2U);
    const std::string words = "Grüße aus 東京";
    EXPECT_TRUE(cues[0].payload.starts_with(std::string{'\0', static_cast<char>(words.size())} + words));
    EXPECT_EQ(cues[0].start_ms, 500);
    EXPECT_EQ(cues[0].end_ms, 1250);
    EXPECT_EQ(cues[1].start_ms, 2000);
    std::filesystem::remove(script);
}

TEST(Index, cover_art_is_no_picture) {
    const auto cover = made("cover.png", "-f lavfi -i testsrc2=s=64x64:d=1 -frames:v 1");
    auto source = MemorySource::of_file(
        made("cover.mp3", "-f lavfi -i sine=d=3 -i " + cover.string() +
                              " -map 0 -map 1 -c:v copy -c:a libmp3lame -disposition:v attached_pic"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    ASSERT_EQ(index->tracks.size(), 1U);
    EXPECT_EQ(index->tracks[0].codec, "mp3");
    EXPECT_NEAR(static_cast<double>(index->duration_us), 3e6, 60e3);
}

TEST(Index, interlaced_pictures_are_seen) {
    auto source = MemorySource::of_file(
        made("interlaced.ts",
             "-f lavfi -i testsrc2=s=720x576:r=50:d=3 -vf interlace -c:v mpeg2video -flags +ildct+ilme -b:v 4M"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_TRUE(index->tracks.at(0).video->interlaced);
    EXPECT_EQ(index->tracks.at(0).video->frame_rate, (Rational{25, 1}));
}

TEST(Index, a_wrap_of_the_transport_clock_is_no_jump) {
    // 2^33 ticks are 95443.7 s: this film crosses it after two seconds.
    auto source = MemorySource::of_file(
        made("wrap.ts",
             "-f lavfi -i testsrc2=s=160x120:r=25:d=5 -f lavfi -i sine=d=5 -c:v libx264 -preset ultrafast "
             "-g 25 -c:a aac -output_ts_offset 95441.7 -f mpegts"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    const auto* video = find_track(*index, TrackKind::video);
    EXPECT_NEAR(static_cast<double>(index->duration_us), 5e6, 60e3);
    EXPECT_EQ(video->video->frames, 125);
}

TEST(Index, recordings_strung_together_are_refused) {
    const auto path = made("part.ts", "-f lavfi -i testsrc2=s=160x120:r=25:d=15 -c:v libx264 -preset ultrafast -g 25");
    const auto part = MemorySource::of_file(path).bytes();
    auto twice = part;
    twice.insert(twice.end(), part.begin(), part.end());
    MemorySource source(std::move(twice));
    const auto index = index_of(source);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code, ErrorCode::damaged);
    EXPECT_TRUE(index.error().message.contains("clock jumps back")) << index.error().message;
}

TEST(Index, one_frame_is_a_film) {
    auto source =
        MemorySource::of_file(made("one.mp4", "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -frames:v 1 -c:v libx264"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->tracks.at(0).video->frames, 1);
    EXPECT_EQ(index->duration_us, 40'000);
}

struct Refused {
    std::string name;
    std::string bytes;
    ErrorCode code;
    std::string says;
};

void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.name; }

class IndexRefusal : public testing::TestWithParam<Refused> {};

TEST_P(IndexRefusal, says_why) {
    const auto& refused = GetParam();
    const auto view = as_bytes(refused.bytes);
    MemorySource source(Bytes(view.begin(), view.end()));
    const auto index = index_of(source);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code, refused.code) << index.error().message;
    EXPECT_TRUE(index.error().message.contains(refused.says)) << index.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, IndexRefusal,
    testing::Values(Refused{"empty", "", ErrorCode::not_media, "empty"},
                    Refused{"hls", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n", ErrorCode::not_media,
                            "playlist"},
                    Refused{"concat", "ffconcat version 1.0\nfile /etc/passwd\n", ErrorCode::not_media, "playlist"},
                    Refused{"sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\n", ErrorCode::not_media, "playlist"},
                    Refused{"dash", "<?xml version=\"1.0\"?><MPD></MPD>", ErrorCode::not_media, "playlist"},
                    Refused{"picture", "\x89PNG\r\n\x1a\n0000IHDR", ErrorCode::not_media, "picture"},
                    Refused{"text", "Dear diary, today I filmed nothing.\n", ErrorCode::not_media, "text"},
                    Refused{"archive", std::string("PK\x03\x04\x14\x00\x00\x00", 8) + std::string(600, '\x01'),
                            ErrorCode::not_media, "not a video"},
                    Refused{"elementary", std::string("\x00\x00\x00\x01\x67\x42\x00\x1e", 8) + std::string(600, '\x01'),
                            ErrorCode::not_media, "without a container"},
                    Refused{"cut_before_moov",
                            std::string("\x00\x00\x00\x18"
                                        "ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08"
                                        "free",
                                        32) +
                                std::string("\x00\x10\x00\x00"
                                            "mdat",
                                            8) +
                                std::string(5000, '\x07'),
                            ErrorCode::damaged, "moov"}),
    [](const auto& info) { return info.param.name; });

TEST(Index, a_film_cut_off_in_the_middle_ends_early) {
    const auto path = made(
        "faststart.mp4",
        "-f lavfi -i testsrc2=s=320x240:r=25:d=8 -f lavfi -i sine=d=8 -c:v libx264 -g 25 -c:a aac -movflags +faststart");
    auto whole = MemorySource::of_file(path);
    auto bytes = whole.bytes();
    bytes.resize(bytes.size() / 2);
    MemorySource cut(std::move(bytes));
    const auto index = index_of(cut);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_LT(index->duration_us, 6'000'000);
    EXPECT_GT(index->duration_us, 2'000'000);
    ASSERT_FALSE(index->warnings.empty());
    EXPECT_TRUE(index->warnings[0].contains("ends early")) << index->warnings[0];
}

TEST(Index, frames_a_million_seconds_apart_are_refused) {
    auto source = MemorySource::of_file(
        made("bomb.mkv",
             "-f lavfi -i testsrc2=s=64x64:r=1:d=2 -vf \"setpts=PTS*1000000\" -fps_mode passthrough -c:v libx264 "
             "-bf 0 -enc_time_base 1/1000"));
    const auto index = index_of(source);
    ASSERT_FALSE(index);
    EXPECT_TRUE(index.error().code == ErrorCode::damaged || index.error().code == ErrorCode::too_long);
}

TEST(Index, an_encrypted_film_is_refused) {
    auto source = MemorySource::of_file(
        made("encrypted.mp4",
             "-f lavfi -i testsrc2=s=160x120:r=25:d=2 -c:v libx264 -encryption_scheme cenc-aes-ctr "
             "-encryption_key 00112233445566778899aabbccddeeff -encryption_kid 00112233445566778899aabbccddeeff"));
    const auto index = index_of(source);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code, ErrorCode::encrypted) << index.error().message;
}

TEST(Index, a_codec_without_decoder_is_named) {
    auto bytes = MemorySource::of_file(made("known.avi", "-f lavfi -i testsrc2=s=160x120:r=25:d=2 -c:v mpeg4")).bytes();
    const std::string known = "FMP4";
    const auto view = as_bytes(known);
    for (auto at = bytes.begin(); (at = std::search(at, bytes.end(), view.begin(), view.end())) != bytes.end();) {
        std::fill_n(at, known.size(), std::byte{'Z'});
    }
    MemorySource source(std::move(bytes));
    const auto index = index_of(source);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code, ErrorCode::codec_unsupported) << index.error().message;
}

TEST(Index, a_stop_ends_the_work) {
    MOVIO_NEEDS_SHARED(source, "bbb-480p-30s.mp4");
    CollectingSink sink;
    sink.stop = true;
    WorkOrder order;
    order.work = IndexWork{};
    const auto done = run_work(order, &source, sink);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::cancelled);
}

// Whatever is cut or overwritten, the pass ends with an index or a reason.
TEST(Index, damaged_bytes_never_hang_or_crash) {
    const auto path =
        made("fuzz.mp4", "-f lavfi -i testsrc2=s=160x120:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -c:a aac");
    const auto whole = MemorySource::of_file(path).bytes();
    std::uint32_t state = 1;
    const auto random = [&] { return state = state * 1664525U + 1013904223U; };
    for (int round = 0; round < 60; ++round) {
        auto bytes = whole;
        for (int change = 0; change < 20; ++change)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random() >> 24U);
        MemorySource source(std::move(bytes));
        const auto index = index_of(source);
        if (!index) EXPECT_FALSE(index.error().message.empty());
    }
}

}  // namespace
}  // namespace movio::media::test
