#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace movio::media {

// Writes ISO BMFF boxes (ISO/IEC 14496-12 §4.2) front to back, big-endian; sizes are filled in at `end`.
class BoxBuilder {
public:
    BoxBuilder& begin(std::string_view type);
    BoxBuilder& begin_full(std::string_view type, unsigned version, std::uint32_t flags);
    BoxBuilder& end();

    BoxBuilder& u8(std::uint64_t value) { return number(value, 1); }
    BoxBuilder& u16(std::uint64_t value) { return number(value, 2); }
    BoxBuilder& u24(std::uint64_t value) { return number(value, 3); }
    BoxBuilder& u32(std::uint64_t value) { return number(value, 4); }
    BoxBuilder& u64(std::uint64_t value) { return number(value, 8); }
    BoxBuilder& text(std::string_view value);
    BoxBuilder& bytes(ByteView value);
    BoxBuilder& zeros(std::size_t count);

    std::size_t size() const { return out_.size(); }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }
    // Overwrites four bytes written earlier.
    void patch_u32(std::size_t at, std::uint64_t value);
    Bytes take();

private:
    BoxBuilder& number(std::uint64_t value, int bytes);

    Bytes out_;
    std::vector<std::size_t> open_;
};

}  // namespace movio::media
