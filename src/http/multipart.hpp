#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace movio::http {

// The head of one part of multipart/form-data (RFC 7578 §4.2). Texts are valid UTF-8.
struct PartHead {
    std::string name;
    std::optional<std::string> filename;  // as the client sent it; filename* (RFC 8187) wins. With one it is a file
    std::string content_type;             // in lower case and without parameters; empty when there is none
};

// Reads a multipart/form-data body part by part, in bounded memory (RFC 7578, RFC 2046 §5.1). One caller at a time.
//   while (part = co_await reader.next())  while (piece = co_await reader.read(), !piece->empty()) …
// Errors are those of the body, and `invalid` for what is no multipart, too many parts or too long a head; after one
// the reader is of no more use.
class MultipartReader {
public:
    // The boundary named by Content-Type; nullopt when this is not multipart/form-data or names none that is valid.
    static std::optional<std::string> boundary_of(std::string_view content_type_header);

    // `body` outlives the reader.
    MultipartReader(BodyReader& body, std::string_view boundary);

    // Skips what is left of the part before. nullopt after the last part; what follows it is not read.
    Awaitable<Result<std::optional<PartHead>>> next();
    // The next bytes of this part, valid until the next call; empty at its end. They are the body's own, not copied.
    Awaitable<Result<ByteView>> read();
    // What is left of this part; more than `bytes_max` is too_large.
    Awaitable<Result<std::string>> read_text(std::size_t bytes_max);

private:
    // What is read next. Before the first delimiter it is content too, of no part.
    enum class Place { content, delimiter, end };

    Awaitable<Result<void>> fill();
    std::string_view take(std::size_t bytes);
    std::string_view continue_match();
    std::string_view take_content();
    // From behind a delimiter to the content of the next part; nullopt behind the last one.
    Awaitable<Result<std::optional<std::string>>> read_head();

    BodyReader& body_;
    std::string delimiter_;   // CR LF "--" boundary; its one CR stands first
    std::string_view piece_;  // what is left of the body's last bytes
    std::size_t matched_;     // bytes before piece_ that are held back: they may begin a delimiter
    Place place_ = Place::content;
    int parts_ = 0;
};

}  // namespace movio::http
