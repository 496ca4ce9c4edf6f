#pragma once
#include <map>
#include <span>
#include <string>

#include "http/endpoint.hpp"

namespace movio::http {

struct ApiDocument {
    std::string title;
    std::string version;
    std::string description;
    std::string base_url = {};             // where the API is, without a last '/'; empty: where the document came from
    std::string session_cookie = "movio";  // its name
    // JSON Schema (2020-12) texts by name, which AnswerShape::schema and other schemas refer to
    // ("#/components/schemas/Video").
    std::map<std::string, std::string> schemas;
};

// The description of these endpoints in OpenAPI 3.1, as JSON text: paths, parameters with their rules, bodies, answers,
// refusals, security (bearer and session cookie). Endpoints without a tag are not shown. An answer of an endpoint that
// has the status of a refusal stands in its place. The schema `Problem` is made here.
std::string openapi_document(const ApiDocument& document, std::span<const EndpointDescription* const> endpoints);

// The same as a Postman collection (schema v2.1.0), with variables `base_url` and `access_token`, a folder for each
// tag.
std::string postman_collection(const ApiDocument& document, std::span<const EndpointDescription* const> endpoints);

}  // namespace movio::http
