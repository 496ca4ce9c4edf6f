#include "adapters/fts5/slot_stream.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace movio::fts5 {
namespace {

constexpr std::int64_t kBatchMin = 8;
constexpr std::int64_t kBatchMax = 64;

// $1 the expression, $2 and $3 the ids between which, both included, $4 how many.
std::string_view statement(Source source, Order order) {
    const bool newest = order == Order::newest_first;
    switch (source) {
        case Source::all_films:
            return newest ? "SELECT slot FROM films WHERE slot BETWEEN $2 AND $3 ORDER BY slot DESC LIMIT $4"
                          : "SELECT slot FROM films WHERE slot BETWEEN $2 AND $3 ORDER BY slot LIMIT $4";
        case Source::all_tracks:
            return newest ? "SELECT slot FROM tracks WHERE slot BETWEEN $2 AND $3 ORDER BY slot DESC LIMIT $4"
                          : "SELECT slot FROM tracks WHERE slot BETWEEN $2 AND $3 ORDER BY slot LIMIT $4";
        case Source::film_words:
            return newest ? "SELECT rowid FROM film_words WHERE film_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid DESC LIMIT $4"
                          : "SELECT rowid FROM film_words WHERE film_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid LIMIT $4";
        case Source::track_words:
            return newest ? "SELECT rowid FROM track_words WHERE track_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid DESC LIMIT $4"
                          : "SELECT rowid FROM track_words WHERE track_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid LIMIT $4";
        case Source::line_words:
            return newest ? "SELECT rowid FROM line_words WHERE line_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid DESC LIMIT $4"
                          : "SELECT rowid FROM line_words WHERE line_words MATCH $1 AND rowid >= $2 AND rowid <= $3 "
                            "ORDER BY rowid LIMIT $4";
    }
    std::unreachable();
}

bool needs_match(Source source) { return source != Source::all_films && source != Source::all_tracks; }

SqlResult read(SqlSession& session, Source source, const std::string& match, Order order, std::int64_t first,
               std::int64_t last, std::int64_t count) {
    const bool lines = source == Source::line_words;
    return session.run(statement(source, order), {sql(match), sql(lines ? first_line(first) : first),
                                                  sql(lines ? last_line(last) : last), sql(count)});
}

}  // namespace

SlotStream::SlotStream(SqlSession& session, Source source, std::string match, Order order, std::int64_t first,
                       std::int64_t last)
    : session_(session),
      source_(source),
      match_(std::move(match)),
      order_(order),
      first_(std::max<std::int64_t>(first, 0)),
      last_(std::min(last, kSlotMax)) {
    if (needs_match(source_) && match_.empty()) last_ = -1;
}

std::optional<std::int64_t> SlotStream::peek() {
    if (ready_.empty()) fill();
    return ready_.empty() ? std::nullopt : std::optional(ready_.front());
}

void SlotStream::skip_to(std::int64_t slot) {
    while (!ready_.empty() && ready_.front() > slot) ready_.pop_front();
    last_ = std::min(last_, slot);
}

void SlotStream::fill() {
    if (first_ > last_) return;
    const auto result = read(session_, source_, match_, order_, first_, last_, batch_);
    for (const auto& row : result.rows) {
        const auto slot = source_ == Source::line_words ? slot_of_line(row.integer(0)) : row.integer(0);
        if (ready_.empty() || ready_.back() != slot) ready_.push_back(slot);
    }
    if (std::cmp_less(result.rows.size(), batch_))
        last_ = first_ - 1;
    else if (order_ == Order::newest_first)
        last_ = ready_.back() - 1;
    else
        first_ = ready_.back() + 1;
    // Where every track has the word in many lines most of a batch says the same again.
    batch_ = std::clamp(static_cast<std::int64_t>(ready_.size()) * 4, kBatchMin, kBatchMax);
}

bool matches(SqlSession& session, Source source, const std::string& match, std::int64_t slot) {
    if (needs_match(source) && match.empty()) return false;
    return !read(session, source, match, Order::oldest_first, slot, slot, 1).empty();
}

}  // namespace movio::fts5
