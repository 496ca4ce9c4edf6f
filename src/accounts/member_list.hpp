#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace movio::accounts {

// The e-mail addresses of a list of people in CSV (RFC 4180), in its order, each once: of the column that its first row
// calls e-mail (email, mail, e-mail address; in any case), else of the first one that holds an address in its first
// row. Columns are parted by commas, semicolons or tabs, whichever comes first; a byte order mark and empty rows are
// skipped. `invalid` with the row for what is no address, for a list without such a column, with a quote that is never
// closed, or of more than limits::kGroupMembersMax people. UTF-8.
Result<std::vector<std::string>> read_member_list(std::string_view csv);

}  // namespace movio::accounts
