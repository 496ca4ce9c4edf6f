#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"

namespace movio::http {

// The head of one part of multipart/form-data (RFC 7578 §4.2). Texts are valid UTF-8.
struct PartHead {
    std::string name;
    std::optional<std::string> filename;  // as the client sent it (RFC 7578 §4.2; filename* of RFC 8187 wins); a file
    std::string content_type;
};

// Reads a multipart/form-data body part by part, in bounded memory (RFC 7578, RFC 2046 §5.1). One caller at a time.
//   while (part = co_await reader.next())  while (piece = co_await reader.read(), !piece->empty()) …
// Errors are those of the body, and `invalid` for what is no multipart, too many parts or too long a head.
class MultipartReader {
public:
    // The boundary named by Content-Type; nullopt when this is not multipart/form-data or names none that is valid.
    static std::optional<std::string> boundary_of(std::string_view content_type_header);

    MultipartReader(BodyReader& body, std::string_view boundary);

    // Skips what is left of the part before. nullopt after the last part; what follows it is not read.
    Awaitable<Result<std::optional<PartHead>>> next();
    // The next bytes of this part, valid until the next call; empty at its end.
    Awaitable<Result<ByteView>> read();
    // What is left of this part; more than `bytes_max` is too_large.
    Awaitable<Result<std::string>> read_text(std::size_t bytes_max);

private:
    BodyReader& body_;
    std::string delimiter_;  // "\r\n--boundary"
    std::vector<std::byte> buffer_;
    std::size_t begin_ = 0;
    int parts_ = 0;
    bool in_part_ = false;
    bool ended_ = false;
};

}  // namespace movio::http
