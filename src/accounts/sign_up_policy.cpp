#include "accounts/sign_up_policy.hpp"

#include <algorithm>

#include "accounts/email_address.hpp"

namespace movio::accounts {

std::string_view to_text(SignUpFor rule) {
    switch (rule) {
        case SignUpFor::everybody: return "open";
        case SignUpFor::domains: return "domains";
        case SignUpFor::invited: return "invite";
        case SignUpFor::nobody: return "closed";
    }
    return "closed";
}

SignUpFor sign_up_for(std::string_view text) {
    for (const auto rule : {SignUpFor::everybody, SignUpFor::domains, SignUpFor::invited})
        if (text == to_text(rule)) return rule;
    return SignUpFor::nobody;
}

bool SignUpPolicy::has_domain_of(std::string_view email) const {
    const auto at = email.rfind('@');
    if (at == std::string_view::npos) return false;
    const auto domain = email_key(email.substr(at + 1));
    return std::ranges::any_of(domains, [&domain](const auto& one) { return email_key(one) == domain; });
}

bool is_domain_name(std::string_view text) { return is_email_address("a@" + std::string(text)); }

}  // namespace movio::accounts
