#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/request.hpp"

namespace movio::test {

// A body that is already here, handed out `piece_bytes` at a time. What was handed out before is gone for good, as it
// is on a connection.
class PiecesBody final : public http::BodyReader {
public:
    explicit PiecesBody(std::string text, std::size_t piece_bytes = std::string::npos)
        : text_(std::move(text)), first_(piece_bytes), piece_bytes_(piece_bytes) {}
    // Two pieces.
    static PiecesBody cut_at(std::string text, std::size_t at) {
        PiecesBody body(std::move(text));
        body.first_ = at;
        return body;
    }

    Awaitable<Result<ByteView>> read() override {
        const auto bytes = std::min(std::exchange(first_, piece_bytes_), text_.size() - at_);
        piece_ = std::make_unique<std::string>(text_.substr(at_, bytes));
        at_ += bytes;
        bytes_read_ += static_cast<std::int64_t>(bytes);
        const auto piece = as_bytes(*piece_);
        co_return piece;
    }

private:
    std::string text_;
    std::size_t first_;
    std::size_t piece_bytes_;
    std::size_t at_ = 0;
    std::unique_ptr<std::string> piece_;
};

}  // namespace movio::test
