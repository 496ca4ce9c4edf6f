#pragma once
#include <expected>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace movio::media {

// Where in the film's way bad media showed itself.
enum class MediaStage { open, index, plan, decode, filter, encode, package, captions };

// Corrupt or unsupported input is normal and travels as a value. `code` is one of not_media, damaged, too_large,
// too_long, codec_unsupported, encrypted, timeout, cancelled, internal; `message` is for people, `detail` for the log.
struct MediaError {
    MediaStage stage = MediaStage::open;
    ErrorCode code = ErrorCode::damaged;
    std::string message;
    std::string detail;
};

template <class T>
using MediaResult = std::expected<T, MediaError>;

inline std::unexpected<MediaError> bad_media(MediaStage stage, ErrorCode code, std::string message,
                                             std::string detail = {}) {
    return std::unexpected<MediaError>(MediaError{stage, code, std::move(message), std::move(detail)});
}

}  // namespace movio::media
