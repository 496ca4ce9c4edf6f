#include "media/format/byte_cursor.hpp"

#include <algorithm>

namespace movio::media {

std::uint64_t ByteCursor::number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const auto byte : take(bytes)) value = value << 8 | std::to_integer<std::uint64_t>(byte);
    return value;
}

ByteView ByteCursor::take(std::size_t bytes) {
    if (failed_ || bytes > rest_.size()) {
        failed_ = true;
        rest_ = {};
        return {};
    }
    const auto taken = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return taken;
}

Box take_box(ByteCursor& cursor) {
    constexpr std::size_t kHeadBytes = 8;
    const std::size_t size = cursor.u32();
    const auto type = as_text(cursor.take(4));
    const auto payload = cursor.take(std::max(size, kHeadBytes) - kHeadBytes);
    if (size < kHeadBytes) cursor.skip(SIZE_MAX);
    return cursor.failed() ? Box{} : Box{type, payload};
}

FullBoxHead take_full_head(ByteCursor& cursor) {
    const auto version = cursor.u8();
    return {version, cursor.u24()};
}

}  // namespace movio::media
