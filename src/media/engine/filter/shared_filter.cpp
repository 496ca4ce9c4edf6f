#include "media/engine/filter/shared_filter.hpp"

#include <algorithm>

namespace movio::media {
namespace {

constexpr int kFilterThreads = 2;
constexpr std::int64_t kRunInFrames = 2;

}  // namespace

SharedFilter::SharedFilter(PictureReader& reader, Rational frame_rate, PictureSize size_max)
    : reader_(reader),
      video_(*reader.track().video),
      frame_rate_(frame_rate),
      size_max_(lying(video_, size_max)),
      interlaced_(video_.interlaced) {}

MediaResult<void> SharedFilter::start_at_frame(std::int64_t frame) {
    chain_.reset();
    inside_.clear();
    done_.clear();
    ended_ = false;
    // The filter of interlaced pictures looks at the one before: those of the run-in come out first, and are passed
    // over.
    const auto from = interlaced_ ? std::max<std::int64_t>(frame - kRunInFrames, 0) : frame;
    return reader_.start_at(reader_.track().first_pts + latest_shown(from, reader_.track().time_base, frame_rate_));
}

std::int64_t SharedFilter::picture_end() const {
    const auto& track = reader_.track();
    return slot_of(track.end_pts - track.first_pts, track.time_base, frame_rate_);
}

SharedFilter::Placed SharedFilter::placed(Picture picture) const {
    const auto& track = reader_.track();
    const auto slot = slot_of(picture.time - track.first_pts, track.time_base, frame_rate_);
    return {std::move(picture), slot};
}

// Every picture that goes in comes out once, in order: its facts wait in a row meanwhile.
MediaResult<void> SharedFilter::drain(bool flush) {
    if (flush) {
        if (auto pushed = chain_->push(nullptr); !pushed) return pushed;
    }
    for (;;) {
        auto frame = chain_->pull();
        if (!frame) return std::unexpected(frame.error());
        if (!*frame || inside_.empty()) return {};
        auto picture = std::move(inside_.front());
        inside_.pop_front();
        picture.frame = **std::move(frame);
        av::clear_interlaced(*picture.frame);
        done_.push_back(std::move(picture));
    }
}

MediaResult<void> SharedFilter::take(Picture picture) {
    interlaced_ = interlaced_ || av::is_interlaced(*picture.frame);
    const bool renewed = chain_ && (!chain_->fits(*picture.frame) || chain_interlaced_ != interlaced_);
    if (renewed) {
        if (auto drained = drain(true); !drained) return drained;
        chain_.reset();
        inside_.clear();
    }
    if (!chain_) {
        const auto steps = shared_steps(video_, interlaced_, size_max_);
        if (steps.empty()) {
            done_.push_back(std::move(picture));
            return {};
        }
        auto chain = FilterChain::make(*picture.frame, reader_.track().time_base, steps, kFilterThreads);
        if (!chain) return std::unexpected(chain.error());
        chain_.emplace(*std::move(chain));
        chain_interlaced_ = interlaced_;
    }
    picture.frame->pts = picture.time;
    const auto frame = std::move(picture.frame);
    inside_.push_back(std::move(picture));
    if (auto pushed = chain_->push(frame.get()); !pushed) return pushed;
    return drain(false);
}

MediaResult<std::optional<SharedFilter::Placed>> SharedFilter::next() {
    while (done_.empty() && !ended_) {
        auto picture = reader_.next();
        if (!picture) return std::unexpected(picture.error());
        if (*picture) {
            if (auto taken = take(**std::move(picture)); !taken) return std::unexpected(taken.error());
            continue;
        }
        ended_ = true;
        if (!chain_) continue;
        if (auto drained = drain(true); !drained) return std::unexpected(drained.error());
    }
    if (done_.empty()) return std::optional<Placed>{};
    auto picture = std::move(done_.front());
    done_.pop_front();
    return std::optional(placed(std::move(picture)));
}

}  // namespace movio::media
