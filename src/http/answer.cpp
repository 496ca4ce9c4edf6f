#include "http/answer.hpp"

#include <array>
#include <ctime>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "http/compression.hpp"
#include "http/ranges.hpp"

namespace movio::http {
namespace {

// Speed over size: this runs on an I/O thread, about 100 MB/s at level 3 on text.
constexpr int kGzipLevel = 3;

bool reads(const RequestHead& head) { return head.method == Method::get || head.method == Method::head; }

Answer without_body(int status, Headers headers) {
    Answer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    return answer;
}

Answer of_text(int status, Headers headers, std::string text) {
    auto answer = without_body(status, std::move(headers));
    answer.length = static_cast<std::int64_t>(text.size());
    answer.payload = std::move(text);
    return answer;
}

Answer not_modified(Headers headers) {
    headers.remove("content-type");
    headers.remove("content-encoding");
    return without_body(304, std::move(headers));
}

// The entity tag of a compressed text is weak: its bytes are others (RFC 9110 §8.8.3.3).
void mark_compressed(Headers& headers) {
    headers.set("Content-Encoding", "gzip");
    if (const auto etag = headers.find("etag"); etag && !etag->starts_with("W/"))
        headers.set("ETag", "W/" + std::string(*etag));
}

struct TextChoice {
    bool compress = false;
    bool known_to_client = false;
};

// Decides for a text whether it goes out compressed and whether the client has it already; sets Vary and ETag.
TextChoice choose_text(const RequestHead& head, int status, Headers& headers, std::size_t bytes) {
    TextChoice choice;
    if (bytes >= kGzipBytesMin && is_compressible(headers.find("content-type").value_or("")) &&
        !headers.has("content-encoding")) {
        headers.add("Vary", "Accept-Encoding");
        choice.compress = accepts_gzip(head.headers.joined("accept-encoding"));
    }
    const auto etag = headers.find("etag");
    choice.known_to_client = status == 200 && reads(head) && etag && is_known_to_client(head.headers, *etag);
    if (choice.compress) mark_compressed(headers);
    return choice;
}

Answer answer_text(const RequestHead& head, Response response, std::string text) {
    const auto choice = choose_text(head, response.status, response.headers, text.size());
    if (choice.known_to_client) return not_modified(std::move(response.headers));
    return of_text(response.status, std::move(response.headers),
                   choice.compress ? gzip(text, kGzipLevel) : std::move(text));
}

Answer answer_static(const RequestHead& head, Response response, const StaticBody& body) {
    // A file that did not shrink has no compressed form.
    const auto choice = choose_text(head, response.status, response.headers, body.gzip.empty() ? 0 : body.plain.size());
    if (choice.known_to_client) return not_modified(std::move(response.headers));
    const auto text = choice.compress ? body.gzip : body.plain;
    auto answer = without_body(response.status, std::move(response.headers));
    answer.length = static_cast<std::int64_t>(text.size());
    answer.payload = text;
    return answer;
}

Answer refusal(const RequestHead& head, ErrorCode code, std::string message, std::int64_t bytes) {
    auto problem = problem_response({code, std::move(message), {}}, head.request_id);
    if (code == ErrorCode::range_not_satisfiable) {
        problem.headers.set("Content-Range", fmt::format("bytes */{}", bytes));
        problem.headers.set("Accept-Ranges", "bytes");
    }
    return of_text(problem.status, std::move(problem.headers), std::get<std::string>(std::move(problem.body)));
}

struct PartAnswer {
    Answer answer;
    std::optional<Selection> part;  // empty: the answer needs no more than its head
};

// What FileBody and BlobBody share: ETag, preconditions, ranges.
PartAnswer answer_part(const RequestHead& head, int status, Headers headers, std::string_view etag_stem,
                       std::int64_t bytes) {
    std::string etag;
    if (!etag_stem.empty()) {
        etag = fmt::format("\"{}-{}\"", etag_stem, bytes);
        headers.set("ETag", etag);
    }
    Selection part{Part::whole, 0, bytes};
    if (status == 200) {
        headers.set("Accept-Ranges", "bytes");
        part = select_part(head.method, head.headers, bytes, etag);
    }
    if (part.part == Part::not_modified && !reads(head)) part.part = Part::precondition_failed;
    switch (part.part) {
        case Part::not_modified: return {not_modified(std::move(headers)), std::nullopt};
        case Part::precondition_failed:
            return {
                refusal(head, ErrorCode::precondition_failed, "What is stored is not what the request expects.", bytes),
                std::nullopt};
        case Part::range_not_satisfiable:
            return {
                refusal(head, ErrorCode::range_not_satisfiable, fmt::format("There are only {} bytes.", bytes), bytes),
                std::nullopt};
        case Part::range:
            headers.set("Content-Range",
                        fmt::format("bytes {}-{}/{}", part.offset, part.offset + part.length - 1, bytes));
            status = 206;
            break;
        case Part::whole: break;
    }
    auto answer = without_body(status, std::move(headers));
    answer.length = part.length;
    return {std::move(answer), part};
}

Awaitable<Answer> answer_file(const RequestHead& head, Response response, FileBody body, Pool* disk) {
    auto file = co_await open_file(std::move(body.path), disk);
    if (!file) co_return refusal(head, ErrorCode::not_found, "There is no such file.", 0);
    auto [answer, part] =
        answer_part(head, response.status, std::move(response.headers), body.etag_stem, file->bytes());
    if (part && part->length > 0) answer.payload.emplace<FilePart>(std::move(*file), part->offset, part->length);
    co_return std::move(answer);
}

Answer answer_blob(const RequestHead& head, Response response, BlobBody body) {
    auto [answer, part] = answer_part(head, response.status, std::move(response.headers), body.etag_stem, body.bytes);
    if (part && part->length > 0) answer.payload = BlobPart{std::move(body), part->offset, part->length};
    return std::move(answer);
}

Answer answer_events(Response response, EventStream stream) {
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    // Tells nginx not to hold the events back.
    response.headers.set("X-Accel-Buffering", "no");
    auto answer = without_body(response.status, std::move(response.headers));
    answer.length.reset();
    answer.payload = std::move(stream);
    return answer;
}

Answer answer_pulled(const RequestHead& head, Response response, PulledBody body) {
    if (head.takes_chunks) response.headers.set("Transfer-Encoding", "chunked");
    auto answer = without_body(response.status, std::move(response.headers));
    answer.length.reset();
    answer.payload = std::move(body);
    return answer;
}

bool has_no_content(int status) { return status == 204 || status == 304; }

}  // namespace

Awaitable<Answer> make_answer(const RequestHead& head, Response response, Pool* disk) {
    auto body = std::move(response.body);
    if (auto* text = std::get_if<std::string>(&body))
        co_return answer_text(head, std::move(response), std::move(*text));
    if (const auto* file = std::get_if<StaticBody>(&body)) co_return answer_static(head, std::move(response), *file);
    if (auto* file = std::get_if<FileBody>(&body))
        co_return co_await answer_file(head, std::move(response), std::move(*file), disk);
    if (auto* blob = std::get_if<BlobBody>(&body)) co_return answer_blob(head, std::move(response), std::move(*blob));
    if (auto* pulled = std::get_if<PulledBody>(&body))
        co_return answer_pulled(head, std::move(response), std::move(*pulled));
    if (auto* events = std::get_if<EventStream>(&body))
        co_return answer_events(std::move(response), std::move(*events));
    co_return without_body(response.status, std::move(response.headers));
}

std::string write_head(const Answer& answer, const RequestHead& head, std::string_view date, bool keep_alive) {
    const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(answer.status));
    std::string out;
    out.reserve(512);
    out += "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out.append(reason.data(), reason.size());
    const auto line = [&out](std::string_view name, std::string_view value) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    };
    line("Date", date);
    for (const auto& field : answer.headers) line(field.name, field.value);
    if (answer.length && !has_no_content(answer.status)) line("Content-Length", std::to_string(*answer.length));
    line("X-Request-Id", head.request_id);
    line("X-Content-Type-Options", "nosniff");
    if (!keep_alive) line("Connection", "close");
    // HTTP/1.0 clients that asked to keep the connection want to be told.
    else if (head.headers.has("connection"))
        line("Connection", "keep-alive");
    out += "\r\n\r\n";
    return out;
}

std::string http_date(std::int64_t time_us) {
    static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto seconds = static_cast<std::time_t>(time_us / 1'000'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(parts.tm_wday)],
                       parts.tm_mday, kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace movio::http
