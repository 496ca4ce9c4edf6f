#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "async/io_threads.hpp"
#include "async/pool.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "http/gates.hpp"
#include "http/idempotency.hpp"
#include "http/router.hpp"

namespace movio::http {

struct ServerOptions {
    std::string host = "127.0.0.1";                 // an address, or "localhost"; empty: no TCP listener
    std::uint16_t port = 0;                         // 0: any free one, see Server::port
    int bound_socket = -1;                          // of bind_tcp, instead of host and port
    std::filesystem::path unix_path = {};           // empty: no Unix-domain listener; else a socket of mode 0600
    std::string public_url = {};                    // "https://films.example"; empty: what the client called us
    std::vector<std::string> trusted_proxies = {};  // addresses whose X-Forwarded-For and -Proto are believed
    std::vector<std::string> proxy_headers = {};    // fields of theirs; dropped from requests of anybody else
    std::vector<std::string> api_origins = {};      // whose pages may use the API, with cookies; "*": all, without
    std::size_t connections_max = limits::kConnectionsMax;
    std::chrono::milliseconds header_timeout = limits::kHeaderTimeout;
    // A client must send `body_bytes_min` of a body, or the rest of it, in each such time, or it is cut off.
    std::chrono::milliseconds body_idle_timeout = limits::kBodyIdleTimeout;
    std::int64_t body_bytes_min = 4 << 10;
    std::chrono::milliseconds keep_alive_timeout = limits::kKeepAliveTimeout;
    // A client must take at least `write_bytes_min` in each such time, or it is cut off.
    std::chrono::milliseconds write_timeout{30'000};
    std::int64_t write_bytes_min = 64 << 10;
    std::chrono::milliseconds shutdown_grace = limits::kShutdownGrace;
    std::chrono::milliseconds tick{500};  // how exactly the times above are kept
    LogLevel access_log = LogLevel::debug;
    KeptAnswers* kept_answers = nullptr;  // of requests with an Idempotency-Key; null: they are as others
    Pool* disk = nullptr;                 // opens and reads files that are not in memory; null: on the I/O thread
};

// HTTP/1.1 over TCP and Unix-domain sockets (RFC 9110, 9112). A connection stays on one of the I/O threads; new ones go
// round. Every answer has `X-Request-Id`. Answers of endpoints are compressed, ranged and cut to 304 here.
class Server {
public:
    // `threads` must outlive the server.
    Server(IoThreads& threads, ServerOptions options, Router router, Gates gates);
    // Stops, if that has not been done.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds and listens; throws Failure that names the address when it cannot.
    void start();
    // Of the TCP listener, after start.
    std::uint16_t port() const;
    std::size_t connections() const;
    // Accepts no more, lets requests in flight end for `shutdown_grace`, then cuts them off. Blocks; not to be called
    // on an I/O thread.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace movio::http
