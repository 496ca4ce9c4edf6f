#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace movio::accounts {

// The number in international form, '+' and 7 to 15 digits that begin with a country code (ITU-T E.164 §6), without
// the spaces, dashes and brackets that people write in it; nullopt where it is none. "(0)", which is dialled within a
// country alone, is no part of such a number, and whoever writes it is asked to leave it out.
std::optional<std::string> e164_number(std::string_view given);

}  // namespace movio::accounts
