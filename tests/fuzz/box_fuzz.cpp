// The parent reads boxes that a hostile child may have written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "media/format/box_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const movio::ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    if (const auto segment = movio::media::read_segment(bytes)) {
        if (segment->samples.empty()) std::abort();
        std::int64_t duration = 0;
        for (const auto& sample : segment->samples) {
            if (sample.offset > size || sample.bytes > size - sample.offset) std::abort();
            duration += sample.duration;
        }
        if (duration != segment->duration) std::abort();
    }
    if (const auto init = movio::media::read_init(bytes)) {
        if (init->timescale <= 0) std::abort();
    }
    return 0;
}
