#pragma once
#include <map>
#include <string>

namespace movio::catalog {

// JSON Schema (2020-12) of what the endpoints answer, by the names that their descriptions use: Video, VideoPage,
// V1Video, V1VideoPage, the refusals of both, and what these refer to.
std::map<std::string, std::string> schemas();

}  // namespace movio::catalog
