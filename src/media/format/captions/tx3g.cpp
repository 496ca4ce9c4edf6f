#include <algorithm>

#include "base/utf8.hpp"
#include "media/format/byte_cursor.hpp"
#include "media/format/captions/cue_list.hpp"
#include "media/format/captions/formats.hpp"
#include "media/format/captions/utf8_text.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kStylesMax = 1024;

struct Style {
    std::size_t begin = 0;  // characters
    std::size_t end = 0;
    unsigned face = 0;
};

constexpr unsigned kBold = 1;
constexpr unsigned kItalic = 2;
constexpr unsigned kUnderline = 4;

std::vector<Style> read_styles(ByteView payload) {
    ByteCursor cursor(payload);
    std::vector<Style> styles;
    const std::size_t count = std::min<std::size_t>(cursor.u16(), kStylesMax);
    for (std::size_t i = 0; i < count && !cursor.failed(); ++i) {
        Style style;
        style.begin = cursor.u16();
        style.end = cursor.u16();
        cursor.skip(2);
        style.face = cursor.u8();
        cursor.skip(5);
        if (!cursor.failed()) styles.push_back(style);
    }
    return styles;
}

// UTF-8, or UTF-16 where a byte order mark says so (§5.17.1).
std::string sample_text(ByteView bytes) {
    const auto text = as_text(bytes);
    const bool big = text.starts_with("\xFE\xFF");
    if (!big && !text.starts_with("\xFF\xFE")) return to_valid_utf8(text);
    std::string utf8;
    ByteCursor cursor(bytes.subspan(2));
    const auto unit = [&] {
        const auto first = cursor.u8();
        const auto second = cursor.u8();
        return static_cast<char32_t>(big ? first << 8 | second : second << 8 | first);
    };
    while (cursor.left() >= 2) {
        auto value = unit();
        if (value >= 0xD800 && value < 0xDC00 && cursor.left() >= 2)
            value = 0x10000 + ((value - 0xD800) << 10) + (unit() & 0x3FF);
        append_utf8(utf8, value);
    }
    return utf8;
}

void set_face(CueText& cue, CueTag tag, bool on) {
    if (on)
        cue.open(tag);
    else
        cue.close(tag);
}

void append_styled(CueText& cue, std::string_view text, const std::vector<Style>& styles) {
    std::size_t character = 0;
    for (std::size_t at = 0; at < text.size() && !cue.full(); ++character) {
        unsigned face = 0;
        for (const auto& style : styles)
            if (character >= style.begin && character < style.end) face |= style.face;
        set_face(cue, CueTag::bold, (face & kBold) != 0);
        set_face(cue, CueTag::italic, (face & kItalic) != 0);
        set_face(cue, CueTag::underline, (face & kUnderline) != 0);
        const auto [value, bytes] = code_point_at(text, at);
        cue.append(value == '\r' ? U'\n' : value);
        at += bytes;
    }
}

CueText read_sample(const std::string& payload) {
    ByteCursor cursor(as_bytes(payload));
    const std::size_t length = cursor.u16();
    const auto text = sample_text(cursor.take(std::min(length, cursor.left())));
    std::vector<Style> styles;
    while (cursor.left() >= 8) {
        const auto box = take_box(cursor);
        if (box.type == "styl" && styles.empty()) styles = read_styles(box.payload);
    }
    CueText cue;
    append_styled(cue, text, styles);
    return cue;
}

}  // namespace

MediaResult<Captions> parse_tx3g_packets(const std::vector<RawCue>& packets) {
    CueList list;
    for (const auto& packet : packets) {
        const auto added = list.add(packet.start_ms, packet.end_ms, read_sample(packet.payload), {});
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

}  // namespace movio::media
