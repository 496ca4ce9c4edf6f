#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/io_threads.hpp"
#include "async/pool.hpp"
#include "http/server.hpp"
#include "support/temp_dir.hpp"

namespace movio::http::test {

// A blocking client that sends exactly the bytes it is told to.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    explicit RawClient(const std::filesystem::path& unix_path);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    struct Answer {
        int status = 0;
        Headers headers;
        std::string body;
        std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
    };

    // False when the server has closed.
    bool send(std::string_view bytes);
    // The next answer on the connection; status 0 when there is none. `to_head`: the request was HEAD.
    Answer receive(bool to_head = false);
    Answer ask(std::string_view request, bool to_head = false);
    // What comes within the time, until `enough` says so or the server closes.
    std::string receive_until(const std::function<bool(const std::string&)>& enough,
                              std::chrono::milliseconds time = std::chrono::seconds(5));
    // True when the server closes within the time without sending anything more.
    bool is_closed_within(std::chrono::milliseconds time);
    void end_writing();
    // Closes at once, dropping what was not read, which resets the connection.
    void vanish();
    void set_receive_buffer(int bytes);

private:
    bool fill(std::chrono::milliseconds time);

    int socket_ = -1;
    std::string input_;
};

// "GET /x HTTP/1.1", Host, then the given lines, each with its line end, then the empty line and the body.
std::string request_text(std::string_view method, std::string_view target, std::string_view lines = {},
                         std::string_view body = {});

template <class H>
void add_route(Router& router, Method method, std::string path, H handler,
               std::function<void(EndpointDescription&)> adjust = {}) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.body = method == Method::get ? BodyKind::none : BodyKind::stream;
    description.body_bytes_max = method == Method::get ? 0 : 1 << 20;
    if (adjust) adjust(description);
    router.add(make_raw_endpoint(std::move(description), std::move(handler)));
}

// A server on a free port with a few routes of its own:
//   GET /hello, POST /echo (its body back), POST /ignore (reads nothing), GET /big (100 KB of JSON), GET
//   /file/{path...} (below `folder`), GET /blob (1,000 bytes in pieces), GET /throw/{kind}, GET /slow/{ms}
class TestServer {
public:
    using Adjust = std::function<void(ServerOptions&, Router&)>;
    explicit TestServer(const Adjust& adjust = {}, std::vector<std::unique_ptr<Gate>> gates = default_gates());
    ~TestServer();

    Server& server() { return *server_; }
    std::uint16_t port() const { return server_->port(); }
    const std::filesystem::path& folder() const { return folder_.path(); }
    void write_file(const std::string& name, std::string_view content) const;

    static std::vector<std::unique_ptr<Gate>> default_gates();

private:
    void add_routes(Router& router);

    movio::test::TempDir folder_;
    IoThreads threads_{2};
    Pool disk_{"disk", 2, 64};
    std::unique_ptr<Server> server_;
};

}  // namespace movio::http::test
