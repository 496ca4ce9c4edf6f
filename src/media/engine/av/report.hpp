#pragma once
#include <string>

#include "media/format/media_result.hpp"

namespace movio::media::av {

// Directs libav's log into a ring of the last lines, for MediaError::detail, and bounds its allocations. Call once,
// before anything else of libav. Thread-safe, as libav logs from its own threads.
void set_up();

// The last lines that libav wrote, oldest first, and forgets them.
std::string take_log();
bool log_mentions(std::string_view text);

// A MediaError whose detail says libav's reason and its last lines.
std::unexpected<MediaError> failed(MediaStage stage, ErrorCode code, std::string message, int av_error);

std::string error_text(int av_error);

}  // namespace movio::media::av
