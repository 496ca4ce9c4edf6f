#include "unit/http/http_support.hpp"

#include <charconv>
#include <cstring>
#include <fstream>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "async/timing.hpp"
#include "base/error.hpp"

namespace movio::http::test {
namespace {

constexpr std::chrono::seconds kPatience{20};

std::int64_t to_number(std::string_view text, int base) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << system_message(errno);
}

RawClient::RawClient(const std::filesystem::path& unix_path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << system_message(errno);
}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::fill(std::chrono::milliseconds time) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(time.count())) <= 0) return false;
    char bytes[64 << 10];
    const auto received = ::recv(socket_, bytes, sizeof bytes, 0);
    if (received <= 0) return false;
    input_.append(bytes, static_cast<std::size_t>(received));
    return true;
}

RawClient::Answer RawClient::receive(bool to_head) {
    Answer answer;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(kPatience)) return answer;
    std::string_view head(input_.data(), end);
    answer.status = static_cast<int>(to_number(head.substr(9, 3), 10));
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n")) {
        head.remove_prefix(at + 2);
        const auto line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(": ");
        answer.headers.add(line.substr(0, colon), line.substr(colon + 2));
    }
    input_.erase(0, end + 4);
    const bool bare = to_head || answer.status == 204 || answer.status == 304 || answer.status == 100;
    if (bare) return answer;
    if (const auto length = answer.headers.find("content-length")) {
        const auto bytes = static_cast<std::size_t>(to_number(*length, 10));
        while (input_.size() < bytes && fill(kPatience)) {
        }
        answer.body = input_.substr(0, bytes);
        input_.erase(0, answer.body.size());
        return answer;
    }
    while (fill(kPatience)) {
    }
    answer.body = std::exchange(input_, {});
    return answer;
}

RawClient::Answer RawClient::ask(std::string_view request, bool to_head) {
    send(request);
    return receive(to_head);
}

std::string RawClient::receive_until(const std::function<bool(const std::string&)>& enough,
                                     std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!enough(input_)) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !fill(left)) break;
    }
    return std::exchange(input_, {});
}

bool RawClient::is_closed_within(std::chrono::milliseconds time) {
    pollfd ready{socket_, POLLIN, 0};
    if (!input_.empty() || ::poll(&ready, 1, static_cast<int>(time.count())) <= 0) return false;
    return !fill(std::chrono::milliseconds(0));
}

void RawClient::end_writing() { ::shutdown(socket_, SHUT_WR); }

void RawClient::vanish() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(socket_, -1));
}

void RawClient::set_receive_buffer(int bytes) { ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

std::string request_text(std::string_view method, std::string_view target, std::string_view lines,
                         std::string_view body) {
    std::string out;
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: films.example\r\n").append(lines);
    if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out.append("\r\n").append(body);
}

std::vector<std::unique_ptr<Gate>> TestServer::default_gates() {
    std::vector<std::unique_ptr<Gate>> gates;
    gates.push_back(announced_length_gate());
    gates.push_back(content_type_gate());
    gates.push_back(head_limits_gate());
    return gates;
}

TestServer::TestServer(const Adjust& adjust, std::vector<std::unique_ptr<Gate>> gates) {
    ServerOptions options;
    options.tick = std::chrono::milliseconds(20);
    options.disk = &disk_;
    Router router;
    add_routes(router);
    if (adjust) adjust(options, router);
    server_ = std::make_unique<Server>(threads_, std::move(options), std::move(router), Gates(std::move(gates)));
    server_->start();
}

TestServer::~TestServer() {
    server_.reset();
    threads_.stop();
}

void TestServer::write_file(const std::string& name, std::string_view content) const {
    std::ofstream(folder() / name, std::ios::binary) << content;
}

// No lambda: what it captured would be gone when the coroutine goes on.
struct FileOf {
    std::filesystem::path folder;

    Awaitable<Response> operator()(Request& request) const {
        auto response = file_response(folder / *request.head.path.find("path"), "video/mp4", "1-v-h264-720-1");
        response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
        co_return response;
    }
};

void TestServer::add_routes(Router& router) {
    add_route(router, Method::get, "/hello", [](Request& request) -> Awaitable<Response> {
        co_return json_response("{\"hello\":\"" + std::string(request.head.query.find("name").value_or("world")) +
                                "\"}");
    });
    add_route(router, Method::post, "/echo", [](Request& request) -> Awaitable<Response> {
        auto body = co_await read_all(*request.body, 1 << 20);
        if (!body) co_return problem_response(body.error(), request.context.request_id);
        co_return text_response(200, "application/octet-stream", std::move(*body));
    });
    add_route(router, Method::post, "/ignore", [](Request&) -> Awaitable<Response> { co_return no_content(); });
    add_route(router, Method::get, "/big", [](Request&) -> Awaitable<Response> {
        co_return json_response("\"" + std::string(100'000, 'x') + "\"");
    });
    add_route(router, Method::get, "/file/{path...}", FileOf{folder()},
              [](EndpointDescription& description) { description.cross_origin = CrossOrigin::media; });
    add_route(router, Method::get, "/blob", [](Request&) -> Awaitable<Response> {
        Response response;
        response.headers.set("Content-Type", "video/mp4");
        response.body = BlobBody{
            1000, "blob", [](std::int64_t offset, std::size_t length) -> Awaitable<Bytes> {
                co_await sleep_for(std::chrono::milliseconds(1));
                Bytes bytes;
                // Fewer than asked for, as a store may give.
                for (std::size_t i = 0; i < std::min<std::size_t>(length, 300); ++i)
                    bytes.push_back(static_cast<std::byte>('a' + (offset + static_cast<std::int64_t>(i)) % 26));
                co_return bytes;
            }};
        co_return response;
    });
    add_route(router, Method::get, "/throw/{kind}", [](Request& request) -> Awaitable<Response> {
        const auto kind = *request.head.path.find("kind");
        if (kind == "full") throw PoolFull("disk");
        if (kind == "no-space") throw NoSpace("the disk is full");
        if (kind == "outage") throw Failure("the database does not answer");
        throw std::runtime_error("a bug");
    });
    add_route(router, Method::get, "/slow/{ms}", [](Request& request) -> Awaitable<Response> {
        co_await sleep_for(std::chrono::milliseconds(to_number(*request.head.path.find("ms"), 10)));
        co_return json_response("{}");
    });
}

}  // namespace movio::http::test
