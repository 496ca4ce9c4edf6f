#include "media/format/verify.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "media/format/avc.hpp"
#include "media/format/box_reader.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/hex.hpp"
#include "media/format/passthrough.hpp"
#include "media/format/sound.hpp"

namespace movio::media {

namespace {

std::unexpected<MediaError> wrong(std::string_view rendition, std::string detail) {
    return bad_media(MediaStage::package, ErrorCode::damaged, "What was made does not match the plan.",
                     fmt::format("{}: {}", rendition, detail));
}

struct Expected {
    std::int64_t decode_time = 0;
    std::int64_t samples = 0;
    std::int64_t ticks_each = 0;
    std::int64_t ticks_last = 0;
};

std::string differing(const SegmentFacts& facts, const Expected& expected, std::int64_t sequence) {
    if (facts.sequence != sequence) return fmt::format("sequence {} where {} belongs", facts.sequence, sequence);
    if (facts.decode_time != expected.decode_time)
        return fmt::format("tfdt {} where {} belongs", facts.decode_time, expected.decode_time);
    if (static_cast<std::int64_t>(facts.samples.size()) != expected.samples)
        return fmt::format("{} samples where {} belong", facts.samples.size(), expected.samples);
    for (const auto& sample : facts.samples) {
        const bool last = &sample == &facts.samples.back();
        if (sample.duration != (last ? expected.ticks_last : expected.ticks_each))
            return fmt::format("a sample lasts {} ticks", sample.duration);
    }
    return {};
}

// Every frame of the segment is displayed once, and none of another segment.
std::string misplaced(const SegmentFacts& facts, std::int64_t ticks_each) {
    std::vector<bool> taken(facts.samples.size(), false);
    std::int64_t decode_time = 0;
    for (const auto& sample : facts.samples) {
        const auto time = decode_time + sample.cts_offset;
        const auto place = time / ticks_each;
        const bool inside = time >= 0 && time % ticks_each == 0 && place < static_cast<std::int64_t>(taken.size());
        if (!inside || taken[static_cast<std::size_t>(place)])
            return fmt::format("a frame is displayed {} ticks after the beginning", time);
        taken[static_cast<std::size_t>(place)] = true;
        decode_time += sample.duration;
    }
    return {};
}

// What is encoded has one IDR picture a segment; what is passed through may have more.
std::string broken_picture(const SegmentFacts& facts, ByteView bytes, bool passthrough) {
    bool first = true;
    for (const auto& sample : facts.samples) {
        const auto units = split_length_prefixed(bytes.subspan(sample.offset, sample.bytes));
        if (!units) return "a NAL unit leads out of its sample";
        std::size_t idr = 0;
        std::size_t slices = 0;
        for (const auto unit : *units) {
            const auto type = nal_type(unit);
            if (type == NalType::sps || type == NalType::pps) return "a sample holds parameter sets";
            if (type == NalType::idr) ++idr;
            if (type >= NalType::slice && type <= NalType::idr) ++slices;
        }
        if (slices == 0) return "a sample shows no picture";
        const bool begins = sample.sync && idr == slices;
        if (first && !begins) return "it does not begin with an IDR picture";
        if (!first && !(passthrough && begins) && (sample.sync || idr != 0)) return "it has a second IDR picture";
        first = false;
    }
    return facts.samples.front().cts_offset == 0 ? std::string() : "its IDR picture is not displayed first";
}

Expected expected_picture(const Plan& plan, const VideoRendition& video, std::int64_t k) {
    const auto place = plan.grid.segment(k);
    const auto ticks = plan.grid.frame_ticks();
    const bool last = k + 1 == plan.grid.segments();
    const auto held = video.passthrough && last ? frames_held(plan) : 0;
    return {segment_decode_time(plan, video, k), place.frames - held, ticks, ticks * (1 + held)};
}

}  // namespace

MediaResult<void> verify_segment(const Plan& plan, std::string_view rendition, std::int64_t k, ByteView bytes) {
    if (k < 0 || k >= plan.grid.segments()) return wrong(rendition, fmt::format("the film has no segment {}", k + 1));
    const auto name = fmt::format("{}/{}", rendition, k + 1);
    const auto facts = read_segment(bytes);
    if (!facts) return wrong(name, facts.error().detail);
    if (const auto* video = plan.find_video(rendition)) {
        const auto expected = expected_picture(plan, *video, k);
        auto difference = differing(*facts, expected, k + 1);
        if (difference.empty()) difference = misplaced(*facts, expected.ticks_each);
        if (difference.empty()) difference = broken_picture(*facts, bytes, video->passthrough);
        if (!difference.empty()) return wrong(name, std::move(difference));
        return {};
    }
    const auto* audio = plan.find_audio(rendition);
    if (audio == nullptr) return wrong(name, "the plan has no such rendition");
    const auto range = audio_segment(plan, *audio, k);
    const Expected expected{range.first * kAacFrameSamples, range.end - range.first, kAacFrameSamples,
                            kAacFrameSamples};
    auto difference = differing(*facts, expected, k + 1);
    const bool plain = std::ranges::all_of(facts->samples, [](const auto& s) { return s.sync && s.cts_offset == 0; });
    if (difference.empty() && !plain) difference = "a frame of sound has an offset or depends on others";
    if (!difference.empty()) return wrong(name, std::move(difference));
    return {};
}

MediaResult<void> verify_init(const Plan& plan, std::string_view rendition, ByteView bytes) {
    const auto facts = read_init(bytes);
    if (!facts) return wrong(rendition, facts.error().detail);
    if (const auto* video = plan.find_video(rendition)) {
        const bool same = facts->codec == "avc1" && facts->timescale == plan.grid.timescale() &&
                          facts->media_time == 0 && facts->width == video->width && facts->height == video->height;
        if (!same) return wrong(rendition, "its init segment has another codec, size or timescale");
        const auto codecs = codecs_of_avc_config(facts->codec_config);
        if (codecs != video->codecs)
            return wrong(rendition, fmt::format("it is {}, planned {}", codecs, video->codecs));
        if (video->passthrough && to_hex(facts->codec_config) != video->avc_config)
            return wrong(rendition, "its parameter sets are not those of the source");
        return {};
    }
    const auto* audio = plan.find_audio(rendition);
    if (audio == nullptr) return wrong(rendition, "the plan has no such rendition");
    const bool same = facts->codec == "mp4a" && facts->timescale == audio->sample_rate &&
                      facts->sample_rate == audio->sample_rate && facts->channels == audio->channels &&
                      facts->media_time == audio->media_time && to_hex(facts->codec_config) == audio->codec_config;
    if (!same) return wrong(rendition, "its init segment has another codec, rate, edit list or configuration");
    return {};
}

}  // namespace movio::media
