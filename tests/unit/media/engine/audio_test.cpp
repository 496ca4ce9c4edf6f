#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "base/limits.hpp"
#include "media/engine/encode/sound_stream.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

struct Heard {
    CollectingSink sink;
    std::vector<std::int16_t> samples;
    AudioRendition rendition;
};

Heard encode(const Plan& plan, MemorySource& source, std::size_t track = 0) {
    Heard heard;
    heard.rendition = plan.audio.at(track);
    const auto done = run_order(AudioWork{all_of(plan, heard.rendition.name)}, plan, source, heard.sink);
    EXPECT_TRUE(done) << (done ? "" : done.error().message + " / " + done.error().detail);
    const auto file = joined(heard.sink, heard.rendition.name, "sound.mp4");
    heard.samples =
        decode_sound(file, heard.rendition.sample_rate, heard.rendition.channels, heard.rendition.media_time);
    std::filesystem::remove(file);
    return heard;
}

double level(const std::vector<std::int16_t>& samples, std::size_t first, std::size_t end) {
    double sum = 0;
    end = std::min(end, samples.size());
    for (auto i = first; i < end; ++i) sum += static_cast<double>(samples[i]) * samples[i];
    return end > first ? std::sqrt(sum / static_cast<double>(end - first)) : 0;
}

void expect_whole(const Heard& heard, const Plan& plan) {
    const auto segments = heard.sink.segments(heard.rendition.name);
    ASSERT_EQ(static_cast<std::int64_t>(segments.size()), plan.grid.segments());
    std::int64_t frames = 0;
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
        const auto range = audio_segment(plan, heard.rendition, k);
        EXPECT_EQ(segments[static_cast<std::size_t>(k)]->ticks, (range.end - range.first) * 1024);
        frames += range.end - range.first;
    }
    EXPECT_EQ(frames, heard.rendition.frames_total);
    const auto wanted = frames * 1024 - heard.rendition.media_time;
    EXPECT_EQ(static_cast<std::int64_t>(heard.samples.size()) / heard.rendition.channels, wanted);
}

struct Kind {
    std::string name;
    std::string arguments;  // after the inputs' own
    bool passthrough;
    double delay_s = 0;  // of the source's own encoder, where its container cannot say so
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class SoundOf : public testing::TestWithParam<Kind> {};

// A tone that begins at exactly one second: it is found there again, to half an audio frame and closer.
TEST_P(SoundOf, begins_when_it_should) {
    const auto& kind = GetParam();
    const auto path = made(kind.name,
                           "-f lavfi -i testsrc2=s=160x120:r=25:d=6 -f lavfi "
                           "-i \"aevalsrc=0.5*sin(2*PI*1000*t)*gte(t\\,1)*lt(t\\,5):s=48000:d=6\" " +
                               kind.arguments);
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source);
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_EQ(plan.audio[0].passthrough, kind.passthrough);
    const auto heard = encode(plan, source);
    expect_whole(heard, plan);
    const auto channels = static_cast<std::size_t>(heard.rendition.channels);
    const auto rate = static_cast<std::size_t>(heard.rendition.sample_rate);
    std::size_t onset = 0;
    while (onset * channels < heard.samples.size() && std::abs(int{heard.samples[onset * channels]}) < 3000) ++onset;
    EXPECT_NEAR(static_cast<double>(onset) / static_cast<double>(rate), 1.0 + kind.delay_s, 0.011) << kind.name;
    EXPECT_GT(level(heard.samples, 2 * rate * channels, 4 * rate * channels), 3000);
    EXPECT_LT(level(heard.samples, rate * channels * 51 / 10, rate * channels * 58 / 10), 30);
    for (const auto* segment : heard.sink.segments(heard.rendition.name)) EXPECT_EQ(segment->damaged, 0);
}

const std::string kPicture = "-c:v libx264 -preset ultrafast -g 25 ";

