#include "media/format/captions/charset.hpp"

#include <algorithm>
#include <memory>

#include <uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "base/utf8.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kDetectBytesMax = 1U << 20;  // enough to tell; detection costs some 20 ns a byte

struct DetectorDeleter {
    void operator()(uchardet* detector) const { uchardet_delete(detector); }
};

struct ConverterDeleter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

std::size_t zeros_at(ByteView bytes, std::size_t remainder) {
    std::size_t count = 0;
    for (std::size_t i = remainder; i < bytes.size(); i += 2) count += bytes[i] == std::byte{0} ? 1U : 0U;
    return count;
}

// Latin text in UTF-16 has a zero in nearly every second byte; no other text file has.
std::string_view unmarked_utf16(ByteView bytes) {
    const auto head = bytes.first(std::min<std::size_t>(bytes.size(), 4096));
    if (head.size() < 4) return {};
    const auto first = zeros_at(head, 0);
    const auto second = zeros_at(head, 1);
    const auto pairs = head.size() / 2;
    if (second * 10 > pairs * 4 && first * 10 < pairs) return "UTF-16LE";
    if (first * 10 > pairs * 4 && second * 10 < pairs) return "UTF-16BE";
    return {};
}

}  // namespace

std::string detect_charset(ByteView bytes) {
    const auto text = as_text(bytes);
    if (text.starts_with("\xEF\xBB\xBF")) return "UTF-8";
    if (text.starts_with("\xFF\xFE")) return "UTF-16LE";
    if (text.starts_with("\xFE\xFF")) return "UTF-16BE";
    if (const auto utf16 = unmarked_utf16(bytes); !utf16.empty()) return std::string(utf16);
    if (is_valid_utf8(text)) return "UTF-8";
    const std::unique_ptr<uchardet, DetectorDeleter> detector(uchardet_new());
    if (uchardet_handle_data(detector.get(), text.data(), std::min(text.size(), kDetectBytesMax)) == 0)
        uchardet_data_end(detector.get());
    std::string name = uchardet_get_charset(detector.get());
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, ConverterDeleter> known(name.empty() ? nullptr
                                                                           : ucnv_open(name.c_str(), &status));
    // Its guess is at most as good as the commonest case where it says ASCII or UTF-8: it is neither.
    if (!known || U_FAILURE(status) || name == "ASCII" || name == "UTF-8") return "windows-1252";
    return name;
}

std::string from_charset(ByteView bytes, const std::string& charset) {
    if (charset == "UTF-8") {
        auto text = as_text(bytes);
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        return to_valid_utf8(text);
    }
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, ConverterDeleter> converter(ucnv_open(charset.c_str(), &status));
    if (!converter || U_FAILURE(status)) return to_valid_utf8(as_text(bytes));
    const auto text = as_text(bytes);
    icu::UnicodeString wide(text.data(), static_cast<int32_t>(text.size()), converter.get(), status);
    if (U_FAILURE(status)) return to_valid_utf8(text);
    if (wide.length() > 0 && wide.charAt(0) == 0xFEFF) wide.remove(0, 1);
    std::string utf8;
    wide.toUTF8String(utf8);
    return to_valid_utf8(utf8);
}

std::string to_utf8_text(ByteView bytes) { return from_charset(bytes, detect_charset(bytes)); }

}  // namespace movio::media
