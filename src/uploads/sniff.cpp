#include "uploads/sniff.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.hpp"

namespace movio::uploads {
namespace {

using std::string_view_literals::operator""sv;

struct Signature {
    std::string_view bytes;
    std::string_view what;
};

constexpr std::array kSignatures{
    Signature{"%PDF-"sv, "a PDF document"},
    Signature{"PK\x03\x04"sv, "a ZIP archive or an office document"},
    Signature{"PK\x05\x06"sv, "a ZIP archive"},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an office document"},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "an archive"},
    Signature{"Rar!\x1A\x07"sv, "an archive"},
    Signature{"\x1F\x8B\x08"sv, "a compressed file"},
    Signature{"\xFD\x37zXZ\0"sv, "a compressed file"},
    Signature{"\x28\xB5\x2F\xFD"sv, "a compressed file"},
    Signature{"BZh"sv, "a compressed file"},
    Signature{"\x7F\x45LF"sv, "a program"},
    Signature{"\xCF\xFA\xED\xFE"sv, "a program"},
    Signature{"\xCE\xFA\xED\xFE"sv, "a program"},
    Signature{"\xCA\xFE\xBA\xBE"sv, "a program"},
    Signature{"\0asm\x01"sv, "a program"},
    Signature{"SQLite format 3\0"sv, "a database"},
    Signature{"8BPS\0"sv, "a picture"},
    Signature{"II*\0"sv, "a picture"},
    Signature{"MM\0*"sv, "a picture"},
    Signature{"\xFF\xD8\xFF\xE0"sv, "a picture"},
    Signature{"\xFF\xD8\xFF\xE1"sv, "a picture"},
};

std::uint32_t little_endian(std::string_view head, std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(head[at + i]);
    return value;
}

// DOS's header names the place of the real one, which is "PE\0\0" for Windows.
bool is_windows_program(std::string_view head) {
    if (!head.starts_with("MZ") || head.size() < 0x40) return false;
    const auto place = little_endian(head, 0x3C, 4);
    return place < head.size() && head.substr(place).starts_with("PE\0\0"sv);
}

// The header repeats the length of itself and says that one plane follows.
bool is_bitmap(std::string_view head) {
    return head.starts_with("BM") && head.size() >= 30 && little_endian(head, 14, 4) >= 40 &&
           little_endian(head, 14, 4) <= 124 && little_endian(head, 26, 2) == 1;
}

// An animated one says so (acTL) before its first picture data (APNG 1.0).
bool is_still_png(std::string_view head) {
    if (!head.starts_with("\x89PNG\r\n\x1A\n"sv)) return false;
    const auto picture = head.find("IDAT");
    return picture != std::string_view::npos && !head.substr(0, picture).contains("acTL");
}

// VP8X has a flag for animation (RFC 9649 §2.7); the simple forms hold one picture.
bool is_still_webp(std::string_view head) {
    if (!head.starts_with("RIFF") || head.size() < 21 || head.substr(8, 4) != "WEBP") return false;
    const auto form = head.substr(12, 4);
    return form == "VP8 " || form == "VP8L" || (form == "VP8X" && (static_cast<std::uint8_t>(head[20]) & 0x02U) == 0);
}

// A picture that is shown once has neither a loop nor a delay; only a file seen whole is known to end there.
bool is_still_gif(std::string_view head, bool whole) {
    if (!head.starts_with("GIF87a") && !head.starts_with("GIF89a")) return false;
    const bool may_move = head.contains("NETSCAPE2.0") || head.contains("ANIMEXTS1.0");
    const auto control = head.find("\x21\xF9\x04"sv);
    const bool two_pictures =
        control != std::string_view::npos && head.find("\x21\xF9\x04"sv, control + 1) != std::string_view::npos;
    return whole && !may_move && !two_pictures;
}

// HEIF's brands of single pictures; those of sequences are others (ISO/IEC 23008-12 §10).
bool is_still_heif(std::string_view head) {
    constexpr std::array kStill{"heic"sv, "heix"sv, "mif1"sv, "avif"sv};
    return head.size() >= 12 && head.substr(4, 4) == "ftyp" &&
           std::ranges::find(kStill, head.substr(8, 4)) != kStill.end();
}

// Without the character that the end of the head cut in two.
std::string_view whole_characters(std::string_view head) {
    for (std::size_t back = 0; back < 3 && back < head.size(); ++back) {
        const auto byte = static_cast<std::uint8_t>(head[head.size() - 1 - back]);
        if ((byte & 0xC0U) == 0xC0U) return head.substr(0, head.size() - 1 - back);
        if ((byte & 0x80U) == 0) break;
    }
    return head;
}

// UTF-8 without control characters. The raw pictures of YUV4MPEG2 begin with such a line.
bool is_text(std::string_view head, bool whole) {
    if (head.starts_with("YUV4MPEG2 ")) return false;
    if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv)) return head.size() > 2 && head.contains('\0');
    const auto text = whole ? head : whole_characters(head);
    const bool printable = std::ranges::all_of(text, [](char letter) {
        const auto value = static_cast<std::uint8_t>(letter);
        return (value >= 0x20 && value != 0x7F) || (value >= '\t' && value <= '\r');
    });
    return printable && is_valid_utf8(text);
}

bool contains_word(std::string_view text, std::string_view lower_case) {
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
    return !std::ranges::search(text, lower_case, same).empty();
}

std::string_view kind_of_text(std::string_view head) {
    const auto begin = head.substr(0, 1024);
    if (begin.contains("<svg")) return "a picture";
    if (contains_word(begin, "<!doctype html") || contains_word(begin, "<html")) return "an HTML page";
    if (begin.starts_with("#!")) return "a program";
    return "a text";
}

}  // namespace

std::optional<std::string_view> not_a_video(ByteView bytes, bool whole) {
    const auto head = as_text(bytes).substr(0, kSniffBytes);
    if (head.empty()) return std::nullopt;
    const auto known = std::ranges::find_if(
        kSignatures, [head](const Signature& signature) { return head.starts_with(signature.bytes); });
    if (known != kSignatures.end()) return known->what;
    if (is_windows_program(head)) return "a program";
    if (is_bitmap(head) || is_still_png(head) || is_still_webp(head) || is_still_gif(head, whole) ||
        is_still_heif(head))
        return "a picture";
    if (is_text(head, whole && bytes.size() <= kSniffBytes)) return kind_of_text(head);
    return std::nullopt;
}

}  // namespace movio::uploads