INSTANTIATE_TEST_SUITE_P(
    Containers, SoundOf,
    testing::Values(
        Kind{"tone-aac.mp4", kPicture + "-ac 2 -c:a aac", true},
        Kind{"tone-aac.mkv", kPicture + "-ac 2 -c:a aac", true},
        Kind{"tone-aac.ts", kPicture + "-ac 2 -c:a aac -muxdelay 1.4", true},
        Kind{"tone-aac.flv", kPicture + "-ac 2 -ar 44100 -c:a aac", true},
        Kind{"tone-opus.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -ac 2 -c:a libopus", false},
        Kind{"tone-vorbis.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -ac 2 -c:a libvorbis", false},
        Kind{"tone-ac3.mkv", kPicture + "-ac 6 -c:a ac3 -b:a 448k", false},
        Kind{"tone-mp3.avi", "-c:v mpeg4 -ac 2 -ar 44100 -c:a libmp3lame", false, 0.025},
        Kind{"tone-mp2.mpg", "-c:v mpeg2video -ac 2 -c:a mp2 -f vob", false},
        Kind{"tone-flac.mkv", kPicture + "-ac 1 -ar 44100 -c:a flac", false},
        Kind{"tone-pcm.mov", kPicture + "-ac 2 -c:a pcm_s16le", false},
        Kind{"tone.wav", "-map 1 -ac 8 -c:a pcm_s24le", false}, Kind{"tone8k.wav", "-map 1 -ar 8000 -ac 1", false},
        Kind{"tone96k.flac", "-map 1 -ar 96000 -ac 2", false}, Kind{"tone.mp3", "-map 1 -ac 2 -c:a libmp3lame", false},
        Kind{"tone.aac", "-map 1 -ac 2 -c:a aac -f adts", true, 0.0213},
        Kind{"tone.ogg", "-map 1 -ac 2 -c:a libvorbis", false}, Kind{"tone.m4a", "-map 1 -ac 2 -c:a aac", true}),
    [](const auto& info) {
        auto name = info.param.name;
        for (auto& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
        return name;
    });

// The sample of a place is the same number wherever reading began.
class StreamOf : public testing::TestWithParam<std::string> {};

TEST_P(StreamOf, gives_the_same_samples_from_anywhere) {
    const auto path = made(
        "long-" + GetParam().substr(0, GetParam().find(' ')),
        "-f lavfi -i testsrc2=s=64x64:r=25:d=40 -f lavfi -i \"aevalsrc=0.4*sin(2*PI*(200+40*t)*t):s=44100:d=40\" " +
            GetParam().substr(GetParam().find(' ')));
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source);
    AudioRendition rendition = plan.audio.at(0);
    rendition.sample_rate = 48000;
    CollectingSink sink;
    const auto read = [&](std::int64_t first, std::int64_t count) {
        auto decoder = SoundDecoder::open(source, sink, plan.index, rendition.stream, rendition.channels);
        EXPECT_TRUE(decoder);
        SoundStream stream(*std::move(decoder), rendition);
        std::vector<Plane> planes;
        EXPECT_TRUE(stream.start_at(first));
        EXPECT_TRUE(stream.read(count, planes));
        return planes.at(0);
    };
    const std::int64_t place = 1024 * 1400;
    const auto whole = read(0, place + 4096);
    const auto part = read(place, 4096);
    double difference = 0;
    double loudest = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
        difference = std::max<double>(difference, std::abs(part[i] - whole[static_cast<std::size_t>(place) + i]));
        loudest = std::max<double>(loudest, std::abs(part[i]));
    }
    EXPECT_GT(loudest, 0.1);
    EXPECT_LT(difference, 2e-3);
}

INSTANTIATE_TEST_SUITE_P(
    Containers, StreamOf,
    testing::Values("v.webm -c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis",
                    "o.webm -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus",
                    "a.mkv -c:v libx264 -preset ultrafast -c:a aac", "a.flv -c:v libx264 -preset ultrafast -c:a aac",
                    "a.ts -c:v libx264 -preset ultrafast -c:a aac", "m.ts -c:v mpeg2video -c:a mp2",
                    "m.avi -c:v mpeg4 -c:a libmp3lame", "a.mp4 -c:v libx264 -preset ultrafast -c:a aac",
                    "l.mp3 -map 1 -c:a libmp3lame", "f.flac -map 1 -c:a flac", "w.wav -map 1",
                    "c.mkv -c:v libx264 -preset ultrafast -c:a ac3", "v.ogg -map 1 -c:a libvorbis"),
    [](const auto& info) {
        auto name = info.param.substr(0, info.param.find(' '));
        std::ranges::replace(name, '.', '_');
        return name;
    });

// Two blocks, made apart: at the joint there is no more noise than elsewhere.
TEST(Sound, joints_of_blocks_cannot_be_heard) {
    const auto path = made("sweep.flac", "-f lavfi -i \"aevalsrc=0.5*sin(2*PI*(100+4*t)*t):s=48000:d=264\" -ac 1");
    auto source = MemorySource::of_file(path);
    const auto plan = plan_of(source);
    const auto& name = plan.audio.at(0).name;
    ASSERT_GT(plan.grid.segments(), limits::kAudioBlockSegments);
    CollectingSink sink;
    ASSERT_TRUE(run_order(AudioWork{{name, limits::kAudioBlockSegments, plan.grid.segments()}}, plan, source, sink));
    ASSERT_TRUE(run_order(AudioWork{{name, 0, limits::kAudioBlockSegments}}, plan, source, sink));
    const auto file = joined(sink, name, "sweep.mp4");
    const auto ours = decode_sound(file, 48000, 1, plan.audio[0].media_time);
    const auto original = decode_sound(path, 48000, 1);
    const auto noise = [&](std::size_t first, std::size_t end) {
        double most = 0;
        for (auto i = first; i < end; ++i) most = std::max<double>(most, std::abs(int{ours[i]} - int{original[i]}));
        return most;
    };
    const auto joint = static_cast<std::size_t>(
        audio_segment(plan, plan.audio[0], limits::kAudioBlockSegments).first * 1024 - plan.audio[0].media_time);
    ASSERT_GT(ours.size(), joint + 48000);
    const auto usual = noise(joint - 96000, joint - 24000);
    EXPECT_LT(noise(joint - 4096, joint + 4096), usual * 1.5 + 100);
    EXPECT_LT(noise(48000, 96000), 2500);
    std::filesystem::remove(file);
}

