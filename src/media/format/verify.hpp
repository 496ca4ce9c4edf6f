#pragma once
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "media/format/media_result.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// What the parent asks of everything that the sandboxed child hands over, before anything is stored. Survives any
// bytes.

// Segment k of a rendition of the plan: sequence k + 1, tfdt and duration as planned, exactly its frames; of picture:
// one IDR and it comes first, every time of display within the segment once, NAL units in bounds.
MediaResult<void> verify_segment(const Plan& plan, std::string_view rendition, std::int64_t k, ByteView bytes);

// The init segment of a rendition: codec, size, timescale, edit list and codec configuration as planned.
MediaResult<void> verify_init(const Plan& plan, std::string_view rendition, ByteView bytes);

}  // namespace movio::media
