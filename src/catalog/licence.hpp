#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

// What others may do with a film.
namespace movio::catalog {

struct Licence {
    std::string_view id;    // of the SPDX licence list, but for "all-rights-reserved"
    std::string_view name;  // for people
    std::string_view url;   // of its text; empty: there is none
};

inline constexpr std::array kLicences{
    Licence{"CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"},
    Licence{"CC-BY-SA-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
    Licence{"CC-BY-ND-4.0", "CC BY-ND 4.0", "https://creativecommons.org/licenses/by-nd/4.0/"},
    Licence{"CC-BY-NC-4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"},
    Licence{"CC-BY-NC-SA-4.0", "CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"},
    Licence{"CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"},
    Licence{"CC-BY-3.0", "CC BY 3.0", "https://creativecommons.org/licenses/by/3.0/"},
    Licence{"CC-BY-SA-3.0", "CC BY-SA 3.0", "https://creativecommons.org/licenses/by-sa/3.0/"},
    Licence{"CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
    Licence{"CC-PDM-1.0", "Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"},
    Licence{"all-rights-reserved", "All rights reserved", ""},
};

// nullptr where nothing is said of one, or it is none of these.
const Licence* find_licence(std::string_view id);
// What a film can have: all of them, and the empty text, by which nothing is said.
std::vector<std::string> licence_choices();

}  // namespace movio::catalog
