#include "http/response.hpp"

#include "base/json.hpp"

namespace movio::http {

Response text_response(int status, std::string_view content_type, std::string text) {
    Response response;
    response.status = status;
    response.headers.set("Content-Type", content_type);
    response.body = std::move(text);
    return response;
}

Response json_response(std::string json, int status) {
    return text_response(status, "application/json", std::move(json));
}

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

Response redirect(std::string_view location, int status) {
    Response response;
    response.status = status;
    response.headers.set("Location", location);
    return response;
}

Response file_response(std::filesystem::path path, std::string_view content_type, std::string etag_stem) {
    Response response;
    response.headers.set("Content-Type", content_type);
    response.body = FileBody{std::move(path), std::move(etag_stem)};
    return response;
}

std::int64_t retry_after_s(int status) {
    if (status == 503) return 2;
    if (status == 507) return 60;
    return 0;
}

Response problem_response(const Error& error, std::string_view request_id, std::optional<int> status,
                          std::span<const FieldProblem> fields) {
    const auto& code = info(error.code);
    const int final_status = status.value_or(code.http_status);
    JsonWriter json;
    json.begin_object();
    json.member("type", "/doc/problems/" + std::string(code.text));
    json.member("title", code.title);
    json.member("status", final_status);
    json.member("detail", error.message.empty() ? code.title : std::string_view(error.message));
    json.member("instance", request_id);
    json.member("code", code.text);
    if (!fields.empty()) {
        json.key("errors").begin_array();
        for (const auto& field : fields) {
            json.begin_object();
            json.member("field", field.field).member("in", field.place).member("message", field.message);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    auto response = text_response(final_status, "application/problem+json", json.take());
    response.headers.set("Cache-Control", "no-store");
    if (const auto wait_s = retry_after_s(final_status); wait_s > 0)
        response.headers.set("Retry-After", std::to_string(wait_s));
    return response;
}

}  // namespace movio::http
