#pragma once
#include <string>
#include <string_view>

namespace movio::accounts {

// Where somebody goes on to once they are logged in: the path given, where it is one of this server and of printable
// characters of ASCII, else "/". Never an address elsewhere, which somebody could have slipped into a link; browsers
// take a backslash for a slash.
std::string next_page(std::string_view path);

}  // namespace movio::accounts
