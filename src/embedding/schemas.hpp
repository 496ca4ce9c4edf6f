#pragma once
#include <map>
#include <string>

namespace movio::embedding {

// What the answers of this module's endpoints look like, as JSON Schema, by the names the endpoints use.
std::map<std::string, std::string> schemas();

}  // namespace movio::embedding
