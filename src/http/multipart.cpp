#include "http/multipart.hpp"

#include <algorithm>
#include <cstring>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "http/header_value.hpp"

namespace movio::http {
namespace {

// RFC 2046 §5.1.1.
constexpr std::size_t kBoundaryBytesMax = 70;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid, std::move(message)); }

bool is_boundary_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("'()+_,-./:=? ").contains(c);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// A line end that is not CR LF, or a control character, from `begin` on; a CR at the very end may still get its LF.
bool has_stray_control(std::string_view text, std::size_t begin) {
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n')) continue;
        if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') continue;
        if (static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\t') return true;
    }
    return false;
}

// The fields of a part's head, folded lines joined (RFC 5322 §2.2.3).
std::optional<Headers> parse_fields(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find(kLineEnd);
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(text.size(), line.size() + kLineEnd.size()));
        if (!line.empty() && is_blank(line.front()) && !lines.empty())
            lines.back() += line;
        else
            lines.emplace_back(line);
    }
    Headers fields;
    for (const std::string_view line : lines) {
        const auto colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos || line.substr(0, colon).find_first_of(" \t") != line.npos)
            return std::nullopt;
        fields.add(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return fields;
}

Result<PartHead> parse_part_head(std::string_view text) {
    const auto fields = parse_fields(text);
    if (!fields) return bad("A part of the form has a header line without a name.");
    const auto disposition = parse_header_value(fields->find("content-disposition").value_or(""));
    const auto* name = disposition ? disposition->find("name") : nullptr;
    if (name == nullptr || disposition->text != "form-data")
        return bad("A part of the form has no Content-Disposition: form-data with a name.");
    const auto coding = fields->find("content-transfer-encoding").value_or("binary");
    const bool is_plain = std::ranges::any_of(std::initializer_list<std::string_view>{"binary", "8bit", "7bit"},
                                              [&](auto one) { return equals_ignoring_case(one, coding); });
    if (!is_plain) return bad("A part of the form is encoded. Send it as it is, without Content-Transfer-Encoding.");
    PartHead head;
    head.name = to_valid_utf8(*name);
    if (const auto* filename = disposition->find("filename")) head.filename = to_valid_utf8(*filename);
    if (const auto* extended = disposition->find("filename*"))
        if (auto decoded = decode_extended(*extended)) head.filename = std::move(*decoded);
    if (const auto type = parse_header_value(fields->find("content-type").value_or("")))
        head.content_type = to_valid_utf8(type->text);
    return head;
}

}  // namespace

std::optional<std::string> MultipartReader::boundary_of(std::string_view content_type_header) {
    const auto type = parse_header_value(content_type_header);
    if (!type || type->text != "multipart/form-data") return std::nullopt;
    const auto* boundary = type->find("boundary");
    if (boundary == nullptr || boundary->empty() || boundary->size() > kBoundaryBytesMax || boundary->back() == ' ' ||
        !std::ranges::all_of(*boundary, is_boundary_character))
        return std::nullopt;
    return *boundary;
}

// The line end that a delimiter begins with belongs to it, and the first one may stand at the very beginning: so the
// body is read as if a line end stood before it.
MultipartReader::MultipartReader(BodyReader& body, std::string_view boundary)
    : body_(body), delimiter_("\r\n--" + std::string(boundary)), matched_(kLineEnd.size()) {}

Awaitable<Result<void>> MultipartReader::fill() {
    const auto piece = co_await body_.read();
    if (!piece) co_return std::unexpected(piece.error());
    piece_ = as_text(*piece);
    if (piece_.empty()) co_return bad("The form ends before its last boundary.");
    co_return Result<void>{};
}

std::string_view MultipartReader::take(std::size_t bytes) {
    const auto taken = piece_.substr(0, bytes);
    piece_.remove_prefix(taken.size());
    return taken;
}

// Goes on with a delimiter that began in earlier bytes. What turns out to be none is content: it reads like the
// beginning of a delimiter, so it is handed out from there. A new one can only begin at the next CR.
std::string_view MultipartReader::continue_match() {
    const auto wanted = std::string_view(delimiter_).substr(matched_);
    const auto compared = std::min(wanted.size(), piece_.size());
    const auto same =
        static_cast<std::size_t>(std::ranges::mismatch(wanted.substr(0, compared), piece_).in1 - wanted.begin());
    matched_ += take(same).size();
    if (matched_ == delimiter_.size()) {
        matched_ = 0;
        place_ = Place::delimiter;
        return {};
    }
    if (same == compared) return {};
    return std::string_view(delimiter_).substr(0, std::exchange(matched_, 0));
}

