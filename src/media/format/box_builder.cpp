#include "media/format/box_builder.hpp"

#include <cassert>

namespace movio::media {

BoxBuilder& BoxBuilder::begin(std::string_view type) {
    assert(type.size() == 4);
    open_.push_back(out_.size());
    return u32(0).text(type);
}

BoxBuilder& BoxBuilder::begin_full(std::string_view type, unsigned version, std::uint32_t flags) {
    return begin(type).u8(version).u24(flags);
}

BoxBuilder& BoxBuilder::end() {
    assert(!open_.empty());
    patch_u32(open_.back(), out_.size() - open_.back());
    open_.pop_back();
    return *this;
}

BoxBuilder& BoxBuilder::number(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out_.push_back(static_cast<std::byte>(value >> shift));
    return *this;
}

BoxBuilder& BoxBuilder::text(std::string_view value) { return bytes(as_bytes(value)); }

BoxBuilder& BoxBuilder::bytes(ByteView value) {
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
}

BoxBuilder& BoxBuilder::zeros(std::size_t count) {
    out_.insert(out_.end(), count, std::byte{0});
    return *this;
}

void BoxBuilder::patch_u32(std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 4; ++i) out_[at + i] = static_cast<std::byte>(value >> (24 - 8 * i));
}

Bytes BoxBuilder::take() {
    assert(open_.empty());
    return std::move(out_);
}

}  // namespace movio::media
