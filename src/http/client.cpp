#include "http/client.hpp"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <sys/un.h>

#include "async/asio.hpp"

namespace movio::http {
namespace {

namespace beast = boost::beast;
using Unix = asio::local::stream_protocol;
using Parser = beast::http::response_parser<beast::http::buffer_body>;

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::size_t kCollectedBytesMax = 64 << 20;

struct Broken {
    boost::system::error_code error;
};

// One exchange. Every wait for the socket gives up after the idle time.
class Exchange {
public:
    explicit Exchange(std::chrono::seconds idle) : socket_(context_), idle_(idle) {}

    Result<ClientResponse> run(const std::filesystem::path& path, const ClientRequest& request) {
        boost::system::error_code error;
        if (path.native().size() < sizeof(sockaddr_un::sun_path))
            socket_.connect(Unix::endpoint(path.string()), error);
        else
            error = asio::error::name_too_long;
        if (error)
            return fail(ErrorCode::unavailable,
                        "No Movio server answers at " + path.string() + ": " + error.message() + ".");
        socket_.non_blocking(true, error);
        try {
            // A server may answer, and close, before it has taken the whole body; then its answer is what counts.
            const auto sent = send(request);
            auto response = receive(request);
            if (!response && sent) return failure(sent);
            return response;
        } catch (const Broken& broken) {
            return failure(broken.error);
        }
    }

private:
    Result<ClientResponse> failure(const boost::system::error_code& error) const {
        if (error == asio::error::timed_out)
            return fail(ErrorCode::timeout, fmt::format("The server did not answer for {} s.", idle_.count()));
        return fail(ErrorCode::unavailable, "The connection to the server broke: " + error.message() + ".");
    }

    boost::system::error_code send(const ClientRequest& request) {
        std::string head =
            request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        for (const auto& field : request.headers) head += field.name + ": " + field.value + "\r\n";
        const bool chunked = request.body_source && !request.body_bytes;
        if (chunked)
            head += "Transfer-Encoding: chunked\r\n";
        else if (request.body_bytes)
            head += fmt::format("Content-Length: {}\r\n", *request.body_bytes);
        else if (!request.body.empty())
            head += fmt::format("Content-Length: {}\r\n", request.body.size());
        auto error = write(head + "\r\n");
        if (!error && !request.body_source) error = write(request.body);
        if (!request.body_source) return error;
        std::string piece(kPieceBytes, '\0');
        while (!error) {
            const auto bytes = request.body_source(std::span(piece));
            if (bytes == 0) break;
            if (chunked) error = write(fmt::format("{:x}\r\n", bytes));
            if (!error) error = write({piece.data(), bytes});
            if (!error && chunked) error = write("\r\n");
        }
        if (!error && chunked) error = write("0\r\n\r\n");
        return error;
    }

    boost::system::error_code write(std::string_view text) {
        boost::system::error_code error;
        while (!text.empty()) {
            text.remove_prefix(socket_.write_some(asio::buffer(text.data(), text.size()), error));
            if (error == asio::error::would_block) error = wait_for(POLLOUT);
            if (error) return error;
        }
        return error;
    }

    boost::system::error_code wait_for(short event) {
        pollfd ready{socket_.native_handle(), event, 0};
        const auto time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(idle_).count();
        return ::poll(&ready, 1, static_cast<int>(time_ms)) > 0 ? boost::system::error_code() : asio::error::timed_out;
    }

    Result<ClientResponse> receive(const ClientRequest& request) {
        Parser parser;
        parser.body_limit(boost::none);
        parser.header_limit(64 << 10);
        if (request.method == "HEAD") parser.skip(true);
        while (!parser.is_header_done()) step(parser);
        ClientResponse response;
        response.status = static_cast<int>(parser.get().result_int());
        for (const auto& field : parser.get()) {
            const auto name = field.name_string();
            const auto value = field.value();
            response.headers.add({name.data(), name.size()}, {value.data(), value.size()});
        }
        const bool streamed = request.on_body && response.status < 300;
        std::string piece(kPieceBytes, '\0');
        while (!parser.is_done()) {
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            step(parser);
            const std::string_view text(piece.data(), piece.size() - parser.get().body().size);
            if (text.empty()) continue;
            if (streamed) {
                if (!request.on_body(text)) return response;
                continue;
            }
            if (response.body.size() + text.size() > kCollectedBytesMax)
                return fail(ErrorCode::too_large, "The server's answer is larger than 64 MiB.");
            response.body += text;
        }
        return response;
    }

    // Feeds the parser what is there, reading more when it needs more.
    void step(Parser& parser) {
        boost::system::error_code error;
        if (!input_.empty()) {
            const auto consumed = parser.put(asio::buffer(input_), error);
            input_.erase(0, consumed);
            if (error && error != beast::http::error::need_more && error != beast::http::error::need_buffer)
                throw Broken{error};
            if (consumed > 0) return;
        }
        std::array<char, 16 << 10> bytes;
        auto read = socket_.read_some(asio::buffer(bytes), error);
        while (error == asio::error::would_block) {
            error = wait_for(POLLIN);
            if (!error) read = socket_.read_some(asio::buffer(bytes), error);
        }
        if (error == asio::error::eof && parser.got_some()) {
            boost::system::error_code at_end;
            parser.put_eof(at_end);
            if (at_end) throw Broken{error};
            return;
        }
        if (error) throw Broken{error};
        input_.append(bytes.data(), read);
    }

    asio::io_context context_;
    Unix::socket socket_;
    std::chrono::seconds idle_;
    std::string input_;
};

}  // namespace

Result<ClientResponse> request(const std::filesystem::path& socket, const ClientRequest& request,
                               std::chrono::seconds idle) {
    return Exchange(idle).run(socket, request);
}

}  // namespace movio::http
