#include "ports/personal_data.hpp"

namespace movio {
namespace {

constexpr int kPageItems = 100;

PersonalPage page_of(SqlSession& session, const std::string& query, WritePersonalRow write, UserId user,
                     const std::string& after) {
    const auto found = session.run(query, {sql(user.text()), sql(after), sql(kPageItems)});
    PersonalPage page;
    page.items.reserve(found.rows.size());
    for (const auto& row : found.rows) {
        JsonWriter json;
        write(json, row, session);
        page.items.push_back(json.take());
    }
    if (found.rows.size() == static_cast<std::size_t>(kPageItems)) page.after = found.rows.back().text(0);
    return page;
}

}  // namespace

PersonalPart personal_list(Database& database, std::string name, std::string query, WritePersonalRow write) {
    auto page = [&database, query = std::move(query), write](UserId user, std::string after) {
        return database.read([query, write, user, after = std::move(after)](SqlSession& session) {
            return page_of(session, query, write, user, after);
        });
    };
    return {std::move(name), true, std::move(page)};
}

}  // namespace movio
