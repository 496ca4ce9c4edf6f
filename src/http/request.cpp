#include "http/request.hpp"

#include <algorithm>
#include <array>

namespace movio::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods{{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::patch, "PATCH"},
    {Method::del, "DELETE"},
    {Method::options, "OPTIONS"},
}};

}  // namespace

std::string_view to_text(Method method) {
    const auto* found = std::ranges::find(kMethods, method, &std::pair<Method, std::string_view>::first);
    return found == kMethods.end() ? "OTHER" : found->second;
}

Method method_from_text(std::string_view text) {
    const auto* found = std::ranges::find(kMethods, text, &std::pair<Method, std::string_view>::second);
    return found == kMethods.end() ? Method::other : found->first;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
    const auto found = std::ranges::find(items_, name, &std::pair<std::string, std::string>::first);
    return found == items_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const auto& [key, value] : items_)
        if (key == name) out.emplace_back(value);
    return out;
}

std::string RequestHead::content_type() const {
    const auto field = headers.find("content-type").value_or("");
    std::string out(field.substr(0, field.find(';')));
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

Awaitable<Result<std::string>> read_all(BodyReader& body, std::int64_t bytes_max) {
    std::string out;
    for (;;) {
        const auto piece = co_await body.read();
        if (!piece) co_return std::unexpected(piece.error());
        if (piece->empty()) co_return out;
        if (static_cast<std::int64_t>(out.size() + piece->size()) > bytes_max)
            co_return fail(ErrorCode::too_large, "The body is longer than " + std::to_string(bytes_max) + " bytes.");
        out += as_text(*piece);
    }
}

}  // namespace movio::http
