#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "async/asio.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "http/headers.hpp"

namespace movio::http {

// Text that lives as long as the program: an embedded file. `gzip` is the same text compressed, empty if it is not.
struct StaticBody {
    std::string_view plain;
    std::string_view gzip;
};

// A local file, sent by sendfile(2). The session answers ranges, If-Range, If-None-Match and HEAD, and 404 when the
// file is not there. The strong ETag is `"<etag_stem>-<bytes>"`; no ETag where the stem is empty.
struct FileBody {
    std::filesystem::path path;
    std::string etag_stem;
};

// Bytes from somewhere else, read as they are sent; ranges and ETag as for FileBody. `read` gives up to `length` bytes
// from `offset`, fewer only at the end; it lives as long as the answer is being sent.
struct BlobBody {
    std::int64_t bytes = 0;
    std::string etag_stem;
    std::function<Awaitable<Bytes>(std::int64_t offset, std::size_t length)> read;
};

struct ServerEvent {
    std::string type;  // empty: the client's "message"
    std::string data;  // any lines
    std::string id;    // empty: none
};

class EventSink {
public:
    virtual ~EventSink() = default;
    // Never waits. False when the client has left or reads so slowly that its queue is full: end the producer then.
    virtual bool send(ServerEvent event) = 0;
    virtual bool is_open() const = 0;
};

// Server-sent events (HTML §9.2). `produce` runs until it returns, which ends the stream, or until the client leaves
// or the server stops: then its pending await ends by operation_aborted. It lives as long as the stream, captures
// included. A comment line goes out every `heartbeat`, so that proxies and we notice a dead line. The session ends the
// stream, too, when `caller_counts`, which it takes from the request's context, says no.
struct EventStream {
    std::function<Awaitable<void>(EventSink&)> produce;
    std::chrono::milliseconds heartbeat{15'000};
    std::function<Awaitable<bool>()> caller_counts = {};
    std::chrono::milliseconds caller_checked_every{2000};  // who is disabled must be out within 5 s
};

// Text of unknown length that is made as fast as the client takes it. `next` gives a piece of it; an empty one is the
// end. What it throws breaks the answer off, so that the client sees that it is not whole. It lives as long as the
// answer is being sent, captures included.
struct PulledBody {
    std::function<Awaitable<std::string>()> next;
};

using Body = std::variant<std::monostate, std::string, StaticBody, FileBody, BlobBody, PulledBody, EventStream>;

struct Response {
    int status = 200;
    Headers headers = {};
    Body body = {};
};

Response text_response(int status, std::string_view content_type, std::string text);
// `json` is JSON text, from JsonWriter.
Response json_response(std::string json, int status = 200);
Response no_content();
// 303 unless said otherwise.
Response redirect(std::string_view location, int status = 303);
Response file_response(std::filesystem::path path, std::string_view content_type, std::string etag_stem);

// One field of the input that cannot be taken, and why.
struct FieldProblem {
    std::string field;
    std::string place;  // "path", "query", "body"
    std::string message;
};

// What Retry-After says with a refusal of this status when nothing better is known; 0: nothing.
std::int64_t retry_after_s(int status);
// RFC 9457 problem details: type /doc/problems/<code>, title, status, detail, instance (the request id), code. The
// status is the code's own unless given. 503 and 507 get Retry-After. Never cached.
Response problem_response(const Error& error, std::string_view request_id, std::optional<int> status = std::nullopt,
                          std::span<const FieldProblem> fields = {});

}  // namespace movio::http
