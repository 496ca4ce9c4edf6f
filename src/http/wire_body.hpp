#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "http/head_parser.hpp"
#include "http/request.hpp"
#include "http/wire.hpp"

namespace movio::http {

// The body of one request, read from its connection. Lives as long as the request is served.
class WireBody final : public BodyReader {
public:
    WireBody(Wire& wire, const RequestHead& head, std::unique_ptr<ChunkedDecoder> chunks,
             std::chrono::milliseconds idle);

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
    Result<ByteView> count(std::string_view piece);
    std::unexpected<Error> fail_read(ErrorCode code, std::string message);
    std::unexpected<Error> broken();

    Wire& wire_;
    std::unique_ptr<ChunkedDecoder> chunks_;
    std::chrono::milliseconds idle_;
    std::int64_t left_;  // of an announced length
    std::int64_t bytes_max_ = 0;
    std::size_t to_consume_ = 0;  // of the wire's buffer: what the last read returned a view of
    bool expects_continue_;
    bool done_;
    bool failed_ = false;
    std::vector<char> buffer_;
};

}  // namespace movio::http
