#pragma once
// Every libav header, and every difference between libav 5.1 and 7.1, in one place.
#include <cstdint>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
}

#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(59, 37, 100)
#error "libav 5.1 or newer is needed"
#endif

namespace movio::media::av {

inline const std::uint8_t* stream_side_data(const AVStream& stream, AVPacketSideDataType type, std::size_t bytes_min) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    const AVPacketSideData* data =
        av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
    return data != nullptr && data->size >= bytes_min ? data->data : nullptr;
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
    return data != nullptr && size >= bytes_min ? data : nullptr;
#endif
}

inline bool is_interlaced(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame.interlaced_frame != 0;
#endif
}

// The encoder must not copy the source's field flags.
inline void clear_interlaced(AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    frame.flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
#else
    frame.interlaced_frame = 0;
    frame.top_field_first = 0;
#endif
}

inline std::int64_t duration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame.duration;
#else
    return frame.pkt_duration;
#endif
}

inline void set_colour(AVBufferSrcParameters& parameters, const AVFrame& frame) {
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100)
    parameters.color_space = frame.colorspace;
    parameters.color_range = frame.color_range;
#else
    static_cast<void>(parameters);
    static_cast<void>(frame);
#endif
}

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)
inline constexpr int kProfileAacLow = AV_PROFILE_AAC_LOW;
#else
inline constexpr int kProfileAacLow = FF_PROFILE_AAC_LOW;
#endif

}  // namespace movio::media::av
