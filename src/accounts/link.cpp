#include "accounts/link.hpp"

namespace movio::accounts {

std::string_view to_text(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::password_reset: return "password.reset";
        case LinkPurpose::email_check: return "email.check";
    }
    return "password.reset";
}

std::optional<LinkPurpose> link_purpose_from_text(std::string_view text) {
    for (const auto purpose : {LinkPurpose::password_reset, LinkPurpose::email_check})
        if (text == to_text(purpose)) return purpose;
    return std::nullopt;
}

}  // namespace movio::accounts