TEST(Sound, a_segment_made_alone_is_that_of_the_block) {
    MOVIO_NEEDS_SHARED(source, "bbb-480p-30s.mp4");
    const auto plan = plan_of(source);
    const auto& name = plan.audio.at(0).name;
    ASSERT_FALSE(plan.audio[0].passthrough);
    CollectingSink whole;
    ASSERT_TRUE(run_order(AudioWork{all_of(plan, name)}, plan, source, whole));
    // The first one is made alone for each film.
    for (const std::int64_t segment : {0, 1, 4}) {
        CollectingSink alone;
        ASSERT_TRUE(run_order(AudioWork{{name, segment, segment + 1}}, plan, source, alone));
        ASSERT_EQ(alone.segments(name).size(), 1U);
        EXPECT_EQ(alone.segments(name)[0]->bytes, whole.segments(name)[static_cast<std::size_t>(segment)]->bytes);
    }
}

TEST(Sound, the_init_segment_is_the_same_whoever_makes_it) {
    for (const std::string file : {"bbb-480p-30s.mp4", "car-detection.mp4"}) {
        MOVIO_NEEDS_SHARED(source, file);
        const auto plan = plan_of(source);
        const auto& name = plan.audio.at(0).name;
        CollectingSink whole;
        ASSERT_TRUE(run_order(AudioWork{all_of(plan, name)}, plan, source, whole));
        for (const std::int64_t segment : {0, 3, 6}) {
            CollectingSink alone;
            ASSERT_TRUE(run_order(AudioWork{{name, segment, segment + 1}}, plan, source, alone));
            const auto* init = alone.find(ArtefactKind::init_segment, name);
            ASSERT_NE(init, nullptr);
            EXPECT_EQ(init->bytes, whole.find(ArtefactKind::init_segment, name)->bytes) << file << " " << segment;
        }
    }
}

TEST(Sound, passed_through_segments_are_the_same_alone) {
    for (const std::string file : {"car-detection.mp4", "mb-missing-keyframe-labels.ts", "mb-edts.mp4"}) {
        MOVIO_NEEDS_SHARED(source, file);
        const auto plan = plan_of(source);
        const auto& name = plan.audio.at(0).name;
        ASSERT_TRUE(plan.audio[0].passthrough) << file;
        CollectingSink whole;
        CollectingSink alone;
        ASSERT_TRUE(run_order(AudioWork{all_of(plan, name)}, plan, source, whole));
        ASSERT_TRUE(run_order(AudioWork{{name, 1, 2}}, plan, source, alone));
        EXPECT_EQ(alone.segments(name)[0]->bytes, whole.segments(name)[1]->bytes) << file;
        EXPECT_EQ(whole.segments(name)[1]->damaged, 0);
    }
}

TEST(Sound, gaps_are_silence_of_their_length) {
    auto source = MemorySource::of_file(
        made("gap.mkv",
             "-f lavfi -i testsrc2=s=64x64:r=25:d=8 -f lavfi -i \"sine=f=1000:r=48000:d=8,aselect='lt(t,2)+gte(t,5)'\" "
             "-c:v libx264 -preset ultrafast -c:a pcm_s16le"));
    const auto plan = plan_of(source);
    const auto heard = encode(plan, source);
    expect_whole(heard, plan);
    const auto second = static_cast<std::size_t>(heard.rendition.sample_rate * heard.rendition.channels);
    EXPECT_GT(level(heard.samples, second / 2, second * 3 / 2), 1000);
    EXPECT_LT(level(heard.samples, second * 21 / 10, second * 49 / 10), 30);
    EXPECT_GT(level(heard.samples, second * 51 / 10, second * 7), 1000);
}

TEST(Sound, shorter_sound_ends_in_silence) {
    auto source = MemorySource::of_file(made(
        "shortsound.mkv",
        "-f lavfi -i testsrc2=s=64x64:r=25:d=9 -f lavfi -i sine=r=48000:d=2 -c:v libx264 -preset ultrafast -c:a flac"));
    const auto plan = plan_of(source);
    const auto heard = encode(plan, source);
    expect_whole(heard, plan);
    EXPECT_GE(static_cast<std::int64_t>(heard.samples.size()), 9 * 48000);
}

