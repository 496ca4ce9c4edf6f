#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/invite.hpp"
#include "accounts/sign_up_policy.hpp"
#include "audit/entry.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

// An invite and the token that its link holds, which nobody can be told again.
struct NewInvite {
    Invite invite;
    std::string token;
};

struct InviteWish {
    Role role = Role::uploader;
    std::optional<std::string> email = {};
    std::int64_t days = 7;
    std::optional<UserId> by = {};
};

// Who is invited; AccountService::sign_up uses what is made here. Thread-safe; references outlive it.
class Invites {
public:
    Invites(Database& database, SignUpPolicy policy) : database_(database), policy_(std::move(policy)) {}

    // `conflict` where sign-up is closed or too many are open, `invalid` for what is no address or a number of days
    // outside of 1 to limits::kInviteDaysMax.
    Awaitable<Result<NewInvite>> make(InviteWish wish, audit::Actor by = {});
    // Open ones, newest first, at most limits::kInvitesOpenMax.
    Awaitable<std::vector<Invite>> list();
    Awaitable<Result<void>> revoke(InviteId id, audit::Actor by = {});
    // What the holder of the token may do; nullopt when it does not count (any more).
    Awaitable<std::optional<Invite>> find(std::string token);

    // The token of a new first administrator's link, where no administrator can log in; earlier ones do not count any
    // more.
    Awaitable<std::optional<std::string>> make_first_admin_link();

    const SignUpPolicy& policy() const { return policy_; }

private:
    Database& database_;
    SignUpPolicy policy_;
};

}  // namespace movio::accounts
