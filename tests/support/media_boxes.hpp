#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "media/format/hex.hpp"

namespace movio::media::test {

// The tree of boxes as text: containers indented, leaves in hexadecimal (the first 64 bytes). Written apart from the
// reader under test, so that one can check the other.
inline std::string box_tree(ByteView bytes, int depth = 0) {
    constexpr std::string_view kContainers = "moov trak edts mdia minf dinf stbl mvex moof traf ";
    std::string text;
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    while (bytes.size() >= 8) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < 4; ++i) size = size << 8 | std::to_integer<std::size_t>(bytes[i]);
        const std::string type(as_text(bytes.subspan(4, 4)));
        if (size < 8 || size > bytes.size()) return text + indent + "broken\n";
        auto payload = bytes.subspan(8, size - 8);
        text += indent + type + " " + std::to_string(size);
        if (kContainers.find(type + " ") != std::string_view::npos) {
            text += "\n" + box_tree(payload, depth + 1);
        } else if (type == "stsd") {
            text += " " + to_hex(payload.first(8)) + "\n" + box_tree(payload.subspan(8), depth + 1);
        } else if (type == "avc1" || type == "mp4a") {
            const std::size_t head = type == "avc1" ? 78 : 28;
            text += " " + to_hex(payload.first(head)) + "\n" + box_tree(payload.subspan(head), depth + 1);
        } else {
            text += " " + to_hex(payload.first(std::min<std::size_t>(payload.size(), 64))) + "\n";
        }
        bytes = bytes.subspan(size);
    }
    return text;
}

}  // namespace movio::media::test
