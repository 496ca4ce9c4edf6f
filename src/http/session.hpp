#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "http/answer.hpp"
#include "http/core.hpp"
#include "http/event_queue.hpp"
#include "http/wire.hpp"
#include "http/wire_body.hpp"

namespace movio::http {

class Session;

// The connections of one I/O thread. Used on that thread alone.
struct Lane {
    explicit Lane(Core& the_core) : core(the_core) {}

    Core& core;
    std::list<Session*> sessions;
    bool stopping = false;

    // Of this second.
    std::string_view date();

private:
    std::int64_t date_second_ = 0;
    std::string date_;
};

struct Peer {
    std::string address;  // empty for a Unix-domain socket
};

// One connection: reads a request, answers it, and so on. Lives in its coroutine.
class Session {
public:
    Session(Lane& lane, Socket socket, Peer peer);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Awaitable<void> run();
    // The lane's tick.
    void tick(Clock::time_point now) { wire_.expire(now); }
    // Ends an idle connection and an event stream now; a request in flight is the connection's last.
    void begin_stop();

private:
    enum class Next { another, close, linger };

    Awaitable<Next> serve_one();
    // Length of the next head in the buffer; 0 when there is none and the answer, if one is due, has been sent.
    Awaitable<std::size_t> await_head();
    Awaitable<Next> serve(ParsedHead parsed);
    Awaitable<Answer> respond(Request& request, WireBody& body, const EndpointDescription*& endpoint);
    Awaitable<Response> route(Request& request, WireBody& body, const EndpointDescription*& endpoint);
    Awaitable<void> refuse(const HeadRefusal& refusal);
    // False when the answer did not go out whole.
    Awaitable<bool> send(const RequestHead& head, Answer answer, bool keep_alive);
    Awaitable<bool> send_file(const FilePart& part);
    Awaitable<bool> send_blob(const RequestHead& head, const BlobPart& part);
    Awaitable<bool> send_pulled(const RequestHead& head, const PulledBody& body);
    Awaitable<void> linger();
    void count_received();
    void complete(RequestHead& head) const;
    RequestContext context_of(const RequestHead& head) const;
    std::string loggable_path(const RequestHead& head) const;
    void account(const Request& request, const EndpointDescription* endpoint, int status, std::int64_t bytes,
                 Clock::time_point began, bool whole) const;

    Lane& lane_;
    const ServerOptions& options_;
    Wire wire_;
    Peer peer_;
    std::list<Session*>::iterator self_;
    bool idle_ = true;
    int requests_ = 0;
    std::int64_t bytes_counted_ = 0;   // of those read, in the figures
    std::int64_t read_at_answer_ = 0;  // bytes of the connection, when the last answer was made
    EventQueue* events_ = nullptr;
};

}  // namespace movio::http
