#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/generic/stream_protocol.hpp>

#include "async/asio.hpp"
#include "base/limits.hpp"

namespace movio::http {

using Clock = std::chrono::steady_clock;
using Socket = asio::generic::stream_protocol::socket;

struct WriteRules {
    std::chrono::milliseconds window;  // in each such time …
    std::int64_t bytes_min;            // … a client must take this much
};

// One client's connection: its bytes, its read buffer and its deadline. Used on its own thread alone. A deadline costs
// no timer: the lane asks every connection each tick whether its time is over. An operation that fails, is cut off or
// meets the end says so by 0 or false, and every later one does too.
class Wire {
public:
    Wire(Socket socket, WriteRules rules);

    // From now on reading must make its next step by `deadline`.
    void allow_reading(std::chrono::milliseconds time) { read_deadline_ = Clock::now() + time; }
    // Reads into the buffer what is there, at least one byte.
    Awaitable<bool> fill();
    // Reads past the buffer, which must be empty.
    Awaitable<std::size_t> read_some(std::span<char> into);
    std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
    bool buffer_full() const { return begin_ == 0 && end_ == kBufferBytes; }
    void consume(std::size_t bytes);
    // An idle connection holds no buffer.
    void release_buffer();
    void drop_buffer() { begin_ = end_ = 0; }
    // Resumes when the client has closed its side or the line is cut; false when it sent something instead.
    Awaitable<bool> wait_for_end();
    // Whether the client has closed its side by now, whatever it sent before.
    bool peer_closed();
    // Reads nothing, until the line breaks or the time allowed for reading is over: what the client sends fills the
    // kernel's buffers, then it must wait.
    Awaitable<void> hold();

    // Both pieces, whole. `more`: another write follows at once, so the kernel may wait for it.
    Awaitable<bool> write(std::string_view first, std::string_view second = {}, bool more = false);
    // Holds back packets that are not full, until it is released: a head and its file travel together (tcp(7),
    // TCP_CORK).
    void cork(bool hold);
    // Up to `length` bytes of the file by sendfile(2); fewer only when the file is shorter than it was.
    Awaitable<std::int64_t> send_file(int file, std::int64_t offset, std::int64_t length);

    // The lane's tick. Cuts the connection off when its time is over.
    void expire(Clock::time_point now);
    bool expired() const { return expired_; }
    // After a time-out of reading, so that the answer to it can go out.
    void restore();
    // Ends whatever is pending; later operations fail.
    void cut();
    // Tells the client that no more comes.
    void end_writing();
    void close();
    std::int64_t bytes_written() const { return bytes_written_; }
    std::int64_t bytes_read() const { return bytes_read_; }

    static constexpr std::size_t kBufferBytes = limits::kHeaderBytesMax;

private:
    static constexpr auto kNever = Clock::time_point::max();

    void wrote(std::size_t bytes);
    Awaitable<bool> wait_writable();

    Socket socket_;
    WriteRules rules_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    Clock::time_point read_deadline_ = kNever;
    bool reading_ = false;
    Clock::time_point window_end_ = kNever;  // of the write that waits
    std::int64_t window_bytes_ = 0;
    bool writing_ = false;
    bool expired_ = false;
    bool cut_ = false;
    std::int64_t bytes_written_ = 0;
    std::int64_t bytes_read_ = 0;
};

}  // namespace movio::http
