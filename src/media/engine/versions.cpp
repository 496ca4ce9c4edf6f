#include "media/engine/versions.hpp"

#include <array>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

namespace movio::media {

std::string library_versions() {
    const std::array<std::pair<const char*, unsigned>, 6> libraries{{
        {"libavformat", avformat_version()},
        {"libavcodec", avcodec_version()},
        {"libavfilter", avfilter_version()},
        {"libswscale", swscale_version()},
        {"libswresample", swresample_version()},
        {"libavutil", avutil_version()},
    }};
    std::string text;
    for (const auto& [name, version] : libraries) {
        text += std::string(name) + ' ' + std::to_string(AV_VERSION_MAJOR(version)) + '.' +
                std::to_string(AV_VERSION_MINOR(version)) + '.' + std::to_string(AV_VERSION_MICRO(version)) + '\n';
    }
    return text;
}

}  // namespace movio::media
