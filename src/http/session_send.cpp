#include <algorithm>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "http/session.hpp"

namespace movio::http {
namespace {

// How much of a file is brought into memory at once where it is not there, and looked at where it is.
constexpr std::int64_t kFileWindowBytes = 1 << 20;
constexpr std::int64_t kBlobPieceBytes = 256 << 10;

// Which part of a path the description calls a secret, counted from 0 as RequestHead::segments are.
std::optional<std::size_t> secret_part(const EndpointDescription& endpoint) {
    if (endpoint.hidden_in_log.empty()) return std::nullopt;
    const auto at = endpoint.path.find("/{" + endpoint.hidden_in_log);
    if (at == std::string::npos) return std::nullopt;
    return static_cast<std::size_t>(
        std::count(endpoint.path.begin(), endpoint.path.begin() + static_cast<int>(at), '/'));
}

// The path as sent with that part blanked, however it is encoded: parts are told apart before they are decoded.
std::string without_part(const std::string& path, std::size_t part) {
    std::size_t begin = 1;
    for (; part > 0; --part) {
        const auto slash = path.find('/', begin);
        if (slash == std::string::npos) return path;
        begin = slash + 1;
    }
    const auto end = path.find('/', begin);
    return path.substr(0, begin) + "-" + (end == std::string::npos ? "" : path.substr(end));
}

}  // namespace

Awaitable<bool> Session::send(const RequestHead& head, Answer answer, bool keep_alive) {
    const auto fields = write_head(answer, head, lane_.date(), keep_alive);
    if (head.method == Method::head) co_return co_await wire_.write(fields);
    if (const auto* text = std::get_if<std::string>(&answer.payload)) co_return co_await wire_.write(fields, *text);
    if (const auto* text = std::get_if<std::string_view>(&answer.payload))
        co_return co_await wire_.write(fields, *text);
    if (const auto* file = std::get_if<FilePart>(&answer.payload)) {
        wire_.cork(true);
        const bool whole = co_await wire_.write(fields) && co_await send_file(*file);
        wire_.cork(false);
        co_return whole;
    }
    if (const auto* blob = std::get_if<BlobPart>(&answer.payload)) {
        if (!co_await wire_.write(fields, {}, true)) co_return false;
        co_return co_await send_blob(head, *blob);
    }
    if (const auto* pulled = std::get_if<PulledBody>(&answer.payload)) {
        if (!co_await wire_.write(fields, {}, true)) co_return false;
        co_return co_await send_pulled(head, *pulled);
    }
    if (const auto* stream = std::get_if<EventStream>(&answer.payload)) {
        if (lane_.stopping || !co_await wire_.write(fields)) co_return false;
        EventQueue queue(co_await asio::this_coro::executor);
        struct Registration {
            EventQueue*& place;
            ~Registration() { place = nullptr; }
        } const registration{events_};
        events_ = &queue;
        co_await send_events(wire_, *stream, queue);
        co_return true;
    }
    co_return co_await wire_.write(fields);
}

Awaitable<bool> Session::send_file(const FilePart& part) {
    const int file = part.file.descriptor();
    for (std::int64_t done = 0; done < part.length;) {
        const auto window = std::min(part.length - done, kFileWindowBytes);
        co_await warm(file, part.offset + done, window, options_.disk);
        if (co_await wire_.send_file(file, part.offset + done, window) != window) co_return false;
        done += window;
    }
    co_return true;
}

Awaitable<bool> Session::send_blob(const RequestHead& head, const BlobPart& part) {
    for (std::int64_t done = 0; done < part.length;) {
        const auto wanted = std::min(part.length - done, kBlobPieceBytes);
        Bytes piece;
        try {
            piece = co_await part.blob.read(part.offset + done, static_cast<std::size_t>(wanted));
        } catch (const Failure& failure) {
            // The head is out; all that is left is to break off, so that the client sees that bytes are missing.
            log_error("answer broken off", {{"request_id", head.request_id}, {"reason", std::string(failure.what())}});
            co_return false;
        }
        if (piece.empty()) co_return false;
        if (static_cast<std::int64_t>(piece.size()) > wanted) piece.resize(static_cast<std::size_t>(wanted));
        if (!co_await wire_.write(as_text(piece))) co_return false;
        done += static_cast<std::int64_t>(piece.size());
    }
    co_return true;
}

// In chunks (RFC 9112 §7.1); to HTTP/1.0 the end of the line is the end of the text.
Awaitable<bool> Session::send_pulled(const RequestHead& head, const PulledBody& body) {
    for (;;) {
        std::string piece;
        try {
            piece = co_await body.next();
        } catch (const Failure& failure) {
            log_error("answer broken off", {{"request_id", head.request_id}, {"reason", std::string(failure.what())}});
            co_return false;
        }
        if (piece.empty()) co_return !head.takes_chunks || co_await wire_.write("0\r\n\r\n");
        if (head.takes_chunks) {
            piece.insert(0, fmt::format("{:x}\r\n", piece.size()));
            piece += "\r\n";
        }
        if (!co_await wire_.write(piece)) co_return false;
    }
}

// Also of requests that no endpoint took, such as a preflight: every endpoint of the path says what is secret in it.
std::string Session::loggable_path(const RequestHead& head) const {
    for (const auto* endpoint : lane_.core.router.methods_at(head.segments).endpoints)
        if (const auto part = secret_part(endpoint->description())) return without_part(head.target, *part);
    return head.target;
}

void Session::account(const Request& request, const EndpointDescription* endpoint, int status, std::int64_t bytes,
                      Clock::time_point began, bool whole) const {
    const auto time_us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
    lane_.core.metrics_of(endpoint).count(status, bytes, static_cast<double>(time_us) / 1e6);
    if (!is_logged(options_.access_log)) return;
    log(options_.access_log, "request",
        {{"request_id", request.context.request_id},
         {"remote", request.context.remote_address},
         {"method", std::string(to_text(request.head.method))},
         {"path", loggable_path(request.head)},
         {"route", endpoint != nullptr ? endpoint->path : std::string("none")},
         {"status", std::int64_t{status}},
         {"bytes", bytes},
         {"time_us", time_us},
         {"whole", whole}});
}

}  // namespace movio::http
