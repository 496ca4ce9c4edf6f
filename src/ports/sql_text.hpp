#pragma once
#include <string>
#include <string_view>

namespace movio {

// The pattern of LIKE … ESCAPE '\' for "has this somewhere in it", in lower case: `lower(name) LIKE $1 ESCAPE '\'`.
std::string like_part(std::string_view text);

}  // namespace movio
