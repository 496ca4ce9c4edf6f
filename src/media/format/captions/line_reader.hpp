#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace movio::media {

// The lines of a text, whatever ends them (LF, CR LF or CR). `next` gives nullopt behind the last; a position can be
// kept and gone back to.
class LineReader {
public:
    explicit LineReader(std::string_view text) : text_(text) {}

    std::optional<std::string_view> next() {
        if (position_ >= text_.size()) return std::nullopt;
        const auto end = std::min(text_.find_first_of("\r\n", position_), text_.size());
        const auto line = text_.substr(position_, end - position_);
        const bool crlf = text_.substr(end, 2) == "\r\n";
        position_ = end + (crlf ? 2 : 1);
        return line;
    }
    std::size_t position() const { return position_; }
    void go_back_to(std::size_t position) { position_ = position; }

private:
    std::string_view text_;
    std::size_t position_ = 0;
};

}  // namespace movio::media
