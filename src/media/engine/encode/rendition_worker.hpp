#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "media/engine/encode/segment_cutter.hpp"
#include "media/engine/filter/chain.hpp"

namespace movio::media {

// A frame of the grid on its way to the encoders. Frames that repeat a picture share it.
struct GridFrame {
    std::shared_ptr<const av::Frame> picture;
    std::int64_t number = 0;
    bool damaged = false;
};

// Scales and encodes one rendition on a thread of its own, so that renditions run side by side. All public functions
// are for the one thread that owns it; the thread ends before the destructor does.
class RenditionWorker {
public:
    static MediaResult<std::unique_ptr<RenditionWorker>> open(const Plan& plan, const VideoRendition& rendition,
                                                              std::int64_t first_segment);
    ~RenditionWorker();
    RenditionWorker(const RenditionWorker&) = delete;
    RenditionWorker& operator=(const RenditionWorker&) = delete;

    const VideoRendition& rendition() const { return rendition_; }
    Artefact init_segment() const;
    void start();

    // Waits while the queue is full. Fails with what the thread failed with.
    MediaResult<void> push(GridFrame frame);
    // No more frames come. Told to all workers before the first is waited for.
    void end();
    // Waits until the last segment is complete.
    MediaResult<void> finish();
    // Segments completed since the last call.
    std::vector<Artefact> take_completed();

private:
    RenditionWorker(const Plan& plan, const VideoRendition& rendition, std::int64_t first_segment, H264Encoder encoder);
    void run();
    MediaResult<void> encode(const GridFrame& frame);
    MediaResult<void> receive_all();
    MediaResult<const AVFrame*> scaled(const GridFrame& frame);
    std::optional<GridFrame> wait_for_frame();

    const Plan& plan_;
    const VideoRendition& rendition_;
    const VideoInfo& video_;
    // The thread's own.
    H264Encoder encoder_;
    SegmentCutter cutter_;
    std::optional<FilterChain> chain_;
    std::shared_ptr<const av::Frame> scaled_from_;
    av::Frame scaled_;
    // Shared, under the mutex.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<GridFrame> queue_;
    std::size_t queue_max_;
    std::vector<Artefact> completed_;
    bool ended_ = false;
    bool abandoned_ = false;
    std::optional<MediaError> failure_;

    std::thread thread_;
};

}  // namespace movio::media
