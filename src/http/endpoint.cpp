#include "http/endpoint.hpp"

namespace movio::http {

Response problem_shape(const Refusal& refusal, const RequestContext& context) {
    return problem_response(refusal.error, context.request_id, refusal.status, refusal.fields);
}

Response refuse(const EndpointDescription& endpoint, Refusal refusal, const RequestContext& context) {
    const auto& code = info(refusal.error.code);
    if (refusal.status == 0) refusal.status = code.http_status;
    if (refusal.error.message.empty()) refusal.error.message = code.title;
    auto response = endpoint.refusal(refusal, context);
    response.headers.set("Cache-Control", "no-store");
    if (refusal.retry_after_s == 0) refusal.retry_after_s = retry_after_s(response.status);
    if (refusal.retry_after_s > 0) response.headers.set("Retry-After", std::to_string(refusal.retry_after_s));
    if (response.status == 401 && !response.headers.has("www-authenticate"))
        response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

Response refuse(const EndpointDescription& endpoint, const Error& error, const RequestContext& context) {
    return refuse(endpoint, Refusal{.error = error}, context);
}

Awaitable<Result<JsonView>> read_json(Request& request, const EndpointDescription& description) {
    auto text = co_await read_all(*request.body, description.body_bytes_max);
    if (!text) co_return std::unexpected(std::move(text.error()));
    if (text->empty()) *text = "{}";
    auto parsed = JsonView::parse(*text);
    if (!parsed) co_return fail(ErrorCode::invalid, "The body is not valid JSON.", parsed.error().message);
    co_return parsed;
}

}  // namespace movio::http
