#include "http/api_parts.hpp"

#include <algorithm>

namespace movio::http {

std::string shown_path(std::string_view path) {
    std::string out(path);
    if (out.ends_with("...}")) out.replace(out.size() - 4, 4, "}");
    return out;
}

std::vector<Parameter> parameters_in(const EndpointDescription& endpoint, Place place) {
    std::vector<Parameter> out;
    std::ranges::copy_if(endpoint.parameters, std::back_inserter(out),
                         [place](const Parameter& parameter) { return parameter.place == place; });
    if (place != Place::path) return out;
    const auto path = shown_path(endpoint.path);
    for (auto begin = path.find('{'); begin != std::string::npos; begin = path.find('{', begin + 1)) {
        const auto name = path.substr(begin + 1, path.find('}', begin) - begin - 1);
        if (std::ranges::find(out, name, &Parameter::name) == out.end())
            out.push_back({name, place, ParameterType::text, {}});
    }
    for (auto& parameter : out) {
        parameter.rules.required = true;
        // The router takes no empty part.
        if (parameter.type == ParameterType::text && !endpoint.path.contains("{" + parameter.name + "...}"))
            parameter.rules.min = std::max<std::int64_t>(parameter.rules.min.value_or(1), 1);
    }
    return out;
}

std::vector<std::pair<std::string_view, std::vector<const EndpointDescription*>>> by_tag(DescribedEndpoints endpoints) {
    std::vector<std::pair<std::string_view, std::vector<const EndpointDescription*>>> out;
    for (const auto* endpoint : endpoints) {
        if (endpoint->tag.empty()) continue;
        auto found = std::ranges::find(out, endpoint->tag, [](const auto& group) { return group.first; });
        if (found == out.end()) found = out.insert(out.end(), {endpoint->tag, {}});
        found->second.push_back(endpoint);
    }
    return out;
}

}  // namespace movio::http
