#include "catalog/endpoints/v1_videos.hpp"

#include <charconv>
#include <map>

#include <fmt/format.h>

#include "access/endpoints/v1_refusals.hpp"
#include "catalog/endpoints/viewer_of.hpp"
#include "catalog/video_text.hpp"
#include "http/endpoint.hpp"

namespace movio::catalog {
namespace {

using http::EndpointDescription;
using http::Refusal;
using http::RequestContext;
using http::Response;

constexpr std::string_view kListPath = "/api/v1/app/stream/videos/all/";

// {"status_code":N,"video":{"detail":TEXT}}; "status" is "error" where the original has that too.
Response wrapped(std::string_view wrapper, const Refusal& refusal, bool with_status) {
    JsonWriter json;
    json.begin_object().member("status_code", refusal.status).key(wrapper).begin_object();
    if (with_status) json.member("status", "error");
    const auto& error = refusal.error;
    json.member("detail", error.message.empty() ? info(error.code).title : std::string_view(error.message));
    json.end_object().end_object();
    return http::json_response(json.take(), refusal.status);
}

Response video_shape(const Refusal& refusal, const RequestContext&) {
    if (auto common = access::v1_common_refusal(refusal)) return std::move(*common);
    return wrapped("video", refusal, refusal.error.code == ErrorCode::not_found);
}

Response videos_shape(const Refusal& refusal, const RequestContext&) {
    if (auto common = access::v1_common_refusal(refusal)) return std::move(*common);
    return wrapped("videos", refusal, false);
}

Response not_found(const EndpointDescription& endpoint, std::string message, const RequestContext& context) {
    return http::refuse(endpoint, {.error = {ErrorCode::not_found, std::move(message), {}}, .status = 404}, context);
}

EndpointDescription metadata_description() {
    EndpointDescription description;
    description.path = "/api/v1/app/stream/video-metadata/{id}/";
    description.summary = "One film with its addresses and its subtitles.";
    description.tag = "v1";
    description.parameters = {
        {"id", http::Place::path, http::ParameterType::text, {.required = true, .help = "The film's id."}}};
    description.refusal = &video_shape;
    description.refusal_schema = "V1VideoRefusal";
    description.answers = {{200, "The film.", "V1Video"}};
    description.errors = {ErrorCode::not_found};
    return description;
}

EndpointDescription list_description() {
    EndpointDescription description;
    description.path = kListPath;
    description.summary = "The films, newest first, ten on a page.";
    description.tag = "v1";
    description.parameters = {
        {"page", http::Place::query, http::ParameterType::text, {.help = "A number from 1, or \"last\"."}}};
    description.refusal = &videos_shape;
    description.refusal_schema = "V1VideoPageRefusal";
    description.answers = {{200, "A page of films.", "V1VideoPage"}};
    description.errors = {ErrorCode::not_found};
    return description;
}

struct Metadata {
    V1Films* films;
    EndpointDescription description = metadata_description();

    Awaitable<Response> operator()(http::Request& request) const {
        const auto id = VideoId::parse(request.head.path.find("id").value_or(""));
        std::shared_ptr<const std::string> film;
        if (id) film = co_await films->find(viewer_of(request.context), *id, request.context.base_url);
        if (!film) co_return not_found(description, "Video not found", request.context);
        std::string json = R"({"status_code":200,"video":{"status":"success","detail":)";
        json.reserve(json.size() + film->size() + 2);
        json += *film;
        json += "}}";
        co_return http::json_response(std::move(json));
    }
};

// As Python reads a number, in the reach of pages; kLastPage for "last".
std::optional<std::int64_t> page_number(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return 1;
    if (text == "last") return V1Films::kLastPage;
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
    return number;
}

// application/x-www-form-urlencoded, as Python's urlencode.
void append_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                           c == '.' || c == '-' || c == '~';
        if (plain)
            out += c;
        else if (c == ' ')
            out += '+';
        else
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
}

// This address with another page; the other parameters stay, sorted by name. Page 1 is said by no number.
std::string page_url(const http::Request& request, std::int64_t page) {
    std::multimap<std::string, std::string> parameters;
    for (const auto& [name, value] : request.head.query)
        if (name != "page") parameters.emplace(name, value);
    if (page > 1) parameters.emplace("page", fmt::format("{}", page));
    std::string url = request.context.base_url + std::string(kListPath);
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        url += std::exchange(separator, '&');
        append_encoded(url, name);
        url += '=';
        append_encoded(url, value);
    }
    return url;
}

struct List {
    V1Films* films;
    EndpointDescription description = list_description();

    Awaitable<Response> operator()(http::Request& request) const {
        const auto given = request.head.query.all("page");
        const auto number = page_number(given.empty() ? std::string_view("1") : given.back());
        std::shared_ptr<const V1Page> page;
        if (number) page = co_await films->list(viewer_of(request.context), *number, request.context.base_url);
        if (!page) co_return not_found(description, "Invalid page.", request.context);
        std::optional<std::string> next;
        std::optional<std::string> previous;
        if (page->number < page->pages) next = page_url(request, page->number + 1);
        if (page->number > 1) previous = page_url(request, page->number - 1);
        JsonWriter json;
        json.begin_object().member("status_code", 200).key("videos").begin_object();
        json.member("count", page->count).member("next", next).member("previous", previous);
        json.key("results").raw(page->films_json).end_object().end_object();
        co_return http::json_response(json.take());
    }
};

}  // namespace

void add_v1_video_endpoints(http::Router& router, V1Films& films) {
    router.add(http::make_raw_endpoint(metadata_description(), Metadata{&films}));
    router.add(http::make_raw_endpoint(list_description(), List{&films}));
}

}  // namespace movio::catalog
