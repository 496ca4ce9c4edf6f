// A file is indexed the same however it is read: as it comes or when it is whole, all of it or what is needed.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "media/engine/engine.hpp"
#include "media/engine/index/index_source.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

struct File {
    std::string name;       // of the shared media, or of a file that is made
    std::string arguments;  // of ffmpeg, where it is made
};

void PrintTo(const File& file, std::ostream* out) { *out << file.name; }

// Notes how far the file had been read when it was first asked for what lies far ahead, or for its end.
class OrderedSource : public MemorySource {
public:
    using MemorySource::MemorySource;
    explicit OrderedSource(const MemorySource& whole) : MemorySource(whole.bytes()) {}

    std::int64_t size() const override {
        asked_at_ = std::min(asked_at_, furthest_);
        return MemorySource::size();
    }
    bool holds(std::int64_t bytes) const override { return bytes <= MemorySource::size(); }
    std::int64_t size_expected() const override { return 0; }
    MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) override {
        constexpr std::int64_t kFar = 1 << 20;
        if (offset > furthest_ + kFar) asked_at_ = std::min(asked_at_, furthest_);
        const auto end = std::min(offset + static_cast<std::int64_t>(target.size()), MemorySource::size());
        furthest_ = std::max(furthest_, end);
        return MemorySource::read_at(offset, target);
    }
    std::int64_t asked_at() const { return asked_at_; }

private:
    std::int64_t furthest_ = 0;
    mutable std::int64_t asked_at_ = INT64_MAX;
};

std::filesystem::path path_of(const File& file) {
    if (!file.arguments.empty()) return made(file.name, file.arguments);
    return shared_media(file.name).value_or("");
}

// All that an index pass hands over, or its refusal.
std::string found_in(ByteSource& source, IndexReading reading) {
    CollectingSink sink;
    EXPECT_FALSE(run_work({IndexWork{}, {}}, nullptr, sink));  // sets libav up
    const auto index = index_source(source, sink, reading);
    if (!index) return std::string(to_text(index.error().code)) + index.error().message;
    std::string all;
    for (const auto& artefact : sink.artefacts) all += std::string(as_text(artefact.bytes)) + "\n";
    return all;
}

class IndexOfFile : public testing::TestWithParam<File> {};

TEST_P(IndexOfFile, Is_the_same_of_what_is_needed_as_of_the_whole) {
    const auto path = path_of(GetParam());
    if (path.empty()) GTEST_SKIP() << "no shared media: " << GetParam().name;
    auto source = MemorySource::of_file(path);
    auto again = MemorySource::of_file(path);
    EXPECT_EQ(found_in(source, IndexReading::needed), found_in(again, IndexReading::whole));
}

TEST_P(IndexOfFile, Is_the_same_of_a_file_that_is_cut_off) {
    const auto path = path_of(GetParam());
    if (path.empty()) GTEST_SKIP() << "no shared media: " << GetParam().name;
    auto bytes = MemorySource::of_file(path).bytes();
    bytes.resize(bytes.size() * 2 / 3);
    MemorySource source(bytes);
    MemorySource again(bytes);
    EXPECT_EQ(found_in(source, IndexReading::needed), found_in(again, IndexReading::whole));
}

constexpr auto kPicture = "-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=sample_rate=48000 -t 20 ";
constexpr auto kSound = "-f lavfi -i sine=sample_rate=48000 -t 60 ";
const File kWave{"arrival.wav", kSound};
const File kMp3{"arrival.mp3", std::string(kSound) + "-id3v2_version 3 -write_id3v1 1 -metadata title=Tone"};
const File kAdts{"arrival.aac", std::string(kSound) + "-c:a aac"};
const File kFlac{"arrival.flac", kSound};
const File kFirst{"arrival-first.mp4", std::string(kPicture) + "-c:v libx264 -c:a aac -movflags +faststart"};
const File kFragments{"arrival-fragments.mp4",
                      std::string(kPicture) + "-c:v libx264 -g 50 -c:a aac -movflags frag_keyframe+empty_moov"};

INSTANTIATE_TEST_SUITE_P(Shared, IndexOfFile,
                         testing::Values(File{"bbb-480p-30s.mp4", ""}, File{"bbb-720p-5s.mp4", ""},
                                         File{"car-detection.mp4", ""}, File{"decord-corrupted.mp4", ""},
                                         File{"decord-unordered.mov", ""}, File{"decord-video_180.mov", ""},
                                         File{"decord-video_90.mov", ""}, File{"exo-bbb_2500ms.ts", ""},
                                         File{"exo-hdr10-video-with-sdr-container.mp4", ""}, File{"exo-sample.avi", ""},
                                         File{"exo-sample_eac3.mp4", ""}, File{"exo-sample_fragmented.mp4", ""},
                                         File{"exo-sample_mdat_too_long.mp4", ""}, File{"exo-sample_with_srt.mkv", ""},
                                         File{"exo-sample_with_ssa_subtitles.mkv", ""},
                                         File{"exo-sample_with_vtt_subtitles.mkv", ""}, File{"mb-cursed-vfr.mp4", ""},
                                         File{"mb-edts.mp4", ""}, File{"mb-missing-keyframe-labels.ts", ""},
                                         File{"mb-multiple-aac-tracks.mp4", ""}, File{"mb-sar_2x1.mp4", ""},
                                         File{"mdn-crystal.mp4", ""}, File{"tears-of-steel-clip.webm", ""}));

