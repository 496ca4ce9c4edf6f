#include "media/engine/encode/sound_levels.hpp"

#include <algorithm>

#include "media/engine/encode/sound_stream.hpp"
#include "media/format/sound.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kSettleSeconds = 2;

// The first step that ends behind this sample.
std::int64_t step_behind(std::int64_t sample, int rate) {
    auto step = scale(sample, kStepsPerSecond, rate, Rounding::down);
    while (step > 0 && step_end(step - 1, rate) > sample) --step;
    while (step_end(step, rate) <= sample) ++step;
    return step;
}

}  // namespace

SoundLevels::SoundLevels(const Plan& plan, const AudioRendition& rendition, std::int64_t first, std::int64_t end)
    : rate_(rendition.sample_rate),
      segment_(first),
      first_sample_(std::max<std::int64_t>(0, content_sample(rendition, audio_segment(plan, rendition, first).first))),
      end_sample_(std::max(first_sample_, content_sample(rendition, audio_segment(plan, rendition, end - 1).end))),
      end_step_(step_behind(end_sample_, rate_)) {
    levels_.first_step = step_behind(first_sample_, rate_);
}

void SoundLevels::start_at(std::int64_t sample) { meter_.emplace(rate_, sample); }

void SoundLevels::hear(const std::vector<Plane>& planes) {
    meter_->add(planes);
    for (const auto& step : meter_->take()) {
        const auto next = levels_.first_step + static_cast<std::int64_t>(levels_.levels.size());
        if (step.number == next && step.number < end_step_) levels_.levels.push_back(step.level);
    }
}

MediaResult<void> SoundLevels::listen(const Plan& plan, const AudioRendition& rendition, ByteSource& source,
                                      const ArtefactSink& sink) {
    auto decoder = SoundDecoder::open(source, sink, plan.index, rendition.stream, rendition.channels);
    if (!decoder) return std::unexpected(decoder.error());
    SoundStream stream(*std::move(decoder), rendition);
    const auto from = std::max<std::int64_t>(0, first_sample_ - kSettleSeconds * rate_);
    if (auto started = stream.start_at(from); !started) return started;
    start_at(from);
    std::vector<Plane> planes;
    for (auto sample = from; sample < end_sample_; sample += kAacFrameSamples) {
        if (sink.stop_requested()) return bad_media(MediaStage::decode, ErrorCode::cancelled, "The work was stopped.");
        for (auto& plane : planes) plane.clear();
        if (auto read = stream.read(kAacFrameSamples, planes); !read) return read;
        hear(planes);
    }
    return {};
}

Artefact SoundLevels::take() {
    Artefact artefact;
    artefact.kind = ArtefactKind::figures;
    artefact.rendition = kLevels;
    artefact.number = segment_;
    const auto json = to_json(levels_);
    artefact.bytes.assign(as_bytes(json).begin(), as_bytes(json).end());
    return artefact;
}

}  // namespace movio::media
