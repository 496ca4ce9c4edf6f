#include <algorithm>

#include "base/json.hpp"
#include "http/api_parts.hpp"
#include "http/openapi.hpp"

namespace movio::http {
namespace {

constexpr std::string_view kCollectionSchema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

// A value to begin with, as text.
std::string example_of(const Parameter& parameter) {
    if (!parameter.rules.one_of.empty()) return parameter.rules.one_of.front();
    if (parameter.type == ParameterType::boolean) return "false";
    if (parameter.type != ParameterType::integer) return "";
    return std::to_string(std::max<std::int64_t>(parameter.rules.min.value_or(0), 0));
}

void write_json_example(JsonWriter& json, const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::integer:
        case ParameterType::boolean: json.raw(example_of(parameter)); break;
        case ParameterType::text_list: json.begin_array().end_array(); break;
        case ParameterType::text:
        case ParameterType::uuid:
        case ParameterType::file: json.value(example_of(parameter)); break;
    }
}

void write_variables(JsonWriter& json, std::string_view name, const std::vector<Parameter>& parameters) {
    if (parameters.empty()) return;
    json.key(name).begin_array();
    for (const auto& parameter : parameters) {
        json.begin_object().member("key", parameter.name).member("value", example_of(parameter));
        json.member("description", parameter.rules.help);
        if (!parameter.rules.required) json.member("disabled", true);
        json.end_object();
    }
    json.end_array();
}

// Parts of the path as Postman writes them, `:id` for `{id}`; a last '/' is an empty one.
std::vector<std::string> path_parts(const EndpointDescription& endpoint) {
    std::vector<std::string> out;
    auto rest = shown_path(endpoint.path);
    while (!rest.empty()) {
        rest.erase(0, 1);
        auto part = rest.substr(0, rest.find('/'));
        rest.erase(0, part.size());
        if (part.starts_with('{')) part = ":" + part.substr(1, part.size() - 2);
        out.push_back(std::move(part));
    }
    return out;
}

void write_url(JsonWriter& json, const EndpointDescription& endpoint) {
    const auto query = parameters_in(endpoint, Place::query);
    std::string raw = "{{base_url}}";
    for (const auto& part : path_parts(endpoint)) raw += "/" + part;
    char mark = '?';
    for (const auto& parameter : query)
        if (parameter.rules.required) raw += std::exchange(mark, '&') + parameter.name + "=" + example_of(parameter);
    json.key("url").begin_object().member("raw", raw);
    json.key("host").begin_array().value("{{base_url}}").end_array().key("path").begin_array();
    for (const auto& part : path_parts(endpoint)) json.value(part);
    json.end_array();
    write_variables(json, "query", query);
    write_variables(json, "variable", parameters_in(endpoint, Place::path));
    json.end_object();
}

void write_form(JsonWriter& json, const std::vector<Parameter>& members) {
    json.member("mode", "formdata").key("formdata").begin_array();
    for (const auto& member : members) {
        const bool is_file = member.type == ParameterType::file;
        json.begin_object().member("key", member.name).member("type", is_file ? "file" : "text");
        if (is_file)
            json.key("src").null();
        else
            json.member("value", example_of(member));
        json.member("description", member.rules.help).end_object();
    }
    json.end_array();
}

std::string json_example(const std::vector<Parameter>& members) {
    std::string out = "{";
    for (const auto& member : members) {
        JsonWriter value;
        write_json_example(value, member);
        out += (out.size() > 1 ? ",\n    \"" : "\n    \"") + member.name + "\": " + value.take();
    }
    return out + (members.empty() ? "}" : "\n}");
}

void write_body(JsonWriter& json, const EndpointDescription& endpoint) {
    const auto members = parameters_in(endpoint, Place::body);
    const bool is_text = endpoint.body == BodyKind::json || endpoint.body == BodyKind::form;
    json.key("header").begin_array();
    if (is_text) json.begin_object().member("key", "Content-Type").member("value", "application/json").end_object();
    json.end_array();
    if (endpoint.body == BodyKind::none) return;
    json.key("body").begin_object();
    if (is_text) {
        json.member("mode", "raw").member("raw", json_example(members));
        json.key("options").begin_object().key("raw").begin_object().member("language", "json");
        json.end_object().end_object();
    } else if (members.empty()) {
        json.member("mode", "file").key("file").begin_object().end_object();
    } else {
        write_form(json, members);
    }
    json.end_object();
}

void write_request(JsonWriter& json, const EndpointDescription& endpoint) {
    json.begin_object().member("name", endpoint.summary).key("request").begin_object();
    json.member("method", to_text(endpoint.method));
    if (endpoint.access == Access::everyone) json.key("auth").begin_object().member("type", "noauth").end_object();
    write_body(json, endpoint);
    write_url(json, endpoint);
    json.end_object().key("response").begin_array().end_array().end_object();
}

}  // namespace

std::string postman_collection(const ApiDocument& document, DescribedEndpoints endpoints) {
    JsonWriter json;
    json.begin_object().key("info").begin_object().member("name", document.title);
    json.member("version", document.version).member("description", document.description);
    json.member("schema", kCollectionSchema).end_object();
    json.key("item").begin_array();
    for (const auto& [tag, members] : by_tag(endpoints)) {
        json.begin_object().member("name", tag).key("item").begin_array();
        for (const auto* endpoint : members) write_request(json, *endpoint);
        json.end_array().end_object();
    }
    json.end_array().key("auth").begin_object().member("type", "bearer").key("bearer").begin_array().begin_object();
    json.member("key", "token").member("value", "{{access_token}}").member("type", "string");
    json.end_object().end_array().end_object().key("variable").begin_array();
    json.begin_object().member("key", "base_url").member("value", document.base_url).end_object();
    json.begin_object().member("key", "access_token").member("value", "").end_object();
    json.end_array().end_object();
    return json.take();
}

}  // namespace movio::http
