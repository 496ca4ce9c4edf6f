#include "media/engine/av/decoders.hpp"

#include <string>

#include "base/limits.hpp"
#include "media/engine/av/report.hpp"

namespace movio::media::av {

const char* decoder_whitelist() {
    return "h264,hevc,vp8,vp9,libdav1d,libaom-av1,mpeg1video,mpeg2video,mpeg4,msmpeg4v1,msmpeg4,msmpeg4v2,h263,h263p,flv,"
           "theora,vc1,wmv1,wmv2,wmv3,mjpeg,prores,dnxhd,ffv1,huffyuv,ffvhuff,utvideo,qtrle,svq1,svq3,cinepak,dvvideo,"
           "rawvideo,vp6,vp6f,vp6a,flashsv,png,hap,cfhd,"
           "aac,aac_latm,mp1float,mp1,mp2float,mp2,mp3float,mp3,ac3,eac3,opus,libopus,vorbis,libvorbis,flac,alac,dca,"
           "truehd,mlp,wmav1,wmav2,wmapro,wmalossless,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,speex,libspeex,"
           "nellymoser,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,gsm,gsm_ms,"
           "pcm_alaw,pcm_mulaw,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
           "pcm_f32be,pcm_f64le,pcm_f64be,pcm_bluray,pcm_dvd";
}

std::string codec_title(AVCodecID codec) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
    if (descriptor == nullptr) return "an unknown codec";
    return descriptor->long_name != nullptr ? descriptor->long_name : descriptor->name;
}

MediaResult<CodecContext> open_decoder(const AVStream& stream, int threads, int flags2) {
    const auto& parameters = *stream.codecpar;
    const auto unsupported = [&](int reason) {
        return failed(MediaStage::decode, ErrorCode::codec_unsupported,
                      codec_title(parameters.codec_id) + " cannot be decoded. Convert the film to H.264 and AAC.",
                      reason);
    };
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    if (decoder == nullptr) return unsupported(AVERROR_DECODER_NOT_FOUND);
    CodecContext context(avcodec_alloc_context3(decoder));
    if (!context) throw std::bad_alloc();
    if (const int copied = avcodec_parameters_to_context(context.get(), &parameters); copied < 0)
        return unsupported(copied);
    context->pkt_timebase = stream.time_base;
    context->max_pixels = limits::kPixelsMax;
    context->codec_whitelist = av_strdup(decoder_whitelist());
    context->thread_count = threads;
    context->flags2 |= flags2;
    if (const int opened = avcodec_open2(context.get(), decoder, nullptr); opened < 0) return unsupported(opened);
    return context;
}

}  // namespace movio::media::av
