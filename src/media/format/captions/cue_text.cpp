#include "media/format/captions/cue_text.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "media/format/captions/utf8_text.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kAnnotationBytesMax = 128;

std::string_view name_of(CueTag tag) {
    switch (tag) {
        case CueTag::bold: return "b";
        case CueTag::italic: return "i";
        case CueTag::underline: return "u";
        case CueTag::ruby: return "ruby";
        case CueTag::ruby_text: return "rt";
        case CueTag::voice: return "v";
    }
    std::unreachable();
}

// Control characters, the two that look like none (line and paragraph separator are breaks) and the byte order mark.
bool is_dropped(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF; }

std::string_view escaped(char32_t c, std::string_view character) {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    return character;
}

std::string clean_annotation(std::string_view text) {
    std::string clean;
    for (std::size_t at = 0; at < text.size() && clean.size() < kAnnotationBytesMax;) {
        const auto [value, bytes] = code_point_at(text, at);
        std::string character;
        append_utf8(character, value);
        const bool space = value == ' ' || value == '\t' || value == '\n' || value == '\r';
        if (space && !clean.empty() && clean.back() != ' ') clean += ' ';
        if (!space && !is_dropped(value)) clean += escaped(value, character);
        at += bytes;
    }
    // Hyphens before the tag's own '>' would make an arrow.
    while (!clean.empty() && (clean.back() == ' ' || clean.back() == '-')) clean.pop_back();
    return clean;
}

}  // namespace

void CueText::append(std::string_view text) {
    for (std::size_t at = 0; at < text.size() && !full_;) {
        const auto [value, bytes] = code_point_at(text, at);
        append(value);
        at += bytes;
    }
}

void CueText::append(char32_t character) {
    if (character == '\n' || character == 0x2028 || character == 0x2029) return line_break();
    if (character == ' ' || character == '\t') {
        space_before_ = true;
        return;
    }
    if (is_dropped(character) || full_) return;
    std::string bytes;
    append_utf8(bytes, character);
    put(bytes, character);
}

void CueText::line_break() {
    break_before_ = true;
    space_before_ = false;
}

void CueText::open(CueTag tag, std::string_view annotation) {
    if (tag == CueTag::ruby_text && std::ranges::find(wanted_, CueTag::ruby, &OpenTag::tag) == wanted_.end()) return;
    const auto found = std::ranges::find(wanted_, tag, &OpenTag::tag);
    if (tag == CueTag::voice) {
        if (found != wanted_.end()) wanted_.erase(found);
        auto clean = clean_annotation(annotation);
        if (!clean.empty()) wanted_.insert(wanted_.begin(), {tag, std::move(clean)});
        return;
    }
    if (found == wanted_.end()) wanted_.push_back({tag, {}});
}

void CueText::close(CueTag tag) {
    const auto found = std::ranges::find(wanted_, tag, &OpenTag::tag);
    if (found == wanted_.end()) return;
    // What is inside ruby ends with it.
    if (tag == CueTag::ruby) std::erase_if(wanted_, [](const OpenTag& open) { return open.tag == CueTag::ruby_text; });
    wanted_.erase(std::ranges::find(wanted_, tag, &OpenTag::tag));
}

std::size_t CueText::closing_bytes(const std::vector<OpenTag>& tags) const {
    std::size_t bytes = 0;
    for (const auto& open : tags) bytes += name_of(open.tag).size() + 3;
    return bytes;
}

void CueText::close_tags() {
    std::size_t same = 0;
    while (same < written_.size() && same < wanted_.size() && written_[same] == wanted_[same]) ++same;
    while (written_.size() > same) {
        text_ += "</";
        text_ += name_of(written_.back().tag);
        text_ += '>';
        written_.pop_back();
    }
}

void CueText::open_tags() {
    for (auto next = written_.size(); next < wanted_.size(); ++next) {
        const auto& open = wanted_[next];
        text_ += '<';
        text_ += name_of(open.tag);
        if (!open.annotation.empty()) text_ += ' ' + open.annotation;
        text_ += '>';
        written_.push_back(open);
    }
}

void CueText::put(std::string_view character, char32_t code) {
    const auto before = text_.size();
    const auto written_before = written_;
    const bool at_line_start = text_.empty() || break_before_;
    const bool breaks = break_before_ && !text_.empty();
    const bool spaces = space_before_ && !at_line_start;
    close_tags();
    if (breaks) text_ += '\n';
    if (spaces) text_ += ' ';
    open_tags();
    text_ += escaped(code, character);
    if (text_.size() + closing_bytes(written_) > limits::kCueTextBytesMax) {
        text_.resize(before);
        written_ = written_before;
        full_ = true;
        return;
    }
    if (std::ranges::find(wanted_, CueTag::ruby_text, &OpenTag::tag) == wanted_.end()) {
        if (breaks && !plain_.empty()) plain_ += '\n';
        if (spaces && !plain_.empty()) plain_ += ' ';
        plain_ += character;
    }
    break_before_ = space_before_ = false;
}

std::string CueText::take_text() {
    wanted_.clear();
    close_tags();
    return std::exchange(text_, {});
}

std::string CueText::take_plain() { return std::exchange(plain_, {}); }

}  // namespace movio::media
