#include "http/session.hpp"

#include <algorithm>
#include <exception>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "http/cross_origin.hpp"
#include "http/forwarded.hpp"
#include "http/idempotency.hpp"

namespace movio::http {
namespace {

// After so many requests without a pause a pipelining client lets the others of its thread go first.
constexpr int kRequestsPerTurn = 16;
constexpr std::chrono::milliseconds kLingerTime{2000};
// Of a body, once it is answered: what is on its way already, not the rest of a film.
constexpr std::int64_t kReadAfterAnswerMax = 1 << 20;

// In the endpoint's own shape where one is known.
Response failed(ErrorCode code, std::string message, const RequestContext& context,
                const EndpointDescription* endpoint) {
    static const EndpointDescription kNone;
    return refuse(endpoint != nullptr ? *endpoint : kNone, Error{code, std::move(message), {}}, context);
}

// What became of a request that ended by an exception. Cancellation goes on: its connection is being closed.
Response failure_response(const std::exception_ptr& error, const RequestContext& context,
                          const EndpointDescription* endpoint) {
    auto code = ErrorCode::internal;
    std::string reason;
    try {
        std::rethrow_exception(error);
    } catch (const PoolFull& full) {
        log_warn("request refused", {{"request_id", context.request_id}, {"reason", std::string(full.what())}});
        return failed(ErrorCode::unavailable, "The server is busy. Try again in a moment.", context, endpoint);
    } catch (const boost::system::system_error& failure) {
        if (failure.code() == asio::error::operation_aborted) throw;
        reason = failure.what();
    } catch (const NoSpace& failure) {
        code = ErrorCode::no_space;
        reason = failure.what();
    } catch (const Failure& failure) {
        code = ErrorCode::unavailable;
        reason = failure.what();
    } catch (const std::exception& bug) {
        reason = bug.what();
    }
    log_error("request failed", {{"request_id", context.request_id},
                                 {"route", endpoint != nullptr ? endpoint->path : std::string("none")},
                                 {"reason", reason}});
    return failed(code, {}, context, endpoint);
}

}  // namespace

std::string_view Lane::date() {
    const auto now = wall_now_us();
    if (now / 1'000'000 != date_second_) {
        date_second_ = now / 1'000'000;
        date_ = http_date(now);
    }
    return date_;
}

Session::Session(Lane& lane, Socket socket, Peer peer)
    : lane_(lane),
      options_(lane.core.options),
      wire_(std::move(socket), {options_.write_timeout, options_.write_bytes_min}),
      peer_(std::move(peer)),
      self_(lane.sessions.insert(lane.sessions.end(), this)) {
    lane_.core.connections_gauge.add(1);
}

Session::~Session() {
    count_received();
    lane_.sessions.erase(self_);
    lane_.core.connections_gauge.add(-1);
    --lane_.core.connections;
}

void Session::begin_stop() {
    if (idle_) wire_.cut();
    if (events_ != nullptr) events_->close();
}

void Session::count_received() {
    lane_.core.received_bytes.add(wire_.bytes_read() - std::exchange(bytes_counted_, wire_.bytes_read()));
}

Awaitable<void> Session::run() {
    auto next = Next::another;
    while (next == Next::another && !lane_.stopping) {
        next = co_await serve_one();
        if (next == Next::another && ++requests_ % kRequestsPerTurn == 0)
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    if (next == Next::linger) co_await linger();
    wire_.close();
}

Awaitable<Session::Next> Session::serve_one() {
    const auto length = co_await await_head();
    if (length == 0) co_return Next::close;
    auto parsed = parse_head(wire_.buffered().substr(0, length));
    wire_.consume(length);
    if (!parsed) {
        co_await refuse(parsed.error());
        co_return Next::linger;
    }
    co_return co_await serve(std::move(*parsed));
}

Awaitable<std::size_t> Session::await_head() {
    idle_ = true;
    wire_.release_buffer();
    wire_.allow_reading(requests_ == 0 ? options_.header_timeout : options_.keep_alive_timeout);
    for (;;) {
        // Empty lines before a request are skipped (RFC 9112 §2.2).
        while (wire_.buffered().starts_with("\r\n")) wire_.consume(2);
        if (!wire_.buffered().empty()) {
            if (std::exchange(idle_, false)) wire_.allow_reading(options_.header_timeout);
            if (const auto length = head_length(wire_.buffered())) co_return *length;
            if (wire_.buffer_full()) {
                co_await refuse({431, ErrorCode::headers_too_large, "The header fields are too large."});
                co_await linger();
                co_return 0;
            }
        }
        if (co_await wire_.fill()) continue;
        if (wire_.expired() && !idle_) {
            // The line is cut for reading, so only a small answer that needs no waiting goes out.
            wire_.restore();
            co_await refuse({408, ErrorCode::timeout, "The header fields did not come in time."});
        }
        co_return 0;
    }
}

Awaitable<void> Session::refuse(const HeadRefusal& refusal) {
    read_at_answer_ = wire_.bytes_read();
    RequestHead head;
    head.method = Method::other;
    head.request_id = Uuid::make().text();
    auto response = problem_response({refusal.code, refusal.message, {}}, head.request_id, refusal.status);
    const auto began = Clock::now();
    const auto before = wire_.bytes_written();
    const bool whole = co_await send(head, co_await make_answer(head, std::move(response), nullptr), false);
    Request request;
    request.context = context_of(head);
    request.head = std::move(head);
    account(request, nullptr, refusal.status, wire_.bytes_written() - before, began, whole);
}

void Session::complete(RequestHead& head) const {
    const auto given = head.headers.find("x-request-id");
    head.request_id = given && is_valid_request_id(*given) ? std::string(*given) : Uuid::make().text();
    head.remote_address = peer_.address;
    const auto& proxies = options_.trusted_proxies;
    if (std::ranges::find(proxies, peer_.address) == proxies.end()) {
        for (const auto& name : options_.proxy_headers) head.headers.remove(name);
        return;
    }
    head.remote_address = client_address(head.headers.joined("x-forwarded-for"), peer_.address, proxies);
    if (const auto scheme = head.headers.find("x-forwarded-proto"); scheme && (*scheme == "https" || *scheme == "http"))
        head.scheme = *scheme;
}

RequestContext Session::context_of(const RequestHead& head) const {
    RequestContext context;
    context.request_id = head.request_id;
    context.remote_address = head.remote_address;
    context.scheme = head.scheme;
    context.base_url = options_.public_url.empty() ? head.scheme + "://" + head.host : options_.public_url;
    return context;
}

Awaitable<Session::Next> Session::serve(ParsedHead parsed) {
    const auto began = Clock::now();
    const auto before = wire_.bytes_written();
    Request request;
    request.head = std::move(parsed.head);
    complete(request.head);
    request.context = context_of(request.head);
    WireBody body(wire_, request.head, std::move(parsed.chunks), {options_.body_idle_timeout, options_.body_bytes_min});
    request.body = &body;

    const EndpointDescription* endpoint = nullptr;
    auto answer = co_await respond(request, body, endpoint);
    const auto cross_origin = endpoint != nullptr ? endpoint->cross_origin : CrossOrigin::none;
    for (const auto& field : request.context.answer_headers) answer.headers.set(field.name, field.value);
    allow_origin(answer.headers, request.head.headers, cross_origin, options_.api_origins);

    wire_.restore();
    read_at_answer_ = wire_.bytes_read();
    const bool keep_alive = request.head.keep_alive && !lane_.stopping && answer.length && body.can_be_discarded();
    const int status = answer.status;
    const bool whole = co_await send(request.head, std::move(answer), keep_alive);
    account(request, endpoint, status, wire_.bytes_written() - before, began, whole);
    count_received();
    if (!whole) co_return Next::close;
    if (keep_alive && co_await body.discard()) co_return Next::another;
    co_return body.is_at_end() ? Next::close : Next::linger;
}

Awaitable<Answer> Session::respond(Request& request, WireBody& body, const EndpointDescription*& endpoint) {
    Response response;
    try {
        response = co_await route(request, body, endpoint);
        // The endpoint knows that the body stalled, not that this is the client's fault (RFC 9110 §15.5.9).
        if (wire_.expired() && endpoint != nullptr && response.status == info(ErrorCode::timeout).http_status)
            response = http::refuse(
                *endpoint,
                {.error = {ErrorCode::timeout, "The rest of the body did not come in time.", {}}, .status = 408},
                request.context);
        if (auto* stream = std::get_if<EventStream>(&response.body))
            stream->caller_counts = request.context.caller_counts;
        co_return co_await make_answer(request.head, std::move(response), options_.disk);
    } catch (...) {
        response = failure_response(std::current_exception(), request.context, endpoint);
    }
    co_return co_await make_answer(request.head, std::move(response), nullptr);
}

Awaitable<Response> Session::route(Request& request, WireBody& body, const EndpointDescription*& endpoint) {
    // Also where an endpoint has taken OPTIONS for itself: a preflight is the browser's question, not the client's.
    if (request.head.method == Method::options && request.head.headers.has("access-control-request-method")) {
        const auto known = lane_.core.router.methods_at(request.head.segments);
        if (!known.endpoints.empty()) co_return options_response(request.head, known, options_.api_origins);
    }
    const auto found = lane_.core.router.find(request.head.method, request.head.segments);
    if (std::holds_alternative<Router::NotFound>(found))
        co_return failed(ErrorCode::not_found, "There is nothing at this address.", request.context, nullptr);
    if (const auto* others = std::get_if<Router::OtherMethods>(&found)) {
        if (request.head.method == Method::options)
            co_return options_response(request.head, *others, options_.api_origins);
        auto response = failed(ErrorCode::method_not_allowed, "This address takes " + others->allow + ".",
                               request.context, &others->endpoints.front()->description());
        response.headers.set("Allow", others->allow);
        co_return response;
    }
    const auto& match = std::get<Router::Found>(found);
    endpoint = &match.endpoint->description();
    request.head.path = match.path;
    auto refusal = co_await lane_.core.gates.check(request.head, *endpoint, request.context);
    if (refusal) co_return std::move(*refusal);
    body.set_limit(endpoint->body_bytes_max);
    co_return co_await answer_once(options_.kept_answers, *match.endpoint, request);
}

Awaitable<void> Session::linger() {
    count_received();
    wire_.end_writing();
    wire_.allow_reading(kLingerTime);
    // Closing with unread bytes would reset the connection, and the client would lose the answer (RFC 9112 §9.6).
    wire_.drop_buffer();
    std::string dropped(64 << 10, '\0');
    const auto end = Clock::now() + kLingerTime;
    while (Clock::now() < end) {
        const auto left = kReadAfterAnswerMax - (wire_.bytes_read() - read_at_answer_);
        if (left <= 0) break;
        const auto room = std::min(dropped.size(), static_cast<std::size_t>(left));
        if (co_await wire_.read_some(std::span(dropped).first(room)) == 0) co_return;
    }
    // A client that sends on without listening gets the rest of the time to notice the answer.
    co_await wire_.hold();
}

}  // namespace movio::http
