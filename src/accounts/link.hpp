#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/user.hpp"

namespace movio::accounts {

using LinkId = Id<struct LinkTag>;

// What the holder of a link that was sent to somebody may do, once.
enum class LinkPurpose { password_reset, email_check };

// "password.reset", "email.check": the word of the tables, and the kind of the notice that brings the link.
std::string_view to_text(LinkPurpose purpose);
std::optional<LinkPurpose> link_purpose_from_text(std::string_view text);

struct Link {
    LinkId id;
    LinkPurpose purpose = LinkPurpose::password_reset;
    UserId user;
    std::string email;               // where it was sent
    std::int64_t not_before_us = 0;  // the user's then
    std::int64_t expires_us = 0;
};

}  // namespace movio::accounts
