#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/session.hpp"
#include "accounts/user.hpp"

namespace movio::accounts {

// The issuer of those whom a proxy in front names.
inline constexpr std::string_view kProxyIssuer = "proxy";

// What a place whose word counts here says of somebody who logs in.
struct OutsidePerson {
    BegunBy by = BegunBy::openid;
    std::string issuer;
    std::string subject;  // names them at the issuer for ever
    std::string email;    // empty: nothing is said of it
    bool email_verified = false;
    std::string first_name;
    std::string last_name;
    // What they belong to, by the issuer's names; nullopt: it is not asked for that.
    std::optional<std::vector<std::string>> groups;
    // nullopt: it is not asked for that. An empty one inside: it grants none.
    std::optional<std::optional<Role>> role;
};

// Why somebody is not let in although the issuer knows them.
enum class OutsideRefusal {
    no_email,            // nothing is said of an address, and by nothing else are they known here
    email_not_verified,  // the issuer has not seen that the address is theirs
    no_account,          // nobody here has the address, and accounts are not made by themselves
    disabled,
    linked_otherwise,  // whoever has the address here is somebody else at the issuer
};

// "no-email", …: names it in the address of the page that says so.
std::string_view to_text(OutsideRefusal refusal);

// Whose accounts are made at their first log-in. `by_sign_up`: those who could sign up by themselves.
enum class OutsideUsers { by_sign_up, all, none };

// "signup", "always", "never": the words of the setting. Unknown text is `none`.
OutsideUsers outside_users(std::string_view text);

// A full name in two parts, the last word being the second; what is too long is cut.
void split_name(std::string_view full, OutsidePerson& person);
// Both as they may be kept: on one line, cut where they are too long.
void tidy_names(OutsidePerson& person);

}  // namespace movio::accounts
