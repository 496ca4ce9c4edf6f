#include "media/engine/encode/rendition_worker.hpp"

#include <algorithm>

#include "media/engine/filter/shape.hpp"
#include "media/format/box_writer.hpp"

namespace movio::media {
namespace {

// The queue evens out the encoder's rhythm; it holds fewer frames the larger they are (4K: 4 of 12 MB).
constexpr std::int64_t kQueuePixelsMax = 16'000'000;
constexpr std::int64_t kQueueFramesMin = 4;
constexpr std::int64_t kQueueFramesMax = 16;

std::size_t queue_frames(const VideoInfo& video) {
    const auto pixels = std::max<std::int64_t>(std::int64_t{video.width} * video.height, 1);
    return static_cast<std::size_t>(std::clamp(kQueuePixelsMax / pixels, kQueueFramesMin, kQueueFramesMax));
}

const VideoInfo& film_picture(const Plan& plan) {
    for (const auto& track : plan.index.tracks) {
        if (track.stream == plan.video_stream && track.video) return *track.video;
    }
    static const VideoInfo none;
    return none;
}

}  // namespace

RenditionWorker::RenditionWorker(const Plan& plan, const VideoRendition& rendition, std::int64_t first_segment,
                                 H264Encoder encoder)
    : plan_(plan),
      rendition_(rendition),
      video_(film_picture(plan)),
      encoder_(std::move(encoder)),
      cutter_(plan, rendition, first_segment),
      queue_max_(queue_frames(video_)) {}

MediaResult<std::unique_ptr<RenditionWorker>> RenditionWorker::open(const Plan& plan, const VideoRendition& rendition,
                                                                    std::int64_t first_segment) {
    auto encoder = H264Encoder::open(rendition, plan.grid.frame_rate(), output_colour(film_picture(plan)));
    if (!encoder) return std::unexpected(encoder.error());
    return std::unique_ptr<RenditionWorker>(new RenditionWorker(plan, rendition, first_segment, *std::move(encoder)));
}

RenditionWorker::~RenditionWorker() {
    {
        const std::scoped_lock lock(mutex_);
        abandoned_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Artefact RenditionWorker::init_segment() const {
    Artefact artefact;
    artefact.kind = ArtefactKind::init_segment;
    artefact.rendition = rendition_.name;
    artefact.bytes = write_video_init(plan_, rendition_, encoder_.avc_config(), output_colour(video_));
    return artefact;
}

void RenditionWorker::start() { thread_ = std::thread(&RenditionWorker::run, this); }

MediaResult<void> RenditionWorker::push(GridFrame frame) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queue_.size() < queue_max_ || failure_; });
    if (failure_) return std::unexpected(*failure_);
    queue_.push_back(std::move(frame));
    lock.unlock();
    changed_.notify_all();
    return {};
}

void RenditionWorker::end() {
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
}

MediaResult<void> RenditionWorker::finish() {
    thread_.join();
    if (failure_) return std::unexpected(*failure_);
    return {};
}

std::vector<Artefact> RenditionWorker::take_completed() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(completed_, {});
}

std::optional<GridFrame> RenditionWorker::wait_for_frame() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !queue_.empty() || ended_ || abandoned_; });
    if (abandoned_ || queue_.empty()) return std::nullopt;
    auto frame = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return frame;
}

void RenditionWorker::run() {
    MediaResult<void> done;
    while (auto frame = wait_for_frame()) {
        done = encode(*frame);
        if (!done) break;
    }
    bool complete = false;
    {
        const std::scoped_lock lock(mutex_);
        complete = done.has_value() && !abandoned_;
    }
    if (complete) done = encoder_.send(nullptr, 0, false);
    if (complete && done) done = receive_all();
    std::vector<Artefact> last;
    if (complete && done) done = cutter_.finish(last);
    {
        const std::scoped_lock lock(mutex_);
        for (auto& artefact : last) completed_.push_back(std::move(artefact));
        if (!done) failure_ = done.error();
    }
    changed_.notify_all();
}

MediaResult<const AVFrame*> RenditionWorker::scaled(const GridFrame& frame) {
    if (scaled_from_ == frame.picture) return scaled_.get();
    const AVFrame& picture = **frame.picture;
    if (!chain_ || !chain_->fits(picture)) {
        const auto steps = rendition_steps(video_, picture, {rendition_.width, rendition_.height}, Levels::film);
        auto chain = FilterChain::make(picture, {1, 1}, steps, 1);
        if (!chain) return std::unexpected(chain.error());
        chain_.emplace(*std::move(chain));
    }
    auto reference = av::new_reference(picture);
    if (auto pushed = chain_->push(reference.get()); !pushed) return std::unexpected(pushed.error());
    auto pulled = chain_->pull();
    if (!pulled) return std::unexpected(pulled.error());
    if (!*pulled) return bad_media(MediaStage::filter, ErrorCode::internal, "The scaler swallowed a frame.");
    scaled_ = **std::move(pulled);
    scaled_from_ = frame.picture;
    return scaled_.get();
}

MediaResult<void> RenditionWorker::encode(const GridFrame& frame) {
    const auto picture = scaled(frame);
    if (!picture) return std::unexpected(picture.error());
    if (frame.damaged) cutter_.count_damaged(frame.number);
    const auto segment = plan_.grid.segment_of(frame.number);
    const bool begins = plan_.grid.segment(segment).first_frame == frame.number;
    if (auto sent = encoder_.send(*picture, frame.number, begins); !sent) return sent;
    return receive_all();
}

MediaResult<void> RenditionWorker::receive_all() {
    std::vector<Artefact> done;
    for (;;) {
        auto unit = encoder_.receive();
        if (!unit) return std::unexpected(unit.error());
        if (!*unit) break;
        if (auto added = cutter_.add(**std::move(unit), done); !added) return added;
    }
    if (done.empty()) return {};
    const std::scoped_lock lock(mutex_);
    for (auto& artefact : done) completed_.push_back(std::move(artefact));
    return {};
}

}  // namespace movio::media
