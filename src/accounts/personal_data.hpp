#pragma once
#include <vector>

#include "ports/database.hpp"
#include "ports/personal_data.hpp"

namespace movio::accounts {

// `account`, `log_ins`, `tokens_for_programs`, `groups`, `invitations` and `account_actions` (of the audit trail) of a
// person, the ended ones as long as they are kept; never passwords, tokens, or hashes of them. The database outlives
// them.
std::vector<PersonalPart> personal_parts(Database& database);

}  // namespace movio::accounts
