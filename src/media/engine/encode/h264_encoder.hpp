#pragma once
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "media/engine/av/handles.hpp"
#include "media/format/avc_parameters.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// x264 with every parameter from the plan, so that whoever encodes whichever segments gets the same parameter sets.
class H264Encoder {
public:
    static MediaResult<H264Encoder> open(const VideoRendition& rendition, Rational frame_rate,
                                         const ColourInfo& colour);

    // Known before the first frame.
    const Bytes& avc_config() const { return avc_config_; }

    // `number` of the frame on the grid; `begin_segment` forces an IDR. nullptr: no more come.
    MediaResult<void> send(const AVFrame* frame, std::int64_t number, bool begin_segment);

    struct Unit {
        Bytes sample;             // length-prefixed NAL units
        std::int64_t number = 0;  // frame of the grid
        bool idr = false;
    };
    // In decoding order. nullopt: more frames are needed, or the end.
    MediaResult<std::optional<Unit>> receive();

private:
    explicit H264Encoder(av::CodecContext context) : context_(std::move(context)) {}

    av::CodecContext context_;
    av::Packet packet_ = av::new_packet();
    av::Frame frame_ = av::new_frame();
    Bytes avc_config_;
    AvcParameterSets sets_;
};

}  // namespace movio::media
