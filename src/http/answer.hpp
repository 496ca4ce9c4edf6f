#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "async/pool.hpp"
#include "http/open_file.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace movio::http {

struct FilePart {
    OpenFile file;
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

struct BlobPart {
    BlobBody blob;
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

// A response with everything decided: part, coding, length. `length` is empty for a stream, which ends with the
// connection.
struct Answer {
    int status = 200;
    Headers headers;
    std::variant<std::monostate, std::string, std::string_view, FilePart, BlobPart, PulledBody, EventStream> payload;
    std::optional<std::int64_t> length = 0;
};

// Opens the file, selects the part the client asked for, compresses text. Files are opened on `disk` where that waits.
Awaitable<Answer> make_answer(const RequestHead& head, Response response, Pool* disk);

// Status line and header fields, with the empty line. `date` is an IMF-fixdate.
std::string write_head(const Answer& answer, const RequestHead& head, std::string_view date, bool keep_alive);

// RFC 9110 §5.6.7.
std::string http_date(std::int64_t time_us);

}  // namespace movio::http
