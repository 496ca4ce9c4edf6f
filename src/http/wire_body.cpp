#include "http/wire_body.hpp"

#include <algorithm>

namespace movio::http {
namespace {

// Large enough that an upload costs few system calls, small enough for a thousand of them.
constexpr std::size_t kPieceBytes = 128 << 10;
// What is read and dropped after an early answer, to keep the connection.
constexpr std::int64_t kDiscardBytesMax = 64 << 10;
constexpr std::chrono::seconds kDiscardTime{10};

}  // namespace

WireBody::WireBody(Wire& wire, const RequestHead& head, std::unique_ptr<ChunkedDecoder> chunks, ReadRules rules)
    : wire_(wire),
      chunks_(std::move(chunks)),
      rules_(rules),
      time_left_(rules.window),
      left_(head.content_length.value_or(0)),
      expects_continue_(head.expects_continue),
      done_(!head.has_body()) {}

std::unexpected<Error> WireBody::fail_read(ErrorCode code, std::string message) {
    failed_ = true;
    return fail(code, std::move(message));
}

std::unexpected<Error> WireBody::broken() {
    if (wire_.expired()) return fail_read(ErrorCode::timeout, "The rest of the body did not come in time.");
    return fail_read(ErrorCode::cancelled, "The client left before the body was whole.");
}

Result<ByteView> WireBody::count(std::string_view piece) {
    bytes_read_ += static_cast<std::int64_t>(piece.size());
    if (bytes_read_ > bytes_max_)
        return fail_read(ErrorCode::too_large, "The body is longer than " + std::to_string(bytes_max_) + " bytes.");
    return as_bytes(piece);
}

Awaitable<Result<ByteView>> WireBody::read() {
    if (done_) co_return ByteView();
    if (expects_continue_) {
        expects_continue_ = false;
        if (!co_await wire_.write("HTTP/1.1 100 Continue\r\n\r\n")) co_return broken();
    }
    if (chunks_) co_return co_await read_chunked();
    co_return co_await read_plain();
}

Awaitable<Result<ByteView>> WireBody::read_plain() {
    wire_.consume(std::exchange(to_consume_, 0));
    if (left_ == 0) {
        done_ = true;
        co_return ByteView();
    }
    const auto wanted = [this](std::size_t room) {
        return static_cast<std::size_t>(std::min(left_, static_cast<std::int64_t>(room)));
    };
    if (const auto buffered = wire_.buffered(); !buffered.empty()) {
        to_consume_ = wanted(buffered.size());
        left_ -= static_cast<std::int64_t>(to_consume_);
        co_return count(buffered.substr(0, to_consume_));
    }
    buffer_.resize(wanted(kPieceBytes) > buffer_.size() ? wanted(kPieceBytes) : buffer_.size());
    const auto bytes = co_await receive(std::span(buffer_).first(wanted(buffer_.size())));
    if (bytes == 0) co_return broken();
    left_ -= static_cast<std::int64_t>(bytes);
    co_return count({buffer_.data(), bytes});
}

Awaitable<Result<ByteView>> WireBody::read_chunked() {
    buffer_.resize(kPieceBytes);
    for (;;) {
        if (!wire_.buffered().empty()) {
            const auto step = chunks_->decode(wire_.buffered(), buffer_);
            if (!step) co_return fail_read(ErrorCode::invalid, "The chunked body is broken.");
            wire_.consume(step->consumed);
            if (step->produced > 0) co_return count({buffer_.data(), step->produced});
            if (chunks_->is_done()) {
                done_ = true;
                co_return ByteView();
            }
            if (step->consumed > 0) continue;
            if (wire_.buffer_full()) co_return fail_read(ErrorCode::invalid, "The chunked body is broken.");
        }
        if (co_await receive_into_wire() == 0) co_return broken();
    }
}

Awaitable<std::size_t> WireBody::receive(std::span<char> into) {
    const auto since = Clock::now();
    wire_.allow_reading(std::chrono::ceil<std::chrono::milliseconds>(time_left_));
    const auto bytes = co_await wire_.read_some(into);
    received(static_cast<std::int64_t>(bytes), since);
    co_return bytes;
}

Awaitable<std::size_t> WireBody::receive_into_wire() {
    const auto since = Clock::now();
    const auto before = wire_.bytes_read();
    wire_.allow_reading(std::chrono::ceil<std::chrono::milliseconds>(time_left_));
    const auto bytes = co_await wire_.fill() ? wire_.bytes_read() - before : 0;
    received(bytes, since);
    co_return static_cast<std::size_t>(bytes);
}

// What the endpoint takes between two reads is none of the client's time.
void WireBody::received(std::int64_t bytes, Clock::time_point waited_since) {
    time_left_ -= Clock::now() - waited_since;
    window_bytes_ += bytes;
    if (window_bytes_ < rules_.bytes_min) return;
    window_bytes_ = 0;
    time_left_ = rules_.window;
}

bool WireBody::can_be_discarded() const {
    return done_ || (!expects_continue_ && !failed_ && (chunks_ || left_ <= kDiscardBytesMax));
}

Awaitable<bool> WireBody::discard() {
    if (!can_be_discarded()) co_return false;
    bytes_max_ = bytes_read_ + kDiscardBytesMax;
    const auto end = Clock::now() + kDiscardTime;
    while (!done_) {
        time_left_ = end - Clock::now();
        if (time_left_ <= Clock::duration::zero()) co_return false;
        const auto piece = co_await read();
        if (!piece) co_return false;
    }
    co_return true;
}

}  // namespace movio::http