INSTANTIATE_TEST_SUITE_P(
    Made, IndexOfFile,
    testing::Values(
        File{"arrival-h264.mp4", std::string(kPicture) + "-c:v libx264 -preset fast -slices 3 -c:a aac"}, kFirst,
        kFragments,
        File{"arrival-text.mp4", "-f lavfi -i testsrc2=size=320x180:rate=25 -i " MOVIO_SOURCE_DIR
                                 "/tests/unit/media/engine/lines.srt -t 20 -c:v libx264 -c:s mov_text"},
        File{"arrival-hevc.mp4", std::string(kPicture) + "-c:v libx265 -x265-params log-level=none -c:a ac3"},
        File{"arrival-mpeg4.mov", std::string(kPicture) + "-c:v mpeg4 -c:a pcm_s16le"},
        File{"arrival-vp9.mp4", std::string(kPicture) + "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime -c:a libopus"},
        File{"arrival.mkv", std::string(kPicture) + "-c:v libx264 -c:a aac -metadata:s:a:0 language=deu"},
        File{"arrival.ts", std::string(kPicture) + "-c:v mpeg2video -c:a mp2"},
        File{"arrival.mpg", std::string(kPicture) + "-c:v mpeg2video -c:a mp2 -f mpeg"},
        File{"arrival.flv", std::string(kPicture) + "-c:v libx264 -c:a aac -ar 44100"},
        File{"arrival.webm", std::string(kPicture) + "-c:v libvpx -cpu-used 8 -deadline realtime -c:a libvorbis"},
        File{"arrival.ogv", std::string(kPicture) + "-c:v libtheora -c:a libvorbis"},
        File{"arrival.wmv", std::string(kPicture) + "-c:v wmv2 -c:a wmav2"}, kWave, kMp3, kAdts, kFlac));

class ReadAsItComes : public testing::TestWithParam<File> {};

TEST_P(ReadAsItComes, Nothing_ahead_is_asked_for_before_all_has_been_read) {
    const auto path = path_of(GetParam());
    if (path.empty()) GTEST_SKIP() << "no shared media: " << GetParam().name;
    OrderedSource source(MemorySource::of_file(path));
    const auto size = static_cast<std::int64_t>(source.bytes().size());
    EXPECT_FALSE(found_in(source, IndexReading::needed).empty());
    EXPECT_EQ(source.asked_at(), size);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReadAsItComes,
    testing::Values(File{"arrival.mkv", std::string(kPicture) + "-c:v libx264 -c:a aac -metadata:s:a:0 language=deu"},
                    File{"arrival.ts", std::string(kPicture) + "-c:v mpeg2video -c:a mp2"},
                    File{"tears-of-steel-clip.webm", ""}, File{"exo-bbb_2500ms.ts", ""},
                    File{"exo-sample_with_srt.mkv", ""},
                    File{"arrival.ogv", std::string(kPicture) + "-c:v libtheora -c:a libvorbis"},
                    File{"arrival.wmv", std::string(kPicture) + "-c:v wmv2 -c:a wmav2"}, kWave, kMp3, kAdts, kFlac));

// Of its samples not all is read: to where the last of them lies.
class ReadByItsTable : public testing::TestWithParam<File> {};

TEST_P(ReadByItsTable, The_end_is_not_asked_for_before_the_last_samples_have_been_read) {
    OrderedSource source(MemorySource::of_file(path_of(GetParam())));
    const auto size = static_cast<std::int64_t>(source.bytes().size());
    EXPECT_FALSE(found_in(source, IndexReading::needed).empty());
    EXPECT_GT(source.asked_at(), size * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(All, ReadByItsTable, testing::Values(kFirst, kFragments));

TEST(IndexOfMp4, Reads_little_of_a_long_film) {
    auto source =
        MemorySource::of_file(made("arrival-long.mp4",
                                   "-f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=sample_rate=48000 -t 60 "
                                   "-c:v libx264 -preset ultrafast -c:a aac"));
    ASSERT_FALSE(found_in(source, IndexReading::needed).empty());
    EXPECT_LT(source.bytes_read(), source.size() / 3);
}

}  // namespace
}  // namespace movio::media::test
