#pragma once
#include <string_view>

namespace movio::app {

// What stands below the help of a command: "user add". Empty where there is nothing.
std::string_view command_examples(std::string_view command);

}  // namespace movio::app
