#include "http/wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace movio::http {
namespace {

// One turn of sendfile: a fast client must not hold the thread from the others.
constexpr std::int64_t kTurnBytes = 1 << 20;

bool is_would_block(const boost::system::error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

// Says for the lane's tick that an operation waits, as long as it does; also when the wait ends by an exception.
class Waiting {
public:
    explicit Waiting(bool& flag) : flag_(flag) { flag_ = true; }
    ~Waiting() { flag_ = false; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    bool& flag_;
};

}  // namespace

Wire::Wire(Socket socket, WriteRules rules) : socket_(std::move(socket)), rules_(rules) {
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
}

Awaitable<std::size_t> Wire::read_some(std::span<char> into) {
    while (!cut_) {
        boost::system::error_code error;
        const auto bytes = socket_.read_some(asio::buffer(into.data(), into.size()), error);
        if (!error) {
            bytes_read_ += static_cast<std::int64_t>(bytes);
            co_return bytes;
        }
        if (!is_would_block(error)) break;
        const Waiting waiting(reading_);
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
        if (error) break;
    }
    co_return 0;
}

Awaitable<bool> Wire::fill() {
    // Without bytes at hand the buffer is taken only when some have come: idle connections are many.
    if (!buffer_) {
        const Waiting waiting(reading_);
        boost::system::error_code error;
        if (cut_) co_return false;
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
        if (error || cut_) co_return false;
        buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
    }
    if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    const auto bytes = co_await read_some({buffer_.get() + end_, kBufferBytes - end_});
    end_ += bytes;
    co_return bytes > 0;
}

void Wire::consume(std::size_t bytes) {
    begin_ += std::min(bytes, end_ - begin_);
    if (begin_ == end_) begin_ = end_ = 0;
}

void Wire::release_buffer() {
    if (begin_ == end_) buffer_.reset();
}

Awaitable<bool> Wire::wait_for_end() {
    for (;;) {
        if (cut_ || begin_ != end_) co_return cut_;
        boost::system::error_code error;
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
        if (error || cut_) co_return true;
        char byte = 0;
        const auto bytes = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (bytes > 0) co_return false;
        if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) co_return true;
    }
}

bool Wire::peer_closed() {
    pollfd asked{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
    return cut_ || (::poll(&asked, 1, 0) == 1 && (asked.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0);
}

Awaitable<void> Wire::hold() {
    const Waiting waiting(reading_);
    boost::system::error_code error;
    if (!cut_) co_await socket_.async_wait(Socket::wait_error, asio::redirect_error(asio::use_awaitable, error));
}

void Wire::wrote(std::size_t bytes) {
    bytes_written_ += static_cast<std::int64_t>(bytes);
    window_bytes_ += static_cast<std::int64_t>(bytes);
}

Awaitable<bool> Wire::wait_writable() {
    const Waiting waiting(writing_);
    if (window_end_ == kNever) {
        window_end_ = Clock::now() + rules_.window;
        window_bytes_ = 0;
    }
    boost::system::error_code error;
    co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
    co_return !error && !cut_;
}

Awaitable<bool> Wire::write(std::string_view first, std::string_view second, bool more) {
    window_end_ = kNever;
    while (!cut_) {
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(first.data(), first.size()),
                                                        asio::buffer(second.data(), second.size())};
        boost::system::error_code error;
        const auto bytes = socket_.send(buffers, more ? MSG_MORE : 0, error);
        if (error && !is_would_block(error)) break;
        if (!error) wrote(bytes);
        const auto of_first = error ? 0 : std::min(bytes, first.size());
        if (!error) second.remove_prefix(bytes - of_first);
        first.remove_prefix(of_first);
        if (first.empty() && second.empty()) co_return true;
        if (!co_await wait_writable()) break;
    }
    co_return false;
}

void Wire::cork(bool hold) {
    const int value = hold ? 1 : 0;
    // Fails on a Unix-domain socket, which has no packets.
    (void)::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

Awaitable<std::int64_t> Wire::send_file(int file, std::int64_t offset, std::int64_t length) {
    window_end_ = kNever;
    off_t position = offset;
    std::int64_t sent = 0;
    std::int64_t turn = 0;
    while (!cut_ && sent < length) {
        const auto wanted = static_cast<std::size_t>(std::min(length - sent, kTurnBytes));
        const auto bytes = ::sendfile(socket_.native_handle(), file, &position, wanted);
        if (bytes == 0) break;
        if (bytes > 0) {
            wrote(static_cast<std::size_t>(bytes));
            sent += bytes;
            turn += bytes;
            if (sent == length) break;
            if (turn >= kTurnBytes) {
                turn = 0;
                co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            }
            if (bytes == static_cast<ssize_t>(wanted)) continue;
        } else {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) break;
        }
        if (!co_await wait_writable()) break;
        turn = 0;
    }
    co_return sent;
}

void Wire::expire(Clock::time_point now) {
    if (reading_ && now >= read_deadline_) expired_ = true;
    if (writing_ && now >= window_end_) {
        if (window_bytes_ < rules_.bytes_min) expired_ = true;
        window_bytes_ = 0;
        window_end_ = now + rules_.window;
    }
    if (expired_) {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
        cut_ = true;
    }
}

void Wire::restore() {
    if (!expired_) return;
    expired_ = cut_ = false;
    read_deadline_ = kNever;
}

void Wire::cut() {
    cut_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Wire::end_writing() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

void Wire::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace movio::http
