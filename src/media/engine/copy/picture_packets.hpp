#pragma once
#include <memory>

#include "media/engine/av/input.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// The packets of the film's picture in decoding order, from any IDR frame of a plan that passes it through.
class PicturePackets {
public:
    // `bytes`, `sink` and `plan` outlive it.
    static MediaResult<PicturePackets> open(ByteSource& bytes, const ArtefactSink& sink, const Plan& plan);

    // The packets that follow begin with the one of this frame of the grid, which begins a segment.
    MediaResult<void> start_at(std::int64_t frame);
    // Null at the end of the track. What it points to lives until the next call.
    MediaResult<const AVPacket*> next();
    // Frame of the grid that a packet shows.
    std::int64_t frame_of(const AVPacket& packet) const;

    const AVStream& stream() const { return input_->stream(track_->stream); }

private:
    PicturePackets(ByteSource& bytes, const ArtefactSink& sink, const Plan& plan, const Track& track)
        : bytes_(&bytes), sink_(&sink), plan_(&plan), track_(&track) {}
    MediaResult<void> reopen();
    bool seek(const Keyframe& keyframe);
    MediaResult<bool> read();
    MediaResult<bool> find(std::int64_t frame);

    ByteSource* bytes_;
    const ArtefactSink* sink_;
    const Plan* plan_;
    const Track* track_;
    std::unique_ptr<av::Input> input_;
    av::Packet packet_ = av::new_packet();
    bool fresh_ = false;  // nothing was read since the input was opened
    bool ready_ = false;  // `packet_` is the next one
};

}  // namespace movio::media
