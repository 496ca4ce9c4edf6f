#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/endpoint.hpp"

// What the two descriptions of the API have in common.
namespace movio::http {

using DescribedEndpoints = std::span<const EndpointDescription* const>;

// "/media/{path...}" → "/media/{path}".
std::string shown_path(std::string_view path);
// Those of a place; of a path also those that only its template names.
std::vector<Parameter> parameters_in(const EndpointDescription& endpoint, Place place);
// Each tag with its endpoints, in the order of appearance.
std::vector<std::pair<std::string_view, std::vector<const EndpointDescription*>>> by_tag(DescribedEndpoints endpoints);

}  // namespace movio::http
