#pragma once
#include <string_view>

namespace movio::app {

inline constexpr std::string_view kVersion = MOVIO_VERSION;

}  // namespace movio::app
