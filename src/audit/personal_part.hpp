#pragma once
#include <string>

#include "ports/personal_data.hpp"

namespace movio::audit {

// What the person did, as one service's trail has it. The database outlives it.
PersonalPart personal_part(Database& database, std::string name);

}  // namespace movio::audit
