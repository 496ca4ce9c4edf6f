#pragma once
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace movio::media {

// Reads big-endian numbers from bytes that nobody vouches for. Reading past the end gives zeros and sets `failed`,
// which stays set; nothing is ever read outside.
class ByteCursor {
public:
    explicit ByteCursor(ByteView bytes) : rest_(bytes) {}

    std::uint64_t number(std::size_t bytes);
    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    ByteView take(std::size_t bytes);
    void skip(std::size_t bytes) { (void)take(bytes); }

    std::size_t left() const { return rest_.size(); }
    bool at_end() const { return rest_.empty(); }
    bool failed() const { return failed_; }
    // Everything was read and nothing more.
    bool finished() const { return !failed_ && rest_.empty(); }

private:
    ByteView rest_;
    bool failed_ = false;
};

// One box (ISO/IEC 14496-12 §4.2): its type and what is inside.
struct Box {
    std::string_view type;
    ByteView payload;
};

// The next box, which must lie whole inside the rest of the cursor. Sizes of 0 (to the end) and 1 (64 bits) are not
// taken: our writer makes none. Anything odd gives an empty type and fails the cursor.
Box take_box(ByteCursor& cursor);

// Version and flags of a full box.
struct FullBoxHead {
    std::uint8_t version = 0;
    std::uint32_t flags = 0;
};
FullBoxHead take_full_head(ByteCursor& cursor);

}  // namespace movio::media
