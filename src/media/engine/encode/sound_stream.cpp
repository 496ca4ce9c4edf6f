#include "media/engine/encode/sound_stream.hpp"

#include <algorithm>

#include "media/engine/av/report.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kJitterMs = 30;       // a clock may be off by so much before sound is cut or silence put in
constexpr std::int64_t kSilenceStep = 8192;  // samples at once: a gap may be hours

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::filter, ErrorCode::internal, "The sound cannot be resampled.", av_error);
}

std::int64_t length(const std::vector<Plane>& planes) { return static_cast<std::int64_t>(planes.front().size()); }

void drop_front(std::vector<Plane>& planes, std::int64_t count) {
    for (auto& plane : planes)
        plane.erase(plane.begin(),
                    plane.begin() + std::min<std::int64_t>(count, static_cast<std::int64_t>(plane.size())));
}

}  // namespace

SoundStream::SoundStream(SoundDecoder decoder, const AudioRendition& rendition)
    : decoder_(std::move(decoder)), channels_(rendition.channels), rate_(rendition.sample_rate) {}

std::int64_t SoundStream::to_rendition(std::int64_t source_sample) const {
    return scale(source_sample, rate_, decoder_.sample_rate());
}

MediaResult<void> SoundStream::start_at(std::int64_t sample) {
    const auto second = std::max<std::int64_t>(sample / rate_ - 1, 0);
    cursor_ = second * decoder_.sample_rate();
    skip_ = sample - second * rate_;
    source_ended_ = false;
    in_row_ = false;
    silence_left_ = 0;
    waiting_.reset();
    source_.assign(static_cast<std::size_t>(channels_), {});
    out_.assign(static_cast<std::size_t>(channels_), {});
    damaged_.clear();
    AVChannelLayout layout{};
    av_channel_layout_default(&layout, channels_);
    SwrContext* resampler = nullptr;
    int made = swr_alloc_set_opts2(&resampler, &layout, AV_SAMPLE_FMT_FLTP, rate_, &layout, AV_SAMPLE_FMT_FLTP,
                                   decoder_.sample_rate(), 0, nullptr);
    resampler_.reset(resampler);
    if (made >= 0) made = swr_init(resampler);
    if (made < 0) return cannot(made);
    return decoder_.start_at(cursor_);
}

void SoundStream::append_silence(std::int64_t count, bool damaged) {
    if (damaged) damaged_.push_back({to_rendition(cursor_), to_rendition(cursor_ + count)});
    for (auto& plane : source_) plane.resize(plane.size() + static_cast<std::size_t>(count), 0.0F);
    cursor_ += count;
}

// Within a row of blocks a small difference is the clock's own; the first block, and one behind damage, says where the
// row begins.
void SoundStream::place(SoundBlock block) {
    const bool follows = in_row_ && !block.errors_before;
    const auto tolerated = follows ? kJitterMs * decoder_.sample_rate() / 1000 : 0;
    const auto distance = block.position - cursor_;
    if (distance < -tolerated) {
        if (-distance >= length(block.channels)) return;
        drop_front(block.channels, -distance);
    }
    in_row_ = true;
    silence_left_ = distance > tolerated ? distance : 0;
    silence_damaged_ = block.errors_before;
    waiting_ = std::move(block);
}

void SoundStream::append(const SoundBlock& block) {
    for (std::size_t channel = 0; channel < source_.size(); ++channel) {
        source_[channel].insert(source_[channel].end(), block.channels[channel].begin(), block.channels[channel].end());
    }
    cursor_ += length(block.channels);
}

// Moves what was gathered through the resampler.
MediaResult<void> SoundStream::resample() {
    const auto count = static_cast<int>(length(source_));
    if (count == 0) return {};
    const int room = swr_get_out_samples(resampler_.get(), count);
    if (room < 0) return cannot(room);
    const auto before = out_.front().size();
    std::vector<std::uint8_t*> targets;
    std::vector<const std::uint8_t*> inputs;
    for (auto& plane : out_) {
        plane.resize(before + static_cast<std::size_t>(room));
        targets.push_back(reinterpret_cast<std::uint8_t*>(plane.data() + before));
    }
    inputs.reserve(source_.size());
    for (const auto& plane : source_) inputs.push_back(reinterpret_cast<const std::uint8_t*>(plane.data()));
    const int got = swr_convert(resampler_.get(), targets.data(), room, inputs.data(), count);
    if (got < 0) return cannot(got);
    for (auto& plane : out_) plane.resize(before + static_cast<std::size_t>(got));
    for (auto& plane : source_) plane.clear();
    const auto dropped = std::min<std::int64_t>(skip_, length(out_));
    drop_front(out_, dropped);
    skip_ -= dropped;
    return {};
}

MediaResult<void> SoundStream::fill() {
    if (silence_left_ > 0) {
        const auto step = std::min(silence_left_, kSilenceStep);
        append_silence(step, silence_damaged_);
        silence_left_ -= step;
        return resample();
    }
    if (waiting_) {
        append(*waiting_);
        waiting_.reset();
        return resample();
    }
    if (source_ended_) {
        const auto lost = decoder_.errors_at_end() ? decoder_.track_end() - cursor_ : 0;
        append_silence(lost > 0 ? std::min(lost, kSilenceStep) : kSilenceStep, lost > 0);
        return resample();
    }
    auto block = decoder_.next();
    if (!block) return std::unexpected(block.error());
    if (*block) {
        place(**std::move(block));
    } else {
        source_ended_ = true;
    }
    return {};
}

MediaResult<void> SoundStream::read(std::int64_t count, std::vector<Plane>& planes) {
    while (length(out_) < count) {
        if (auto filled = fill(); !filled) return filled;
    }
    planes.resize(out_.size());
    for (std::size_t channel = 0; channel < out_.size(); ++channel) {
        const auto& plane = out_[channel];
        planes[channel].insert(planes[channel].end(), plane.begin(), plane.begin() + count);
    }
    drop_front(out_, count);
    return {};
}

}  // namespace movio::media
