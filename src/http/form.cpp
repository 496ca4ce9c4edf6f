#include <algorithm>
#include <map>

#include "base/limits.hpp"
#include "http/endpoint.hpp"
#include "http/multipart.hpp"
#include "http/target.hpp"

namespace movio::http {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data";

std::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid, std::move(message)); }

// The words of the original, whose clients may know them, are those of Django REST framework.
std::string_view python_name(const JsonView& value) {
    if (value.is_null()) return "NoneType";
    if (value.is_array()) return "list";
    if (value.text()) return "str";
    if (value.boolean()) return "bool";
    return value.integer() ? "int" : "float";
}

Result<JsonView> parse_json(std::string_view text) {
    auto parsed = JsonView::parse(text.empty() ? "{}" : text);
    if (!parsed) return bad("JSON parse error - " + parsed.error().message);
    if (!parsed->is_object())
        return bad("Invalid data. Expected a dictionary, but got " + std::string(python_name(*parsed)) + ".");
    return parsed;
}

using Fields = std::map<std::string, std::string, std::less<>>;

Result<JsonView> to_object(const Fields& fields) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [name, value] : fields) json.member(name, value);
    json.end_object();
    return JsonView::parse(json.take());
}

std::unexpected<Error> too_many_fields() {
    return bad("The form has more than " + std::to_string(limits::kFormFieldsMax) + " fields.");
}

Result<JsonView> parse_url_encoded(std::string_view text) {
    Fields fields;
    for (std::size_t count = 0; !text.empty();) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) continue;
        if (++count > limits::kFormFieldsMax) return too_many_fields();
        const auto name = pair.substr(0, pair.find('='));
        fields.insert_or_assign(form_decode(name), form_decode(pair.substr(std::min(pair.size(), name.size() + 1))));
    }
    return to_object(fields);
}

std::unexpected<Error> bad_multipart(Error error) {
    if (error.code == ErrorCode::invalid) error.message = "Multipart form parse error - " + error.message;
    return std::unexpected(std::move(error));
}

Awaitable<Result<JsonView>> read_multipart(Request& request, std::int64_t bytes_max) {
    const auto boundary = MultipartReader::boundary_of(request.head.headers.find("content-type").value_or(""));
    if (!boundary) co_return bad_multipart({ErrorCode::invalid, "Content-Type names no valid boundary.", {}});
    MultipartReader reader(*request.body, *boundary);
    Fields fields;
    for (;;) {
        auto part = co_await reader.next();
        if (!part) co_return bad_multipart(std::move(part.error()));
        if (!*part) co_return to_object(fields);
        if ((*part)->filename) continue;
        auto text = co_await reader.read_text(static_cast<std::size_t>(bytes_max));
        if (!text) co_return bad_multipart(std::move(text.error()));
        fields.insert_or_assign(std::move((*part)->name), std::move(*text));
    }
}

}  // namespace

bool is_form_type(std::string_view content_type) {
    return content_type == kJson || content_type == kUrlEncoded || content_type == kMultipart;
}

Error unsupported_form_type(const RequestHead& head) {
    const auto type = head.headers.find("content-type").value_or("");
    return {ErrorCode::unsupported_type, "Unsupported media type \"" + std::string(type) + "\" in request.", {}};
}

Awaitable<Result<JsonView>> read_form(Request& request, const EndpointDescription& description) {
    if (!request.head.has_body()) co_return to_object({});
    const auto type = request.head.content_type();
    if (!is_form_type(type)) co_return std::unexpected(unsupported_form_type(request.head));
    if (type == kMultipart) co_return co_await read_multipart(request, description.body_bytes_max);
    const auto text = co_await read_all(*request.body, description.body_bytes_max);
    if (!text) co_return std::unexpected(text.error());
    co_return type == kJson ? parse_json(*text) : parse_url_encoded(*text);
}

}  // namespace movio::http
