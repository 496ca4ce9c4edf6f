#include "media/engine/encode/encode_audio.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "media/engine/encode/aac_encoder.hpp"
#include "media/engine/encode/sound_levels.hpp"
#include "media/engine/encode/sound_segments.hpp"
#include "media/engine/encode/sound_stream.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/sound.hpp"

namespace movio::media {
namespace {

// Frames before and behind a block that are encoded and thrown away. The encoder needs about a hundred frames to find
// its rate on a tone; begun later, the first two seconds of a block are noisier than the end of the one before.
constexpr std::int64_t kRunInFrames = 128;
constexpr std::int64_t kRunOutFrames = 8;

class BlockEncoder {
public:
    BlockEncoder(const AudioRendition& rendition, SoundStream& stream, SoundSegments& segments, AacEncoder encoder)
        : rendition_(rendition), stream_(stream), segments_(segments), encoder_(std::move(encoder)) {}

    // `block_first` is the first frame of the block that holds the segments. `levels`: what hears the sound on its way;
    // may be null.
    MediaResult<void> run(std::int64_t block_first, const ArtefactSink& sink, SoundLevels* levels);

private:
    MediaResult<void> receive_all();
    bool is_damaged(std::int64_t first_sample) const;

    const AudioRendition& rendition_;
    SoundStream& stream_;
    SoundSegments& segments_;
    AacEncoder encoder_;
};

bool BlockEncoder::is_damaged(std::int64_t first_sample) const {
    return std::ranges::any_of(stream_.damaged(), [&](const auto& stretch) {
        return stretch.first < first_sample + kAacFrameSamples && stretch.end > first_sample;
    });
}

MediaResult<void> BlockEncoder::receive_all() {
    for (;;) {
        auto unit = encoder_.receive();
        if (!unit) return std::unexpected(unit.error());
        if (!*unit) return {};
        const auto frame = ((*unit)->first + rendition_.media_time) / kAacFrameSamples;
        const bool damaged = is_damaged((*unit)->first);
        if (auto added = segments_.add(frame, std::move((*unit)->data), damaged); !added) return added;
    }
}

MediaResult<void> BlockEncoder::run(std::int64_t block_first, const ArtefactSink& sink, SoundLevels* levels) {
    // Frame f begins with content sample 1024 f - media_time; the encoder's own delay is as long, so a run that begins
    // with sample 1024 f gives frame f first.
    const auto first = std::max<std::int64_t>(block_first - kRunInFrames, 0) * kAacFrameSamples;
    const auto end = (segments_.end_frame() + kRunOutFrames) * kAacFrameSamples;
    if (auto started = stream_.start_at(first); !started) return started;
    if (levels != nullptr) levels->start_at(first);
    std::vector<Plane> planes;
    for (auto sample = first; sample < end && !segments_.complete(); sample += kAacFrameSamples) {
        if (sink.stop_requested()) return bad_media(MediaStage::encode, ErrorCode::cancelled, "The work was stopped.");
        for (auto& plane : planes) plane.clear();
        if (auto read = stream_.read(kAacFrameSamples, planes); !read) return read;
        if (levels != nullptr) levels->hear(planes);
        if (auto sent = encoder_.send(planes, sample); !sent) return sent;
        if (auto received = receive_all(); !received) return received;
    }
    if (segments_.complete()) return {};
    return bad_media(MediaStage::encode, ErrorCode::internal,
                     "The encoder gave fewer frames of sound than it was given.");
}

MediaResult<void> encode_blocks(const Plan& plan, const AudioRendition& rendition, const AudioWork& work,
                                ByteSource& source, ArtefactSink& sink) {
    const auto& range = work.range;
    auto decoder = SoundDecoder::open(source, sink, plan.index, rendition.stream, rendition.channels);
    if (!decoder) return std::unexpected(decoder.error());
    SoundStream stream(*std::move(decoder), rendition);
    for (auto first = range.first; first < range.end;) {
        const auto block = first - first % limits::kAudioBlockSegments;
        const auto end = std::min<std::int64_t>(range.end, block + limits::kAudioBlockSegments);
        auto encoder = AacEncoder::open(rendition);
        if (!encoder) return std::unexpected(encoder.error());
        SoundSegments segments(plan, rendition, first, end, sink);
        BlockEncoder run(rendition, stream, segments, *std::move(encoder));
        std::optional<SoundLevels> levels;
        if (work.levels) levels.emplace(plan, rendition, first, end);
        const auto block_first = audio_segment(plan, rendition, block).first;
        if (auto done = run.run(block_first, sink, levels ? &*levels : nullptr); !done) return done;
        // Of work that spans several blocks, each says its own.
        if (levels && first == range.first) {
            if (auto taken = sink.put(levels->take()); !taken) return taken;
        }
        first = end;
    }
    return {};
}

// One raw AAC frame of a packet: streams in transport form carry a header (ISO/IEC 14496-3 §1.A.3.2) before each.
Bytes raw_frame(const AVPacket& packet) {
    const auto* data = reinterpret_cast<const std::byte*>(packet.data);
    auto size = static_cast<std::size_t>(std::max(packet.size, 0));
    const bool header = size > 7 && packet.data[0] == 0xFF && (packet.data[1] & 0xF6) == 0xF0;
    if (!header) return {data, data + size};
    const std::size_t skip = (packet.data[1] & 1) != 0 ? 7 : 9;
    return {data + std::min(skip, size), data + size};
}

// Frame f of the rendition is the packet that begins with its content sample. A packet that is missing repeats the one
// before it.
MediaResult<void> copy_packets(const Plan& plan, const AudioRendition& rendition, const SegmentRange& range,
                               ByteSource& source, ArtefactSink& sink) {
    auto packets = SoundPackets::open(source, sink, plan.index, rendition.stream);
    if (!packets) return std::unexpected(packets.error());
    const auto& track = packets->track();
    SoundSegments segments(plan, rendition, range.first, range.end, sink);
    const auto wanted = content_sample(rendition, segments.first_frame()) +
                        scale(plan.index.time_zero_us, rendition.sample_rate, 1'000'000);
    const auto ticks = scale(wanted - kAacFrameSamples, track.time_base.den,
                             track.time_base.num * rendition.sample_rate, Rounding::down);
    if (auto started = packets->start_at(ticks); !started) return started;
    Bytes last;
    while (!segments.complete()) {
        auto packet = packets->next();
        if (!packet) return std::unexpected(packet.error());
        if (!*packet) break;
        const auto time = packet_time(**packet);
        if (!time) continue;
        const auto content = sample_at(plan.index, track, *time, rendition.sample_rate);
        const auto frame = scale(content + rendition.media_time, 1, kAacFrameSamples);
        if (frame < segments.next_frame() || (*packet)->size <= 0) continue;
        auto data = raw_frame(**packet);
        if (last.empty()) last = data;
        while (segments.next_frame() < std::min(frame, segments.end_frame())) {
            if (auto filled = segments.add(segments.next_frame(), last, true); !filled) return filled;
        }
        last = data;
        if (auto added = segments.add(frame, std::move(data), false); !added) return added;
    }
    if (last.empty())
        return bad_media(MediaStage::decode, ErrorCode::damaged, "No sound can be read here. The file is damaged.");
    while (!segments.complete()) {
        if (auto filled = segments.add(segments.next_frame(), last, true); !filled) return filled;
    }
    return {};
}

MediaResult<const AudioRendition*> find_ordered(const Plan& plan, const SegmentRange& range) {
    const auto* rendition = plan.find_audio(range.rendition);
    if (rendition != nullptr && range.first >= 0 && range.first < range.end && range.end <= plan.grid.segments())
        return rendition;
    return bad_media(MediaStage::plan, ErrorCode::internal, "The order asks for segments that the plan does not have.",
                     range.rendition);
}

}  // namespace

MediaResult<void> encode_audio(const Plan& plan, const AudioWork& work, ByteSource& source, ArtefactSink& sink) {
    const auto found = find_ordered(plan, work.range);
    if (!found) return std::unexpected(found.error());
    const auto& rendition = **found;
    Artefact init;
    init.kind = ArtefactKind::init_segment;
    init.rendition = rendition.name;
    init.bytes = write_audio_init(rendition);
    if (auto taken = sink.put(std::move(init)); !taken) return taken;
    auto done = rendition.passthrough ? copy_packets(plan, rendition, work.range, source, sink)
                                      : encode_blocks(plan, rendition, work, source, sink);
    if (!done) return done;
    sink.progress(1000);
    return {};
}

MediaResult<void> measure_levels(const Plan& plan, const LevelsWork& work, ByteSource& source, ArtefactSink& sink) {
    const auto found = find_ordered(plan, work.range);
    if (!found) return std::unexpected(found.error());
    SoundLevels levels(plan, **found, work.range.first, work.range.end);
    // What plays is there already: sound that can be copied and not decoded has no loudness, and that is all.
    if (!levels.listen(plan, **found, source, sink)) return {};
    return sink.put(levels.take());
}

}  // namespace movio::media
