#pragma once
#include <string>
#include <string_view>

namespace movio::accounts {

// What Django's EmailValidator takes for an address, to the letter: dot-atom or quoted local part; a domain of at least
// two labels, IDN letters up to U+FFFF included, `localhost`, or an address literal; at most 320 characters. UTF-8.
bool is_email_address(std::string_view text);

// The same for addresses that differ in case alone (simple case folding of Unicode).
std::string email_key(std::string_view text);

}  // namespace movio::accounts
