#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/endpoint.hpp"

namespace movio::http {

// What requests with an Idempotency-Key came to, by user and key. Thread-safe.
class KeptAnswers {
public:
    virtual ~KeptAnswers() = default;

    // What is known of a key.
    enum class State {
        fresh,          // nothing; from now on it is under way
        answered,       // with `answer`
        under_way,      // the same request has not been answered yet
        other_request,  // the key stands for another one
        lost,           // the request was begun, perhaps done, and the answer is gone
    };
    struct Found {
        State state = State::fresh;
        std::shared_ptr<const Response> answer = {};
    };
    // `request` tells one request from another.
    virtual Awaitable<Found> begin(UserId user, std::string key, std::string request) = 0;
    // After `fresh`: the answer; null when nothing was done, so that the key is free again.
    virtual Awaitable<void> end(UserId user, std::string key, std::shared_ptr<const Response> answer) = 0;
};

// The key that the header field holds, a structured string (RFC 9651 §3.3.3) or, as many clients send it, its bare
// text; nullopt where it is none, or longer than 255 characters.
std::optional<std::string> idempotency_key(std::string_view field);

// Of a key that stands for another request.
inline constexpr int kOtherRequestStatus = 422;

// Whether requests to this endpoint may say an Idempotency-Key: writes of v2 by users, whose body is no stream.
bool takes_idempotency_key(const EndpointDescription& endpoint);

// Lets the endpoint answer, once for each key of a user (draft-ietf-httpapi-idempotency-key-header-07): the same
// request again gets the same answer, 409 as long as there is none; another one 422. Answers of faults and of refusals
// that time heals are not kept. Without a key, or where `kept` is null, the endpoint just answers.
Awaitable<Response> answer_once(KeptAnswers* kept, Endpoint& endpoint, Request& request);

}  // namespace movio::http
