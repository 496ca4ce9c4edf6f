#include "http/head_parser.hpp"

#include <algorithm>
#include <limits>

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "http/target.hpp"

namespace movio::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::buffer_body>;

std::unexpected<HeadRefusal> refuse(int status, ErrorCode code, std::string message) {
    return std::unexpected(HeadRefusal{status, code, std::move(message)});
}
std::unexpected<HeadRefusal> refuse(std::string message) { return refuse(400, ErrorCode::invalid, std::move(message)); }

class BeastChunks final : public ChunkedDecoder {
public:
    explicit BeastChunks(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}

    std::optional<Step> decode(std::string_view input, std::span<char> output) override {
        auto& body = parser_->get().body();
        body.data = output.data();
        body.size = output.size();
        body.more = true;
        beast::error_code error;
        const auto consumed = parser_->put(asio::buffer(input.data(), input.size()), error);
        const bool goes_on =
            !error || error == beast::http::error::need_more || error == beast::http::error::need_buffer;
        if (!goes_on) return std::nullopt;
        return Step{consumed, output.size() - body.size};
    }
    bool is_done() const override { return parser_->is_done(); }

private:
    std::unique_ptr<Parser> parser_;
};

// Line ends that not every reader takes the same way.
bool has_loose_line_ends(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) return true;
        if (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) return true;
    }
    return false;
}

bool has_obs_fold(std::string_view bytes) { return bytes.contains("\n ") || bytes.contains("\n\t"); }

// A request line that is whole but for its version.
bool is_other_version(std::string_view bytes) {
    const auto line = bytes.substr(0, bytes.find('\r'));
    return std::ranges::count(line, ' ') == 2 && line.substr(line.rfind(' ') + 1).starts_with("HTTP/");
}

std::optional<HeadRefusal> check_framing(const RequestHead& head, int version) {
    const auto bad = [](std::string message) { return HeadRefusal{400, ErrorCode::invalid, std::move(message)}; };
    const auto& headers = head.headers;
    const auto codings = headers.count("transfer-encoding");
    const auto lengths = headers.count("content-length");
    if (codings > 0 && lengths > 0) return bad("The request has both Content-Length and Transfer-Encoding.");
    if (lengths > 1 || headers.find("content-length").value_or("").contains(','))
        return bad("The request has more than one Content-Length.");
    if (codings > 1) return bad("The request has more than one Transfer-Encoding.");
    if (codings == 1 && version < 11) return bad("HTTP/1.0 has no Transfer-Encoding.");
    if (codings == 1 && !equals_ignoring_case(*headers.find("transfer-encoding"), "chunked"))
        return HeadRefusal{501, ErrorCode::not_implemented, "The only Transfer-Encoding taken is chunked."};
    const auto hosts = headers.count("host");
    if (hosts > 1 || (hosts == 0 && version >= 11)) return bad("The request must have exactly one Host.");
    const auto host = headers.find("host").value_or("");
    if (std::ranges::any_of(
            host, [](char c) { return c <= ' ' || c == '/' || c == '@' || c == '\\' || c == '"' || c == '<'; }))
        return bad("The Host is not valid.");
    return std::nullopt;
}

std::optional<HeadRefusal> fill(RequestHead& head, const Parser& parser) {
    const auto& message = parser.get();
    for (const auto& field : message) {
        const auto name = field.name_string();
        const auto value = field.value();
        head.headers.add({name.data(), name.size()}, to_valid_utf8({value.data(), value.size()}));
    }
    const auto method = message.method_string();
    head.method = method_from_text({method.data(), method.size()});
    if (auto bad = check_framing(head, static_cast<int>(message.version()))) return bad;
    const auto text = message.target();
    // "OPTIONS *" asks about the server as a whole.
    auto target =
        text == "*" && head.method == Method::options ? parse_target("/") : parse_target({text.data(), text.size()});
    if (!target) return HeadRefusal{400, ErrorCode::invalid, "The address of the request is not valid."};
    head.target = std::move(target->path);
    head.segments = std::move(target->segments);
    head.query = std::move(target->query);
    head.host = std::string(head.headers.find("host").value_or("localhost"));
    head.chunked = parser.chunked();
    if (const auto length = parser.content_length(); length && head.headers.has("content-length")) {
        if (*length > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return HeadRefusal{413, ErrorCode::too_large, "The announced body is too large."};
        head.content_length = static_cast<std::int64_t>(*length);
    }
    head.keep_alive = parser.keep_alive();
    head.takes_chunks = message.version() >= 11;
    if (const auto expect = head.headers.find("expect")) {
        if (!equals_ignoring_case(*expect, "100-continue"))
            return HeadRefusal{417, ErrorCode::invalid, "The only expectation met is 100-continue."};
        head.expects_continue = message.version() >= 11 && head.has_body();
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::size_t> head_length(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    return end == std::string_view::npos ? std::nullopt : std::optional(end + 4);
}

std::expected<ParsedHead, HeadRefusal> parse_head(std::string_view bytes) {
    if (has_loose_line_ends(bytes)) return refuse("The request has a line that does not end with CR LF.");
    if (has_obs_fold(bytes)) return refuse("The request has a folded header field.");
    auto parser = std::make_unique<Parser>();
    parser->header_limit(static_cast<std::uint32_t>(limits::kHeaderBytesMax + 1));
    parser->body_limit(boost::none);
    beast::error_code error;
    parser->put(asio::buffer(bytes.data(), bytes.size()), error);
    if (error == beast::http::error::header_limit)
        return refuse(431, ErrorCode::headers_too_large, "The header fields are too large.");
    if (error == beast::http::error::bad_version && is_other_version(bytes))
        return refuse(505, ErrorCode::not_implemented, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    if (!parser->is_header_done()) return refuse("The request is not valid HTTP/1.1.");
    ParsedHead parsed;
    if (auto bad = fill(parsed.head, *parser)) return std::unexpected(std::move(*bad));
    if (parsed.head.chunked) parsed.chunks = std::make_unique<BeastChunks>(std::move(parser));
    return parsed;
}

bool is_valid_request_id(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    return text.size() >= 8 && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

}  // namespace movio::http
