#include "catalog/video.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"

namespace movio::catalog {
namespace {

struct StatusName {
    VideoStatus status;
    std::string_view text;
};

constexpr std::array kNames{
    StatusName{VideoStatus::uploading, "uploading"},   StatusName{VideoStatus::submitted, "submitted"},
    StatusName{VideoStatus::processing, "processing"}, StatusName{VideoStatus::playable, "playable"},
    StatusName{VideoStatus::ready, "ready"},           StatusName{VideoStatus::failed, "failed"},
};

}  // namespace

std::string_view to_text(VideoStatus status) { return std::ranges::find(kNames, status, &StatusName::status)->text; }

VideoStatus video_status_from_text(std::string_view text) {
    const auto found = std::ranges::find(kNames, text, &StatusName::text);
    if (found == kNames.end()) throw Failure(fmt::format("a video has the unknown status '{}'", text));
    return found->status;
}

bool may_become(VideoStatus from, VideoStatus to) {
    if (from == VideoStatus::failed) return to == VideoStatus::processing;
    if (from == VideoStatus::ready) return false;
    return to > from;
}

std::optional<std::int64_t> playable_after_ms(const Video& video) {
    // A clock that was set back between the two says nothing.
    if (!video.received_us || !video.playable_us || *video.playable_us < *video.received_us) return std::nullopt;
    return (*video.playable_us - *video.received_us) / 1000;
}

}  // namespace movio::catalog
