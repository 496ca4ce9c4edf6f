#pragma once
#include <string>
#include <vector>

#include "accounts/session.hpp"
#include "accounts/user.hpp"
#include "audit/entry.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

// In the transaction of a log-in: the user is a member by that source of the groups whose external name is one of
// `names`, and of no other by it; who is a member by hand or by a list stays one. Tells of each group that changes,
// which is in the audit trail as done by `by`. A full group takes nobody, which the log says.
void put_outside_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user, BegunBy source,
                        const std::vector<std::string>& names, const audit::Actor& by);

}  // namespace movio::accounts
