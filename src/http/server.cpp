#include "http/server.hpp"

#include <csignal>
#include <optional>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>

#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"
#include "http/listen.hpp"
#include "http/session.hpp"

namespace movio::http {
namespace {

using Tcp = asio::ip::tcp;
using Unix = asio::local::stream_protocol;

constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

// One I/O thread's part of the server.
struct Worker {
    Worker(asio::any_io_executor where, Core& core) : executor(where), lane(core), connections(where), ticking(where) {}

    asio::any_io_executor executor;
    Lane lane;
    TaskGroup connections;
    TaskGroup ticking;
};

Awaitable<void> serve(Lane& lane, Socket socket, Peer peer) {
    Session session(lane, std::move(socket), std::move(peer));
    co_await session.run();
}

Awaitable<void> tick(Lane& lane, std::chrono::milliseconds time) {
    for (;;) {
        co_await sleep_for(time);
        const auto now = Clock::now();
        for (auto* session : lane.sessions) session->tick(now);
    }
}

Awaitable<void> begin_stop(Lane& lane) {
    lane.stopping = true;
    for (auto* session : lane.sessions) session->begin_stop();
    co_return;
}

Peer peer_of(const Tcp::socket& socket) {
    boost::system::error_code error;
    const auto address = socket.remote_endpoint(error).address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return {asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string()};
    return {address.to_string()};
}

Peer peer_of(const Unix::socket&) { return {}; }

void prepare(Tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
}

void prepare(Unix::socket&) {}

}  // namespace

struct Server::State {
    State(IoThreads& threads, ServerOptions options, Router router, Gates gates)
        : core(std::move(options), std::move(router), std::move(gates)), accepting(threads.executor(0)) {
        for (std::size_t i = 0; i < threads.size(); ++i)
            workers.push_back(std::make_unique<Worker>(threads.executor(i), core));
    }

    template <class Acceptor>
    Awaitable<void> accept(Acceptor& acceptor);

    Core core;
    std::vector<std::unique_ptr<Worker>> workers;
    TaskGroup accepting;
    std::optional<Tcp::acceptor> tcp;
    std::optional<Unix::acceptor> local;
    std::size_t turn = 0;
    std::uint16_t port = 0;
    bool running = false;
};

// One acceptor hands connections round, rather than one per thread with SO_REUSEPORT: that would let a second server
// bind the same port unnoticed, and it spreads few connections badly.
template <class Acceptor>
Awaitable<void> Server::State::accept(Acceptor& acceptor) {
    for (;;) {
        auto& worker = *workers[turn++ % workers.size()];
        boost::system::error_code error;
        auto socket = co_await acceptor.async_accept(worker.executor, asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            // Out of descriptors, most likely: let connections end first.
            log_warn("cannot accept a connection", {{"reason", error.message()}});
            co_await sleep_for(std::chrono::milliseconds(100));
            continue;
        }
        prepare(socket);
        if (core.connections >= core.options.connections_max) {
            socket.non_blocking(true, error);
            socket.send(asio::buffer(kTooMany.data(), kTooMany.size()), 0, error);
            continue;
        }
        ++core.connections;
        auto peer = peer_of(socket);
        worker.connections.spawn("connection", serve(worker.lane, Socket(std::move(socket)), std::move(peer)));
    }
}

Server::Server(IoThreads& threads, ServerOptions options, Router router, Gates gates)
    : state_(std::make_unique<State>(threads, std::move(options), std::move(router), std::move(gates))) {
    // sendfile(2) has no MSG_NOSIGNAL: a client that vanishes would end the process.
    std::signal(SIGPIPE, SIG_IGN);
}

Server::~Server() { stop(); }

void Server::start() {
    auto& state = *state_;
    const auto& options = state.core.options;
    const auto executor = state.workers.front()->executor;
    if (!options.host.empty()) {
        const int bound = options.bound_socket >= 0 ? options.bound_socket : bind_tcp(options.host, options.port);
        state.tcp = listen_tcp(executor, bound);
        state.port = state.tcp->local_endpoint().port();
    }
    if (!options.unix_path.empty()) state.local = listen_unix(executor, options.unix_path);
    state.running = true;
    for (const auto& worker : state.workers)
        worker->ticking.spawn("connection clock", tick(worker->lane, options.tick));
    if (state.tcp) state.accepting.spawn("tcp listener", state.accept(*state.tcp));
    if (state.local) state.accepting.spawn("unix listener", state.accept(*state.local));
}

std::uint16_t Server::port() const { return state_->port; }

std::size_t Server::connections() const { return state_->core.connections; }

void Server::stop() {
    auto& state = *state_;
    if (!std::exchange(state.running, false)) return;
    state.accepting.cancel_all();
    block_on(state.workers.front()->executor, state.accepting.wait());
    state.tcp.reset();
    state.local.reset();
    if (!state.core.options.unix_path.empty()) {
        std::error_code ignored;
        std::filesystem::remove(state.core.options.unix_path, ignored);
    }
    for (const auto& worker : state.workers) block_on(worker->executor, begin_stop(worker->lane));
    const auto end = Clock::now() + state.core.options.shutdown_grace;
    while (state.core.connections > 0 && Clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (state.core.connections > 0)
        log_warn("requests cut off at shutdown", {{"count", static_cast<std::int64_t>(state.core.connections)}});
    for (const auto& worker : state.workers) {
        worker->connections.cancel_all();
        worker->ticking.cancel_all();
        block_on(worker->executor, worker->connections.wait());
        block_on(worker->executor, worker->ticking.wait());
    }
}

}  // namespace movio::http
