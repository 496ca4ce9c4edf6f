#include "http/origin.hpp"

#include <algorithm>

namespace movio::http {

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos) return {};
    std::string origin(url.substr(0, url.find('/', host + 3)));
    std::ranges::transform(origin, origin.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (origin.starts_with("https:") && origin.ends_with(":443")) origin.resize(origin.size() - 4);
    if (origin.starts_with("http:") && origin.ends_with(":80")) origin.resize(origin.size() - 3);
    return origin;
}

}  // namespace movio::http
