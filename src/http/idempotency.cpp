#include "http/idempotency.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "base/digest.hpp"

namespace movio::http {
namespace {

constexpr std::size_t kKeyCharactersMax = 255;

// A body that was read already.
class WholeBody final : public BodyReader {
public:
    explicit WholeBody(std::string text) : text_(std::move(text)) {}
    Awaitable<Result<ByteView>> read() override {
        if (given_) co_return ByteView();
        given_ = true;
        bytes_read_ = static_cast<std::int64_t>(text_.size());
        co_return as_bytes(text_);
    }

private:
    std::string text_;
    bool given_ = false;
};

void add_part(Sha256& digest, std::string_view part) {
    digest.update(as_bytes(fmt::format("{}:", part.size())));
    digest.update(as_bytes(part));
}

std::string fingerprint_of(const RequestHead& head, std::string_view body) {
    Sha256 digest;
    add_part(digest, to_text(head.method));
    add_part(digest, head.target);
    for (const auto& [name, value] : head.query) {
        add_part(digest, name);
        add_part(digest, value);
    }
    add_part(digest, head.content_type());
    add_part(digest, body);
    return digest.finish_hex();
}

Response refused(const Endpoint& endpoint, const RequestContext& context, ErrorCode code, std::string message,
                 int status = 0) {
    return refuse(endpoint.description(), {.error = {code, std::move(message), {}}, .status = status}, context);
}

// What is the same whenever it is asked for again.
bool is_final(const Response& response) {
    const bool time_heals = response.status == 408 || response.status == 429 || response.status >= 500;
    return !time_heals && (std::holds_alternative<std::string>(response.body) ||
                           std::holds_alternative<std::monostate>(response.body));
}

Response answer_known(const Endpoint& endpoint, const RequestContext& context, const KeptAnswers::Found& found) {
    using State = KeptAnswers::State;
    switch (found.state) {
        case State::answered: return *found.answer;
        case State::other_request:
            return refused(endpoint, context, ErrorCode::invalid,
                           "This Idempotency-Key was sent with another request; each request needs one of its own.",
                           kOtherRequestStatus);
        case State::under_way:
            return refused(endpoint, context, ErrorCode::conflict,
                           "The request with this Idempotency-Key is still under way; ask again in a moment.");
        case State::fresh:
        case State::lost: break;
    }
    return refused(endpoint, context, ErrorCode::conflict,
                   "The request with this Idempotency-Key was begun before and its answer is not kept. See what it "
                   "did; to do it anew, send another key.");
}

}  // namespace

std::optional<std::string> idempotency_key(std::string_view field) {
    const bool quoted = field.size() >= 2 && field.starts_with('"') && field.ends_with('"');
    const auto text = quoted ? field.substr(1, field.size() - 2) : field;
    std::string key;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = quoted && text[i] == '\\';
        if (escaped) ++i;
        if (i >= text.size() || text[i] < 0x20 || text[i] > 0x7e) return std::nullopt;
        if (text[i] == '"' && !escaped) return std::nullopt;
        if (escaped && text[i] != '"' && text[i] != '\\') return std::nullopt;
        key += text[i];
    }
    return key.empty() || key.size() > kKeyCharactersMax ? std::nullopt : std::optional(std::move(key));
}

bool takes_idempotency_key(const EndpointDescription& endpoint) {
    const bool writes =
        endpoint.method == Method::post || endpoint.method == Method::patch || endpoint.method == Method::del;
    return writes && endpoint.access != Access::everyone && endpoint.body != BodyKind::stream &&
           endpoint.path.starts_with("/api/v2/");
}

Awaitable<Response> answer_once(KeptAnswers* kept, Endpoint& endpoint, Request& request) {
    const auto& context = request.context;
    const auto field = request.head.headers.find("idempotency-key");
    if (kept == nullptr || !field || !context.caller || !takes_idempotency_key(endpoint.description()))
        co_return co_await endpoint.handle(request);
    const auto key = request.head.headers.count("idempotency-key") == 1 ? idempotency_key(*field) : std::nullopt;
    if (!key)
        co_return refused(endpoint, context, ErrorCode::invalid,
                          "The Idempotency-Key must be one text of 1 to 255 printable characters, such as a UUID.");
    auto body = co_await read_all(*request.body, endpoint.description().body_bytes_max);
    if (!body) co_return refuse(endpoint.description(), body.error(), context);
    const auto user = context.caller->user;
    const auto found = co_await kept->begin(user, *key, fingerprint_of(request.head, *body));
    if (found.state != KeptAnswers::State::fresh) co_return answer_known(endpoint, context, found);

    WholeBody whole(std::move(*body));
    auto* const line = std::exchange(request.body, &whole);
    std::shared_ptr<Response> answer;
    std::exception_ptr failure;
    try {
        answer = std::make_shared<Response>(co_await endpoint.handle(request));
    } catch (...) {
        failure = std::current_exception();
    }
    request.body = line;
    const bool keeps = answer && is_final(*answer);
    co_await kept->end(user, *key, keeps ? answer : nullptr);
    if (failure) std::rethrow_exception(failure);
    co_return *answer;
}

}  // namespace movio::http
