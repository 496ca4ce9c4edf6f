#pragma once
#include <map>
#include <string>

namespace movio::uploads {

// JSON Schema (2020-12) of what the endpoints answer, by the names that their descriptions use: V1Upload,
// V1UploadRefusal.
std::map<std::string, std::string> schemas();

}  // namespace movio::uploads
