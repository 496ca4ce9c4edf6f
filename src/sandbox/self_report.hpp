#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace movio::sandbox {

// Reads what a child of the self-test reports about itself. Empty when everything was refused that must be; else what
// was not.
std::string unrefused_acts(std::string_view report);

}  // namespace movio::sandbox
