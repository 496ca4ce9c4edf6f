#include "access/scopes.hpp"

namespace movio::access {

std::string to_text(const Scopes& scopes) {
    std::string text;
    const auto add = [&text](bool is_in, std::string_view word) {
        if (!is_in) return;
        if (!text.empty()) text += ' ';
        text += word;
    };
    add(scopes.read, "read");
    add(scopes.upload, "upload");
    add(scopes.manage, "manage");
    return text;
}

std::optional<Scopes> scopes_from_text(std::string_view text) {
    static constexpr std::string_view kBetween = " ,";
    Scopes scopes;
    for (auto rest = text; !rest.empty();) {
        const auto begin = rest.find_first_not_of(kBetween);
        if (begin == std::string_view::npos) break;
        const auto word = rest.substr(begin, rest.find_first_of(kBetween, begin) - begin);
        rest.remove_prefix(begin + word.size());
        if (word == "read")
            scopes.read = true;
        else if (word == "upload")
            scopes.upload = true;
        else if (word == "manage")
            scopes.manage = true;
        else
            return std::nullopt;
    }
    return scopes == Scopes{} ? std::nullopt : std::optional(scopes);
}

}  // namespace movio::access
