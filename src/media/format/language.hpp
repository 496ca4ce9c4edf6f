#pragma once
#include <string>
#include <string_view>

namespace movio::media {

// BCP 47 in its shortest usual form: "eng", "en_US.UTF-8", "ger" (ISO 639-2/B) and "deu" give "en", "en-US", "de",
// "de". What is not a language is "und". Only [A-Za-z0-9-], at most 35 characters, so it may stand in a file name.
std::string normalise_language(std::string_view text);

// The language in its own words: "Deutsch", "français", "বাংলা"; empty for "und".
std::string language_own_name(const std::string& language);

}  // namespace movio::media
