#include "audit/trail.hpp"

#include <fmt/format.h>

namespace movio::audit {
namespace {

constexpr int kRowsPerStep = 1000;  // keeps the one writer free for others

Recorded recorded_of(const SqlRow& row) {
    Recorded entry;
    entry.id = row.text(0);
    entry.at_us = row.integer(1);
    entry.actor_kind = row.text(2);
    entry.actor_id = row.text_or_null(3).value_or("");
    entry.address = row.text(4);
    entry.action = row.text(5);
    entry.subject = row.text(6);
    entry.outcome = row.text(7);
    entry.detail = row.text(8);
    return entry;
}

// The conditions of a filter, and what they are asked with.
struct Conditions {
    std::string text = "1 = 1";
    std::vector<SqlValue> values;

    // `condition` has {} where the value stands.
    void add(std::string_view condition, SqlValue value) {
        values.push_back(std::move(value));
        text += " AND " + fmt::format(fmt::runtime(condition), fmt::format("${}", values.size()));
    }
};

Conditions conditions_of(const Filter& filter) {
    Conditions all;
    if (filter.actor) all.add("actor_id = {0}", sql(*filter.actor));
    if (filter.subject) all.add("subject = {0}", sql(*filter.subject));
    if (filter.action)
        all.add("(action = {0} OR substr(action, 1, length({0}) + 1) = {0} || '.')", sql(*filter.action));
    if (filter.from_us) all.add("at_us >= {0}", sql(*filter.from_us));
    if (filter.to_us) all.add("at_us < {0}", sql(*filter.to_us));
    if (filter.before) {
        all.add("at_us <= {0}", sql(filter.before->first));
        const auto time = fmt::format("${}", all.values.size());
        all.add("(at_us < " + time + " OR id < {0})", sql(filter.before->second));
    }
    return all;
}

}  // namespace

Awaitable<void> Trail::record(Entry entry) {
    co_await database_.write([&entry](SqlSession& session) { audit::record(session, entry); });
}

Awaitable<std::vector<Recorded>> Trail::list(Filter filter) {
    auto conditions = conditions_of(filter);
    conditions.values.push_back(sql(filter.limit));
    const auto query = fmt::format(
        "SELECT id, at_us, actor_kind, actor_id, address, action, subject, outcome, detail FROM audit WHERE {} "
        "ORDER BY at_us DESC, id DESC LIMIT ${}",
        conditions.text, conditions.values.size());
    co_return co_await database_.read([&](SqlSession& session) {
        std::vector<Recorded> entries;
        const auto found = session.run(query, conditions.values);
        entries.reserve(found.rows.size());
        for (const auto& row : found.rows) entries.push_back(recorded_of(row));
        return entries;
    });
}

Awaitable<void> Trail::clean_up() {
    const auto keep_us = std::chrono::microseconds(keep_).count();
    bool more = true;
    while (more) {
        more = co_await database_.write([keep_us](SqlSession& session) {
            return session
                       .run(
                           "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_us < movio_now_us() - $1 "
                           "ORDER BY at_us, id LIMIT $2)",
                           {sql(keep_us), sql(kRowsPerStep)})
                       .changed == kRowsPerStep;
        });
    }
}

}  // namespace movio::audit
