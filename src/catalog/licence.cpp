#include "catalog/licence.hpp"

#include <algorithm>

namespace movio::catalog {

const Licence* find_licence(std::string_view id) {
    const auto* found = std::ranges::find(kLicences, id, &Licence::id);
    return found == kLicences.end() ? nullptr : found;
}

std::vector<std::string> licence_choices() {
    std::vector<std::string> choices{""};
    for (const auto& licence : kLicences) choices.emplace_back(licence.id);
    return choices;
}

}  // namespace movio::catalog
