#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/asio.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "http/headers.hpp"

namespace movio::http {

enum class Method { get, head, post, put, patch, del, options, other };

std::string_view to_text(Method method);
// Exact, upper case; anything unknown is `other`.
Method method_from_text(std::string_view text);

// Names and values in the order they were given, decoded. A name may repeat.
class Parameters {
public:
    void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
    std::optional<std::string_view> find(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool empty() const { return items_.empty(); }
    auto begin() const { return items_.begin(); }
    auto end() const { return items_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> items_;
};

// Everything that is known before a byte of the body is read. All text is valid UTF-8 and bounded by
// limits::kHeaderBytesMax.
struct RequestHead {
    Method method = Method::get;
    std::string target;                 // as sent, without the query
    std::vector<std::string> segments;  // of the path, decoded; "/a/" is {"a", ""}; never "." or ".."
    Parameters path;                    // named by the route's template, filled by the router
    Parameters query;
    Headers headers;
    std::string remote_address;  // of the client, through proxies that the settings trust
    std::string scheme = "http";
    std::string host;        // with port, as the client named us
    std::string request_id;  // a valid X-Request-Id, else made here
    std::optional<std::int64_t> content_length;
    bool chunked = false;
    bool expects_continue = false;
    bool keep_alive = true;
    bool takes_chunks = true;  // false: HTTP/1.0

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
    // In lower case and without parameters; empty when there is none.
    std::string content_type() const;
};

// Who asks, as the token gate found out.
struct Caller {
    UserId user;
    bool admin = false;
    bool may_upload = true;
    bool moderator = false;            // decides on films of others, as admins do
    Uuid session = {};                 // nil: of none that could be ended alone
    bool program = false;              // by a token for programs
    std::string token = {};            // names that token; empty: by a log-in
    std::string_view role = "viewer";  // a text that lives as long as the program
};

// What the gates learned and what the answer shall carry. One per request.
struct RequestContext {
    std::string request_id;
    std::string remote_address;
    std::string scheme = "http";
    std::string base_url;          // "https://films.example": the setting public_url, else scheme and Host
    std::optional<Caller> caller;  // nullopt: nobody is logged in
    // Whether `caller` is still let in, with the rights of then, for an answer that goes on for long. Empty where
    // nobody is logged in. To be called while the server lives, also when the request is answered.
    std::function<Awaitable<bool>()> caller_counts;
    Headers answer_headers;  // added to whatever the answer is
};

// The body as it arrives. One read at a time, from the request's own coroutine.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    // The next bytes, valid until the next read; empty at the end. The first read answers `Expect: 100-continue`.
    // Errors, all final: too_large (more than the endpoint allows), invalid (malformed chunk), timeout (too little
    // came in limits::kBodyIdleTimeout), cancelled (the client left).
    virtual Awaitable<Result<ByteView>> read() = 0;
    std::int64_t bytes_read() const { return bytes_read_; }
    // Whether the client has closed the connection, or its side of it: nobody takes the answer. For what makes a client
    // wait; costs a system call.
    virtual bool client_left() { return false; }

protected:
    std::int64_t bytes_read_ = 0;
};

// The whole body; more than `bytes_max` is too_large.
Awaitable<Result<std::string>> read_all(BodyReader& body, std::int64_t bytes_max);

struct Request {
    RequestHead head;
    RequestContext context;
    BodyReader* body = nullptr;  // never null inside an endpoint
};

}  // namespace movio::http