// A flash and a beep at five seconds, in the second segment.
TEST(Sound, flash_and_beep_meet) {
    const std::string film =
        "-f lavfi -i \"color=black:s=320x240:r=25:d=8,drawbox=t=fill:c=white:enable='between(n,125,130)'\" -f lavfi "
        "-i \"aevalsrc=0.5*sin(2*PI*1000*t)*gte(t\\,5)*lt(t\\,5.2):s=48000:d=8\" -pix_fmt yuv420p -ac 2 ";
    for (const std::string kind : {"sync.ts -c:v libx264 -c:a aac -muxdelay 1.4", "sync.mkv -c:v libx264 -c:a flac",
                                   "sync.mp4 -c:v libx264 -c:a aac", "sync.mov -c:v prores -c:a pcm_s16le"}) {
        const auto space = kind.find(' ');
        auto source = MemorySource::of_file(made(kind.substr(0, space), film + kind.substr(space)));
        const auto plan = plan_of(source);
        const auto heard = encode(plan, source);
        CollectingSink sink;
        const auto& rung = plan.video.at(0);
        ASSERT_TRUE(run_order(VideoWork{{all_of(plan, rung.name)}}, plan, source, sink));
        const auto file = joined(sink, rung.name, "sync.mp4");
        const auto decoded = decode_grey(file, rung.width, rung.height);
        std::filesystem::remove(file);
        std::int64_t flash = 0;
        while (flash < decoded.frames && decoded.frame(flash)[5000] < 128) ++flash;
        EXPECT_EQ(flash, 125) << kind;
        std::size_t beep = 0;
        while (beep < heard.samples.size() && std::abs(int{heard.samples[beep]}) < 3000) ++beep;
        const auto beep_s = static_cast<double>(beep) / heard.rendition.channels / heard.rendition.sample_rate;
        EXPECT_NEAR(beep_s, static_cast<double>(flash) / 25, 0.0107) << kind;
    }
}

TEST(Sound, both_tracks_of_a_film_are_made) {
    MOVIO_NEEDS_SHARED(source, "mb-multiple-aac-tracks.mp4");
    const auto plan = plan_of(source);
    ASSERT_EQ(plan.audio.size(), 2U);
    expect_whole(encode(plan, source, 0), plan);
    expect_whole(encode(plan, source, 1), plan);
}

TEST(Sound, six_channels_become_two_without_clipping) {
    auto source = MemorySource::of_file(
        made("six.wav", "-f lavfi -i \"aevalsrc=0|0|0.5*sin(2*PI*440*t)|0|0|0:c=5.1:s=48000:d=3\""));
    const auto plan = plan_of(source);
    const auto heard = encode(plan, source);
    const auto loud = level(heard.samples, 48000, 4 * 48000);
    EXPECT_GT(loud, 3000);  // the centre is heard on both sides
    EXPECT_LT(loud, 9000);
}

// How many frames of sound are damage after these packets are overwritten; six channels, so that it is decoded.
std::int64_t damaged_frames(std::size_t first_packet, std::size_t last_packet) {
    const auto path = made("broken.m4a", "-f lavfi -i sine=r=48000:d=10 -ac 6 -c:a aac -movflags +faststart");
    auto bytes = MemorySource::of_file(path).bytes();
    const auto listed = run("ffprobe -v error -show_entries packet=pos,size -of csv=p=0 " + path.string());
    std::size_t number = 0;
    for (std::size_t at = 0; at < listed.size(); at = listed.find('\n', at) + 1, ++number) {
        if (number < first_packet || number > last_packet) continue;
        const auto comma = listed.find(',', at);
        const auto size = std::stoul(listed.substr(at, comma - at));
        const auto place = std::stoul(listed.substr(comma + 1));
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place), size, std::byte{0x55});
    }
    MemorySource source(std::move(bytes));
    const auto plan = plan_of(source);
    EXPECT_FALSE(plan.audio.at(0).passthrough);
    const auto heard = encode(plan, source);
    expect_whole(heard, plan);
    std::int64_t damaged = 0;
    for (const auto* segment : heard.sink.segments(heard.rendition.name)) damaged += segment->damaged;
    return damaged;
}

TEST(Sound, one_packet_that_cannot_be_decoded_is_counted) {
    const auto damaged = damaged_frames(200, 200);
    EXPECT_GE(damaged, 1);
    EXPECT_LE(damaged, 4);
}

TEST(Sound, an_end_that_cannot_be_decoded_is_counted) {
    const auto damaged = damaged_frames(240, 100'000);
    EXPECT_GE(damaged, 220);
    EXPECT_LE(damaged, 240);
}

}  // namespace
}  // namespace movio::media::test
