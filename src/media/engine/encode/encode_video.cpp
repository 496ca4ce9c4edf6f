#include "media/engine/encode/encode_video.hpp"

#include <algorithm>
#include <map>

#include "media/engine/encode/rendition_worker.hpp"
#include "media/engine/filter/shared_filter.hpp"
#include "media/engine/images/looker.hpp"

namespace movio::media {
namespace {

constexpr int kDecoderThreads = 2;

struct SegmentSpan {
    std::int64_t first = 0;
    std::int64_t end = 0;
    auto operator<=>(const SegmentSpan&) const = default;
};

// One stretch of the film in some renditions.
class StretchEncoder {
public:
    StretchEncoder(const Plan& plan, SegmentSpan span, ArtefactSink& sink) : plan_(plan), span_(span), sink_(sink) {}

    MediaResult<void> add(const VideoRendition& rendition);
    // Hand over what is seen on the way, too.
    void look() { looker_.emplace(plan_, sink_, first_frame()); }
    PictureSize largest() const;
    MediaResult<void> run(SharedFilter& pictures, std::int64_t frames_before, std::int64_t frames_all);
    std::int64_t first_frame() const { return plan_.grid.segment(span_.first).first_frame; }
    std::int64_t end_frame() const {
        const auto last = plan_.grid.segment(span_.end - 1);
        return last.first_frame + last.frames;
    }

private:
    MediaResult<void> advance(SharedFilter& pictures, std::int64_t number);
    MediaResult<void> hand_over();
    bool is_damaged(const SharedFilter& pictures, std::int64_t number) const;

    const Plan& plan_;
    SegmentSpan span_;
    ArtefactSink& sink_;
    std::vector<std::unique_ptr<RenditionWorker>> workers_;
    std::shared_ptr<const av::Frame> shown_;
    std::int64_t shown_since_ = 0;
    bool shown_damaged_ = false;
    std::optional<SharedFilter::Placed> coming_;
    bool errors_at_end_ = false;
    std::optional<Looker> looker_;
};

MediaResult<void> StretchEncoder::add(const VideoRendition& rendition) {
    auto worker = RenditionWorker::open(plan_, rendition, span_.first);
    if (!worker) return std::unexpected(worker.error());
    workers_.push_back(*std::move(worker));
    return sink_.put(workers_.back()->init_segment());
}

PictureSize StretchEncoder::largest() const {
    PictureSize size;
    for (const auto& worker : workers_) {
        if (worker->rendition().width > size.width) size = {worker->rendition().width, worker->rendition().height};
    }
    return size;
}

// Makes `shown_` the picture of grid frame `number`: the latest one whose place is not behind it. The first picture is
// extended backwards.
MediaResult<void> StretchEncoder::advance(SharedFilter& pictures, std::int64_t number) {
    while (!shown_ || (coming_ && coming_->slot <= number)) {
        if (coming_) {
            shown_ = std::make_shared<const av::Frame>(std::move(coming_->picture.frame));
            shown_since_ = std::max(coming_->slot, number);
            shown_damaged_ = coming_->picture.damaged;
            coming_.reset();
        }
        auto next = pictures.next();
        if (!next) return std::unexpected(next.error());
        coming_ = *std::move(next);
        if (!coming_ && !shown_) {
            return bad_media(MediaStage::decode, ErrorCode::damaged,
                             "No frame of the picture can be decoded here. The file is damaged.");
        }
        if (!coming_) break;
    }
    return {};
}

// A repeat counts as damage when something between it and the next picture could not be decoded.
bool StretchEncoder::is_damaged(const SharedFilter& pictures, std::int64_t number) const {
    if (number == shown_since_) return shown_damaged_;
    if (coming_) return shown_damaged_ || coming_->picture.errors_before;
    return errors_at_end_ && number < pictures.picture_end();
}

MediaResult<void> StretchEncoder::hand_over() {
    for (const auto& worker : workers_) {
        for (auto& artefact : worker->take_completed()) {
            if (auto taken = sink_.put(std::move(artefact)); !taken) return taken;
        }
    }
    return {};
}

MediaResult<void> StretchEncoder::run(SharedFilter& pictures, std::int64_t frames_before, std::int64_t frames_all) {
    if (auto started = pictures.start_at_frame(first_frame()); !started) return started;
    for (const auto& worker : workers_) worker->start();
    for (auto number = first_frame(); number < end_frame(); ++number) {
        if (sink_.stop_requested()) return bad_media(MediaStage::encode, ErrorCode::cancelled, "The work was stopped.");
        if (auto advanced = advance(pictures, number); !advanced) return advanced;
        if (!coming_) errors_at_end_ = pictures.errors_at_end();
        const GridFrame frame{shown_, number, is_damaged(pictures, number)};
        for (const auto& worker : workers_) {
            if (auto pushed = worker->push(frame); !pushed) return pushed;
        }
        if (looker_) {
            if (auto seen = looker_->see(number, shown_); !seen) return seen;
        }
        if (auto handed = hand_over(); !handed) return handed;
        sink_.progress(static_cast<int>((frames_before + number - first_frame()) * 1000 / frames_all));
    }
    for (const auto& worker : workers_) worker->end();
    for (const auto& worker : workers_) {
        if (auto finished = worker->finish(); !finished) return finished;
    }
    if (auto handed = hand_over(); !handed) return handed;
    return looker_ ? looker_->finish() : MediaResult<void>{};
}

MediaResult<std::map<SegmentSpan, std::vector<const VideoRendition*>>> group(const Plan& plan, const VideoWork& work) {
    std::map<SegmentSpan, std::vector<const VideoRendition*>> stretches;
    for (const auto& range : work.ranges) {
        const auto* rendition = plan.find_video(range.rendition);
        if (rendition == nullptr || range.first < 0 || range.first >= range.end || range.end > plan.grid.segments()) {
            return bad_media(MediaStage::plan, ErrorCode::internal,
                             "The order asks for segments that the plan does not have.", range.rendition);
        }
        stretches[{range.first, range.end}].push_back(rendition);
    }
    return stretches;
}

}  // namespace

MediaResult<void> encode_video(const Plan& plan, const VideoWork& work, ByteSource& source, ArtefactSink& sink) {
    const auto stretches = group(plan, work);
    if (!stretches) return std::unexpected(stretches.error());
    if (!plan.has_video())
        return bad_media(MediaStage::plan, ErrorCode::internal, "The film has no picture to encode.");
    std::unique_ptr<PictureReader> reader;
    std::int64_t frames_all = 0;
    for (const auto& [span, renditions] : *stretches) {
        StretchEncoder measure(plan, span, sink);
        frames_all += measure.end_frame() - measure.first_frame();
    }
    std::int64_t frames_before = 0;
    for (const auto& [span, renditions] : *stretches) {
        StretchEncoder stretch(plan, span, sink);
        for (const auto* rendition : renditions) {
            if (auto added = stretch.add(*rendition); !added) return added;
        }
        if (!reader) {
            auto opened = PictureReader::open(source, sink, plan.index, *plan.video_stream, kDecoderThreads);
            if (!opened) return std::unexpected(opened.error());
            reader = *std::move(opened);
        }
        if (work.looks) stretch.look();
        SharedFilter pictures(*reader, plan.grid.frame_rate(), stretch.largest());
        if (auto encoded = stretch.run(pictures, frames_before, frames_all); !encoded) return encoded;
        frames_before += stretch.end_frame() - stretch.first_frame();
    }
    sink.progress(1000);
    return {};
}

}  // namespace movio::media
