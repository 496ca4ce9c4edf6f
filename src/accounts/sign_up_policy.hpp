#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.hpp"

namespace movio::accounts {

// Who may make an account without an administrator's doing. Whoever has an invitation may unless it is nobody.
enum class SignUpFor { everybody, domains, invited, nobody };

// "open", "domains", "invite", "closed": the words of the setting and of the API.
std::string_view to_text(SignUpFor rule);
// Unknown text is `nobody`.
SignUpFor sign_up_for(std::string_view text);

struct SignUpPolicy {
    SignUpFor rule = SignUpFor::nobody;
    // Those of `domains`, such as "example.org"; a domain below it is another one.
    std::vector<std::string> domains = {};
    Role role = Role::uploader;  // of those who are not invited in another

    bool takes_invites() const { return rule != SignUpFor::nobody; }
    // Whether an address belongs to one of the domains, in whatever case.
    bool has_domain_of(std::string_view email) const;
};

// "movio.example" and the like; nothing with an @, a star or a blank.
bool is_domain_name(std::string_view text);

}  // namespace movio::accounts
