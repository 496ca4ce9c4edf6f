#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/request.hpp"

namespace movio::http {

// Why a head is not taken; the connection closes after the answer, since nobody knows where the next request begins.
struct HeadRefusal {
    int status = 400;
    ErrorCode code = ErrorCode::invalid;
    std::string message;
};

// Takes a chunked body apart (RFC 9112 §7.1).
class ChunkedDecoder {
public:
    virtual ~ChunkedDecoder() = default;
    struct Step {
        std::size_t consumed = 0;  // of the input
        std::size_t produced = 0;  // into the output
    };
    // nullopt when the coding is broken. A step of 0 and 0 asks for more input.
    virtual std::optional<Step> decode(std::string_view input, std::span<char> output) = 0;
    virtual bool is_done() const = 0;
};

struct ParsedHead {
    RequestHead head;
    std::unique_ptr<ChunkedDecoder> chunks;  // for a chunked body
};

// Length of the head at the start of `bytes`, including its empty line; nullopt when it is not whole yet.
std::optional<std::size_t> head_length(std::string_view bytes);

// A whole head (RFC 9112). Refused, because two readers could see two different requests in it: Content-Length with
// Transfer-Encoding, either of them twice, another coding than `chunked`, obs-fold, a bare CR or LF, no Host or two.
std::expected<ParsedHead, HeadRefusal> parse_head(std::string_view bytes);

// A request id we take over from a client: 8 to 64 of [A-Za-z0-9._-].
bool is_valid_request_id(std::string_view text);

}  // namespace movio::http
