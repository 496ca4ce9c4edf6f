#pragma once
#include <map>
#include <string>

namespace movio::search {

// What the search endpoints answer: JSON Schema (2020-12) texts by name.
std::map<std::string, std::string> schemas();

}  // namespace movio::search
