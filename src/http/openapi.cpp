#include "http/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/json.hpp"
#include "http/api_parts.hpp"
#include "http/idempotency.hpp"

namespace movio::http {
namespace {

constexpr std::string_view kSchemas = "#/components/schemas/";

std::string_view json_type(ParameterType type) {
    switch (type) {
        case ParameterType::integer: return "integer";
        case ParameterType::boolean: return "boolean";
        case ParameterType::text_list: return "array";
        case ParameterType::text:
        case ParameterType::uuid:
        case ParameterType::file: return "string";
    }
    return "string";
}

void write_bounds(JsonWriter& json, const FieldRules& rules, std::string_view min, std::string_view max) {
    if (rules.min) json.member(min, *rules.min);
    if (rules.max) json.member(max, *rules.max);
}

void write_choices(JsonWriter& json, const FieldRules& rules, bool nullable) {
    if (rules.one_of.empty()) return;
    json.key("enum").begin_array();
    for (const auto& one : rules.one_of) json.value(one);
    if (nullable) json.null();
    json.end_array();
}

// `nullable`: null stands for an absent member.
void write_schema(JsonWriter& json, const Parameter& parameter, bool nullable, bool with_help) {
    const auto& rules = parameter.rules;
    json.begin_object();
    json.key("type");
    if (nullable)
        json.begin_array().value(json_type(parameter.type)).value("null").end_array();
    else
        json.value(json_type(parameter.type));
    switch (parameter.type) {
        case ParameterType::text:
            write_bounds(json, rules, "minLength", "maxLength");
            write_choices(json, rules, nullable);
            break;
        case ParameterType::integer: write_bounds(json, rules, "minimum", "maximum"); break;
        case ParameterType::boolean: break;
        case ParameterType::uuid: json.member("format", "uuid"); break;
        case ParameterType::file: json.member("format", "binary"); break;
        case ParameterType::text_list:
            json.key("items").begin_object().member("type", "string");
            write_choices(json, rules, false);
            json.end_object();
            write_bounds(json, rules, "minItems", "maxItems");
            break;
    }
    if (with_help && !rules.help.empty()) json.member("description", rules.help);
    json.end_object();
}

void write_parameters(JsonWriter& json, const EndpointDescription& endpoint) {
    json.key("parameters").begin_array();
    for (const auto place : {Place::path, Place::query})
        for (const auto& parameter : parameters_in(endpoint, place)) {
            json.begin_object().member("name", parameter.name).member("in", to_text(place));
            json.member("required", parameter.rules.required);
            if (!parameter.rules.help.empty()) json.member("description", parameter.rules.help);
            json.key("schema");
            write_schema(json, parameter, false, false);
            json.end_object();
        }
    if (takes_idempotency_key(endpoint)) {
        json.begin_object().member("name", "Idempotency-Key").member("in", "header").member("required", false);
        json.member("description", "The same request again with the same text, within a day, is done once.");
        json.key("schema").begin_object().member("type", "string").member("minLength", 1).member("maxLength", 255);
        json.end_object().end_object();
    }
    json.end_array();
}

// One media type of a body. A JSON body takes null for what is absent, and of a JSON endpoint no other members.
void write_body_type(JsonWriter& json, std::string_view media_type, const EndpointDescription& endpoint,
                     const std::vector<Parameter>& members) {
    const bool is_json = media_type == "application/json";
    json.key(media_type).begin_object().key("schema").begin_object().member("type", "object");
    json.key("properties").begin_object();
    for (const auto& member : members) {
        json.key(member.name);
        write_schema(json, member, is_json && !member.rules.required, true);
    }
    json.end_object().key("required").begin_array();
    for (const auto& member : members)
        if (member.rules.required) json.value(member.name);
    json.end_array();
    if (endpoint.body == BodyKind::json && !members.empty()) json.member("additionalProperties", false);
    json.end_object().end_object();
}

void write_body(JsonWriter& json, const EndpointDescription& endpoint) {
    if (endpoint.body == BodyKind::none) return;
    const auto members = parameters_in(endpoint, Place::body);
    const bool is_bytes = endpoint.body == BodyKind::stream && members.empty();
    json.key("requestBody").begin_object();
    json.member("required",
                is_bytes || std::ranges::any_of(members, [](const auto& one) { return one.rules.required; }));
    json.key("content").begin_object();
    if (is_bytes) {
        json.key("application/octet-stream").begin_object().end_object();
    } else if (endpoint.body == BodyKind::stream) {
        write_body_type(json, "multipart/form-data", endpoint, members);
    } else {
        write_body_type(json, "application/json", endpoint, members);
        if (endpoint.body == BodyKind::form)
            for (const std::string_view type : {"application/x-www-form-urlencoded", "multipart/form-data"})
                write_body_type(json, type, endpoint, members);
    }
    json.end_object().end_object();
}

// What can be answered besides what the endpoint says itself: gates, reading the body, a full queue.
std::set<ErrorCode> refusals_of(const EndpointDescription& endpoint) {
    std::set<ErrorCode> codes(endpoint.errors.begin(), endpoint.errors.end());
    codes.insert({ErrorCode::unavailable, ErrorCode::uri_too_long, ErrorCode::headers_too_large});
    codes.insert(ErrorCode::unauthorized);  // a bad token is refused everywhere
    // A token for programs may lack the scope, a cookie may come from elsewhere than our own pages.
    codes.insert(ErrorCode::forbidden);
    if (endpoint.rate != RateClass::media) codes.insert(ErrorCode::rate_limited);
    if (!endpoint.parameters.empty() || endpoint.body != BodyKind::none) codes.insert(ErrorCode::invalid);
    if (takes_idempotency_key(endpoint)) codes.insert({ErrorCode::invalid, ErrorCode::conflict});
    if (endpoint.body != BodyKind::none) codes.insert({ErrorCode::too_large, ErrorCode::unsupported_type});
    if (endpoint.body == BodyKind::stream) codes.insert(ErrorCode::no_space);
    return codes;
}

void write_media_type(JsonWriter& json, std::string_view media_type, std::string_view schema) {
    json.key(media_type).begin_object();
    if (!schema.empty())
        json.key("schema").begin_object().member("$ref", std::string(kSchemas) + std::string(schema)).end_object();
    json.end_object();
}

void write_content(JsonWriter& json, std::string_view media_type, std::string_view schema) {
    json.key("content").begin_object();
    write_media_type(json, media_type, schema);
    json.end_object();
}

// All that the endpoint says of this status, one media type each.
void write_answers(JsonWriter& json, const EndpointDescription& endpoint, int status) {
    json.key("content").begin_object();
    for (const auto& answer : endpoint.answers)
        if (answer.status == status)
            write_media_type(json, answer.media_type.empty() ? "application/json" : std::string_view(answer.media_type),
                             answer.schema);
    json.end_object();
}

void write_header(JsonWriter& json, std::string_view name, std::string_view type, std::string_view help) {
    json.key(name).begin_object().member("description", help);
    json.key("schema").begin_object().member("type", type).end_object().end_object();
}

void write_refusal(JsonWriter& json, const EndpointDescription& endpoint, int status, std::string_view titles) {
    json.key(std::to_string(status)).begin_object().member("description", titles);
    if (status == 429 || status == 503 || status == 507) {
        json.key("headers").begin_object();
        write_header(json, "Retry-After", "integer", "Seconds to wait.");
        if (status == 429) {
            write_header(json, "RateLimit", "string", R"(What is left of the budget: `"login";r=0;t=6`.)");
            write_header(json, "RateLimit-Policy", "string",
                         R"(The budget, so many requests in so many seconds: `"login";q=10;w=60`.)");
        }
        json.end_object();
    }
    // What is too large to be read as a request is of no endpoint yet.
    const bool before_routing = status == info(ErrorCode::headers_too_large).http_status;
    if (before_routing || endpoint.refusal == &problem_shape)
        write_content(json, "application/problem+json", "Problem");
    else
        write_content(json, "application/json", endpoint.refusal_schema);
    json.end_object();
}

void write_responses(JsonWriter& json, const EndpointDescription& endpoint) {
    json.key("responses").begin_object();
    std::set<int> said;
    for (const auto& answer : endpoint.answers) {
        if (!said.insert(answer.status).second) continue;
        json.key(std::to_string(answer.status)).begin_object();
        json.member("description", answer.help);
        if (!answer.schema.empty() || !answer.media_type.empty()) write_answers(json, endpoint, answer.status);
        json.end_object();
    }
    std::map<int, std::string> refusals;
    for (const auto code : refusals_of(endpoint)) {
        auto& titles = refusals[info(code).http_status];
        titles += (titles.empty() ? "" : "; ") + std::string(info(code).title);
    }
    if (takes_idempotency_key(endpoint))
        refusals.try_emplace(kOtherRequestStatus, "The Idempotency-Key was sent with another request");
    for (const auto& [status, titles] : refusals)
        if (!said.contains(status)) write_refusal(json, endpoint, status, titles);
    json.end_object();
}

void write_security(JsonWriter& json, Access access) {
    json.key("security").begin_array();
    if (access == Access::everyone) json.begin_object().end_object();
    for (const std::string_view scheme : {"bearer", "session"})
        json.begin_object().key(scheme).begin_array().end_array().end_object();
    json.end_array();
}

std::string lower_method(Method method) {
    std::string out(to_text(method));
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// "get_api_v2_videos_id"
std::string operation_id(const EndpointDescription& endpoint) {
    std::string out = lower_method(endpoint.method) + "_";
    for (const char c : shown_path(endpoint.path)) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out += c;
        else if (out.back() != '_')
            out += '_';
    }
    while (out.back() == '_') out.pop_back();
    return out;
}

void write_operation(JsonWriter& json, const EndpointDescription& endpoint) {
    json.key(lower_method(endpoint.method)).begin_object();
    json.member("operationId", operation_id(endpoint)).member("summary", endpoint.summary);
    json.key("tags").begin_array().value(endpoint.tag).end_array();
    write_parameters(json, endpoint);
    write_body(json, endpoint);
    write_responses(json, endpoint);
    write_security(json, endpoint.access);
    json.end_object();
}

void write_paths(JsonWriter& json, DescribedEndpoints endpoints) {
    std::vector<std::string> paths;
    for (const auto* endpoint : endpoints) {
        auto path = shown_path(endpoint->path);
        if (!endpoint->tag.empty() && std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
    }
    json.key("paths").begin_object();
    for (const auto& path : paths) {
        json.key(path).begin_object();
        for (const auto* endpoint : endpoints)
            if (!endpoint->tag.empty() && shown_path(endpoint->path) == path) write_operation(json, *endpoint);
        json.end_object();
    }
    json.end_object();
}

// RFC 9457 as problem_response writes it.
std::string problem_schema() {
    JsonWriter json;
    const auto text = [&json](std::string_view name) {
        json.key(name).begin_object().member("type", "string").end_object();
    };
    const auto choices = [&json](std::string_view name, std::string_view before) {
        json.key(name).begin_object().member("type", "string").key("enum").begin_array();
        for (const auto& code : error_codes()) json.value(std::string(before) + std::string(code.text));
        json.end_array().end_object();
    };
    json.begin_object().member("type", "object").member("description", "Why a request was refused (RFC 9457).");
    json.key("properties").begin_object();
    choices("type", "/doc/problems/");
    text("title");
    json.key("status").begin_object().member("type", "integer").member("minimum", 400).member("maximum", 599);
    json.end_object();
    text("detail");
    text("instance");
    choices("code", "");
    json.key("errors").begin_object().member("type", "array").key("items").begin_object().member("type", "object");
    json.key("properties").begin_object();
    text("field");
    json.key("in").begin_object().member("type", "string").key("enum").begin_array();
    for (const auto place : {Place::path, Place::query, Place::body}) json.value(to_text(place));
    json.end_array().end_object();
    text("message");
    json.end_object().key("required").begin_array().value("field").value("in").value("message").end_array();
    json.end_object().end_object().end_object().key("required").begin_array();
    for (const std::string_view name : {"type", "title", "status", "detail", "instance", "code"}) json.value(name);
    json.end_array().end_object();
    return json.take();
}

void write_components(JsonWriter& json, const ApiDocument& document) {
    json.key("components").begin_object().key("schemas").begin_object();
    json.key("Problem").raw(problem_schema());
    for (const auto& [name, schema] : document.schemas) json.key(name).raw(schema);
    json.end_object().key("securitySchemes").begin_object();
    json.key("bearer").begin_object().member("type", "http").member("scheme", "bearer").member("bearerFormat", "JWT");
    json.end_object().key("session").begin_object();
    json.member("type", "apiKey").member("in", "cookie").member("name", document.session_cookie);
    json.end_object().end_object().end_object();
}

}  // namespace

std::string openapi_document(const ApiDocument& document, DescribedEndpoints endpoints) {
    JsonWriter json;
    json.begin_object().member("openapi", "3.1.0");
    json.key("info").begin_object().member("title", document.title).member("version", document.version);
    json.member("description", document.description).end_object();
    json.key("servers").begin_array().begin_object();
    json.member("url", document.base_url.empty() ? std::string_view("/") : std::string_view(document.base_url));
    json.end_object().end_array().key("tags").begin_array();
    for (const auto& [tag, _] : by_tag(endpoints)) json.begin_object().member("name", tag).end_object();
    json.end_array();
    write_paths(json, endpoints);
    write_components(json, document);
    json.end_object();
    return json.take();
}

}  // namespace movio::http
