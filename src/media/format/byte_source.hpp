#pragma once
#include <cstdint>
#include <span>

#include "media/format/media_result.hpp"

namespace movio::media {

// The source file as the media engine sees it: bytes at an offset, no name, no path. Used from one thread.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::int64_t size() const = 0;
    // Bytes read, fewer than asked only at the end, 0 behind it.
    virtual MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) = 0;
};

}  // namespace movio::media
