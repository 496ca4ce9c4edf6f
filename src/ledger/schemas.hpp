#pragma once
#include <map>
#include <string>

namespace movio::ledger {

// What the endpoints of this module answer, by name, as JSON Schema (2020-12), for the API description.
std::map<std::string, std::string> schemas();

}  // namespace movio::ledger
