#pragma once
#include <cstdint>
#include <span>

#include "media/format/media_result.hpp"

namespace movio::media {

// The source file as the media engine sees it: bytes at an offset, no name, no path. It may still grow: then whoever
// asks for what is not there yet waits. Used from one thread.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Waits for the end of a source that still grows.
    virtual std::int64_t size() const = 0;
    // Whether there are so many bytes. Waits until that is known, and not for the end if there are.
    virtual bool holds(std::int64_t bytes) const { return bytes <= size(); }
    // Without waiting, for progress alone; 0 where it is not known.
    virtual std::int64_t size_expected() const { return size(); }
    // Bytes read, fewer than asked only at the end, 0 behind it.
    virtual MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) = 0;
};

}  // namespace movio::media
