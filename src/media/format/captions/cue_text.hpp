#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace movio::media {

enum class CueTag : std::uint8_t { bold, italic, underline, ruby, ruby_text, voice };

// Builds the text of one cue. Whatever is appended, the result is in the closed subset that cue.hpp describes and at
// most limits::kCueTextBytesMax long; tags are closed by themselves and never empty.
class CueText {
public:
    // UTF-8; line feeds are line breaks, other control characters are left out.
    void append(std::string_view text);
    void append(char32_t character);
    void line_break();
    // Opening what is open, or closing what is not, does nothing. Order of closing does not matter.
    void open(CueTag tag, std::string_view annotation = {});
    void close(CueTag tag);
    void close_all() { wanted_.clear(); }

    bool full() const { return full_; }
    std::string take_text();
    std::string take_plain();

private:
    struct OpenTag {
        CueTag tag;
        std::string annotation;
        bool operator==(const OpenTag&) const = default;
    };

    void put(std::string_view character, char32_t code);
    // Closes what is no longer wanted; opens what is wanted and not written.
    void close_tags();
    void open_tags();
    std::size_t closing_bytes(const std::vector<OpenTag>& tags) const;

    std::string text_;
    std::string plain_;
    std::vector<OpenTag> wanted_;   // as appended
    std::vector<OpenTag> written_;  // as it stands in text_
    bool break_before_ = false;
    bool space_before_ = false;
    bool full_ = false;
};

}  // namespace movio::media