std::string_view MultipartReader::take_content() {
    const auto* found =
        static_cast<const char*>(::memmem(piece_.data(), piece_.size(), delimiter_.data(), delimiter_.size()));
    if (found != nullptr) {
        const auto content = take(static_cast<std::size_t>(found - piece_.data()));
        take(delimiter_.size());
        place_ = Place::delimiter;
        return content;
    }
    const auto tail = piece_.substr(piece_.size() - std::min(piece_.size(), delimiter_.size() - 1));
    const auto start = tail.rfind('\r');
    if (start != std::string_view::npos && delimiter_.starts_with(tail.substr(start))) matched_ = tail.size() - start;
    const auto content = take(piece_.size() - matched_);
    piece_ = {};
    return content;
}

Awaitable<Result<ByteView>> MultipartReader::read() {
    while (place_ == Place::content) {
        if (piece_.empty())
            if (auto filled = co_await fill(); !filled) co_return std::unexpected(std::move(filled.error()));
        const auto content = matched_ > 0 ? continue_match() : take_content();
        if (!content.empty()) co_return as_bytes(content);
    }
    co_return ByteView();
}

Awaitable<Result<std::optional<std::string>>> MultipartReader::read_head() {
    // Padding of the delimiter's line, then lines, then an empty one (RFC 2046 §5.1.1).
    std::string text;
    for (;;) {
        if (piece_.empty())
            if (auto filled = co_await fill(); !filled) co_return std::unexpected(std::move(filled.error()));
        const auto before = text.size();
        text += piece_.substr(0, limits::kPartHeadBytesMax + 1 - before);
        if (text.starts_with("--")) {
            place_ = Place::end;
            co_return std::nullopt;
        }
        const auto end = text.find(kHeadEnd, before - std::min(before, kHeadEnd.size() - 1));
        const bool whole = end != std::string::npos;
        take((whole ? end + kHeadEnd.size() : text.size()) - before);
        if (whole) text.resize(end + kLineEnd.size());
        if (has_stray_control(text, before - std::min<std::size_t>(before, 1)))
            co_return bad("The head of a part has a line that does not end with CR LF.");
        const auto padding = text.find_first_not_of(" \t");
        const auto rest = padding == std::string::npos ? std::string_view() : std::string_view(text).substr(padding);
        if (!rest.starts_with(kLineEnd.substr(0, rest.size())) && rest != "-")
            co_return bad("A boundary is followed by something else than a line end.");
        if (whole) co_return std::string(rest.substr(kLineEnd.size()));
        if (text.size() > limits::kPartHeadBytesMax)
            co_return bad("The head of a part is longer than " + std::to_string(limits::kPartHeadBytesMax) + " bytes.");
    }
}

Awaitable<Result<std::optional<PartHead>>> MultipartReader::next() {
    std::size_t skipped = 0;
    while (place_ == Place::content) {
        const auto rest = co_await read();
        if (!rest) co_return std::unexpected(rest.error());
        skipped += rest->size();
        // Better said now than after gigabytes.
        if (parts_ == 0 && skipped > limits::kPartHeadBytesMax)
            co_return bad("The body does not begin with the boundary that Content-Type names.");
    }
    if (place_ == Place::end) co_return std::nullopt;
    auto text = co_await read_head();
    if (!text) co_return std::unexpected(std::move(text.error()));
    if (!*text) co_return std::nullopt;
    if (++parts_ > limits::kFormPartsMax)
        co_return bad("The form has more than " + std::to_string(limits::kFormPartsMax) + " parts.");
    auto head = parse_part_head(**text);
    if (!head) co_return std::unexpected(std::move(head.error()));
    place_ = Place::content;
    co_return std::move(*head);
}

Awaitable<Result<std::string>> MultipartReader::read_text(std::size_t bytes_max) {
    std::string out;
    for (;;) {
        const auto piece = co_await read();
        if (!piece) co_return std::unexpected(piece.error());
        if (piece->empty()) co_return out;
        if (out.size() + piece->size() > bytes_max)
            co_return fail(ErrorCode::too_large,
                           "A field of the form is longer than " + std::to_string(bytes_max) + " bytes.");
        out += as_text(*piece);
    }
}

}  // namespace movio::http
