#pragma once
#include <functional>
#include <string>
#include <vector>

#include "async/asio.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "ports/database.hpp"

namespace movio {

// Some items of a list, as JSON, and where the next ones begin; `after` is empty behind the last ones.
struct PersonalPage {
    std::vector<std::string> items = {};
    std::string after = {};
};

// A part of what a service keeps of one person: a list, or a single object. Read a page at a time, each as the rows are
// then, so that little is in memory however much there is. `page` is called with nothing, then with the `after` of the
// page before; what it gives may outlive the call, not the service.
struct PersonalPart {
    std::string name;
    bool is_list = true;
    std::function<Awaitable<PersonalPage>(UserId user, std::string after)> page;
};

// Writes one row as a JSON object.
using WritePersonalRow = void (*)(JsonWriter& json, const SqlRow& row, SqlSession& session);

// A list of rows. `query` takes the user, what the first column must lie behind, and how many rows at most, in the
// order of that column, which is a text. The database outlives the part.
PersonalPart personal_list(Database& database, std::string name, std::string query, WritePersonalRow write);

}  // namespace movio
