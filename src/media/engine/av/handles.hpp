#pragma once
#include <memory>
#include <new>

#include "media/engine/av/compat.hpp"

namespace movio::media::av {

// Owners of libav's objects.
struct Deleter {
    void operator()(AVFormatContext* object) const { avformat_close_input(&object); }
    void operator()(AVCodecContext* object) const { avcodec_free_context(&object); }
    void operator()(AVPacket* object) const { av_packet_free(&object); }
    void operator()(AVFrame* object) const { av_frame_free(&object); }
    void operator()(AVFilterGraph* object) const { avfilter_graph_free(&object); }
    void operator()(SwrContext* object) const { swr_free(&object); }
    void operator()(AVIOContext* object) const {
        av_freep(&object->buffer);
        avio_context_free(&object);
    }
};

template <class T>
using Owned = std::unique_ptr<T, Deleter>;

using FormatContext = Owned<AVFormatContext>;
using CodecContext = Owned<AVCodecContext>;
using Packet = Owned<AVPacket>;
using Frame = Owned<AVFrame>;
using FilterGraph = Owned<AVFilterGraph>;
using Resampler = Owned<SwrContext>;
using IoContext = Owned<AVIOContext>;

// Memory is short beyond repair where these fail; the process ends and the job with it.
inline Packet new_packet() {
    Packet packet(av_packet_alloc());
    if (!packet) throw std::bad_alloc();
    return packet;
}
inline Frame new_frame() {
    Frame frame(av_frame_alloc());
    if (!frame) throw std::bad_alloc();
    return frame;
}
inline Frame new_reference(const AVFrame& frame) {
    Frame copy(av_frame_clone(&frame));
    if (!copy) throw std::bad_alloc();
    return copy;
}

}  // namespace movio::media::av
