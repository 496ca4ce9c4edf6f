#include "media/engine/encode/sound_segments.hpp"

#include "media/format/box_writer.hpp"
#include "media/format/sound.hpp"

namespace movio::media {

SoundSegments::SoundSegments(const Plan& plan, const AudioRendition& rendition, std::int64_t first, std::int64_t end,
                             ArtefactSink& sink)
    : plan_(plan),
      rendition_(rendition),
      segment_(first),
      first_(first),
      end_(end),
      sink_(sink),
      next_frame_(first_frame()) {}

std::int64_t SoundSegments::first_frame() const { return audio_segment(plan_, rendition_, first_).first; }
std::int64_t SoundSegments::end_frame() const { return audio_segment(plan_, rendition_, end_ - 1).end; }

MediaResult<void> SoundSegments::close() {
    std::vector<Sample> samples;
    samples.reserve(frames_.size());
    for (const auto& frame : frames_) samples.push_back({frame, kAacFrameSamples, 0, true});
    auto bytes = write_segment(segment_ + 1, segment_decode_time(plan_, rendition_, segment_), samples);
    if (!bytes) return std::unexpected(bytes.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::segment;
    artefact.rendition = rendition_.name;
    artefact.number = segment_ + 1;
    artefact.ticks = static_cast<std::int64_t>(frames_.size()) * kAacFrameSamples;
    artefact.damaged = std::exchange(damaged_, 0);
    artefact.bytes = *std::move(bytes);
    frames_.clear();
    ++segment_;
    sink_.progress(static_cast<int>((segment_ - first_) * 1000 / (end_ - first_)));
    return sink_.put(std::move(artefact));
}

MediaResult<void> SoundSegments::add(std::int64_t frame, Bytes data, bool damaged) {
    if (complete() || frame != next_frame_) return {};
    frames_.push_back(std::move(data));
    damaged_ += damaged ? 1 : 0;
    ++next_frame_;
    if (next_frame_ == audio_segment(plan_, rendition_, segment_).end) return close();
    return {};
}

}  // namespace movio::media
