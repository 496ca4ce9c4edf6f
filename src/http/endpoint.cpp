#include "http/endpoint.hpp"

namespace movio::http {

Awaitable<Result<JsonView>> read_json(Request& request, const EndpointDescription& description) {
    auto text = co_await read_all(*request.body, description.body_bytes_max);
    if (!text) co_return std::unexpected(std::move(text.error()));
    if (text->empty()) *text = "{}";
    auto parsed = JsonView::parse(*text);
    if (!parsed) co_return fail(ErrorCode::invalid, "The body is not valid JSON.", parsed.error().message);
    co_return parsed;
}

}  // namespace movio::http
