#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "http/head_parser.hpp"
#include "http/request.hpp"
#include "http/wire.hpp"

namespace movio::http {

// A client must send `bytes_min` in each `window` that the server waits for it.
struct ReadRules {
    std::chrono::milliseconds window;
    std::int64_t bytes_min;
};

// The body of one request, read from its connection. Lives as long as the request is served.
class WireBody final : public BodyReader {
public:
    WireBody(Wire& wire, const RequestHead& head, std::unique_ptr<ChunkedDecoder> chunks, ReadRules rules);

    // Set when the endpoint is known; until then nothing is taken.
    void set_limit(std::int64_t bytes_max) { bytes_max_ = bytes_max; }
    Awaitable<Result<ByteView>> read() override;
    // Reads on to the end where that is cheap, so that the connection can serve another request; false when it cannot.
    Awaitable<bool> discard();
    // False when the rest is too long, or the client waits for a go-ahead that it will not get.
    bool can_be_discarded() const;
    bool is_at_end() const { return done_; }
    bool client_left() override { return wire_.peer_closed(); }

private:
    Awaitable<Result<ByteView>> read_plain();
    Awaitable<Result<ByteView>> read_chunked();
    // Reads into the buffer of this body, or into the wire's; 0 at the end of the line or of the client's time.
    Awaitable<std::size_t> receive(std::span<char> into);
    Awaitable<std::size_t> receive_into_wire();
    void received(std::int64_t bytes, Clock::time_point waited_since);
    Result<ByteView> count(std::string_view piece);
    std::unexpected<Error> fail_read(ErrorCode code, std::string message);
    std::unexpected<Error> broken();

    Wire& wire_;
    std::unique_ptr<ChunkedDecoder> chunks_;
    ReadRules rules_;
    Clock::duration time_left_;      // of the window, in which …
    std::int64_t window_bytes_ = 0;  // … so much has come
    std::int64_t left_;              // of an announced length
    std::int64_t bytes_max_ = 0;
    std::size_t to_consume_ = 0;  // of the wire's buffer: what the last read returned a view of
    bool expects_continue_;
    bool done_;
    bool failed_ = false;
    std::vector<char> buffer_;
};

}  // namespace movio::http
