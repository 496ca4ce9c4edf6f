#include "adapters/fts5/find_v1.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "adapters/fts5/match.hpp"
#include "adapters/fts5/scope.hpp"
#include "adapters/fts5/slot_stream.hpp"

namespace movio::fts5 {
namespace {

using search::TrackMatch;
using search::V1Query;

// Documents looked at for one answer: what only others may see is passed over, and an answer must end some day.
constexpr int kCandidatesMax = 20'000;

struct Span {
    std::int64_t first = 0;
    std::int64_t last = kSlotMax;
};

// Where documents of that age can be: a slot is the created time or later, by what slots were moved at most.
Span slots_of_age(SqlSession& session, std::string_view table, const V1Query& query) {
    Span span;
    if (query.created_from_us) span.first = std::clamp<std::int64_t>(*query.created_from_us / 1000, 0, kSlotMax);
    if (!query.created_until_us) return span;
    const auto moved =
        session.run(fmt::format("SELECT slot - created_us / 1000 FROM {} "
                                "ORDER BY slot - created_us / 1000 DESC LIMIT 1",
                                table));
    const auto moved_ms = moved.empty() ? 0 : std::max<std::int64_t>(moved.rows.front().integer(0), 0);
    const auto until_ms = std::clamp<std::int64_t>(*query.created_until_us / 1000, -1, kSlotMax);
    span.last = std::min(until_ms + moved_ms, kSlotMax);
    return span;
}

bool is_of_age(const V1Query& query, std::int64_t created_us) {
    return created_us >= query.created_from_us.value_or(std::numeric_limits<std::int64_t>::min()) &&
           created_us <= query.created_until_us.value_or(std::numeric_limits<std::int64_t>::max());
}

Order order_of(const V1Query& query) { return query.oldest_first ? Order::oldest_first : Order::newest_first; }

// The documents of one table that may be in the answer, in order.
class Candidates {
public:
    virtual ~Candidates() = default;
    virtual std::optional<std::int64_t> next() = 0;
};

// What one or two streams give, each slot once.
class Streamed final : public Candidates {
public:
    Streamed(Order order, std::vector<SlotStream> streams) : order_(order), streams_(std::move(streams)) {}
    std::optional<std::int64_t> next() override {
        std::optional<std::int64_t> best;
        for (auto& stream : streams_) {
            const auto slot = stream.peek();
            if (slot && (!best || (order_ == Order::newest_first ? *slot > *best : *slot < *best))) best = slot;
        }
        for (auto& stream : streams_)
            if (best && stream.peek() == best) stream.pop();
        return best;
    }

private:
    Order order_;
    std::vector<SlotStream> streams_;
};

// What was named by id, as far as it matches.
class Named final : public Candidates {
public:
    using Match = std::function<bool(std::int64_t slot)>;
    Named(SqlSession& session, std::string_view statement, const V1Query& query, Match match)
        : match_(std::move(match)) {
        for (const auto& id : query.ids) {
            const auto found = session.run(statement, {sql(id)});
            if (!found.empty()) slots_.push_back(found.rows.front().integer(0));
        }
        std::ranges::sort(slots_);
        const auto repeated = std::ranges::unique(slots_);
        slots_.erase(repeated.begin(), repeated.end());
        if (!query.oldest_first) std::ranges::reverse(slots_);
    }
    std::optional<std::int64_t> next() override {
        while (at_ < slots_.size()) {
            const auto slot = slots_[at_++];
            if (match_(slot)) return slot;
        }
        return std::nullopt;
    }

private:
    Match match_;
    std::vector<std::int64_t> slots_;
    std::size_t at_ = 0;
};

// `take` looks at a document and says whether it is one of the answer.
void collect(Candidates& candidates, int limit, const std::function<bool(std::int64_t slot)>& take) {
    int found = 0;
    for (int looked_at = 0; found < limit && looked_at < kCandidatesMax; ++looked_at) {
        const auto slot = candidates.next();
        if (!slot) return;
        if (take(*slot)) ++found;
    }
}

std::vector<SlotStream> streams_of_tracks(SqlSession& session, const V1Query& query, const std::string& content,
                                          const std::string& language) {
    const auto [first, last] = slots_of_age(session, "tracks", query);
    const auto order = order_of(query);
    std::vector<SlotStream> streams;
    if (query.terms.empty()) {
        streams.emplace_back(session, Source::all_tracks, "", order, first, last);
    } else {
        streams.emplace_back(session, Source::line_words, content, order, first, last);
        streams.emplace_back(session, Source::track_words, language, order, first, last);
    }
    return streams;
}

std::optional<std::int64_t> first_match_ms(SqlSession& session, const std::string& match, std::int64_t slot) {
    if (match.empty()) return std::nullopt;
    const auto line = session.run(
        "SELECT lines.start_ms FROM line_words CROSS JOIN lines ON lines.id = line_words.rowid WHERE line_words MATCH $1 "
        "AND line_words.rowid >= $2 AND line_words.rowid <= $3 ORDER BY line_words.rowid LIMIT 1",
        {sql(match), sql(first_line(slot)), sql(last_line(slot))});
    return line.empty() ? std::nullopt : std::optional(line.rows.front().integer(0));
}

}  // namespace

std::vector<VideoId> find_films(SqlSession& session, const V1Query& query) {
    const auto match = any_term(query.terms, {"title", "description"});
    const auto source = query.terms.empty() ? Source::all_films : Source::film_words;
    const auto named_statement = "SELECT slot FROM films WHERE video_id = $1";
    const auto row_statement = fmt::format("SELECT video_id, created_us, {} FROM films WHERE slot = $1", kScopeColumns);

    std::vector<VideoId> films;
    const auto take = [&](std::int64_t slot) {
        const auto found = session.run(row_statement, {sql(slot)});
        if (found.empty()) return false;
        const auto& row = found.rows.front();
        if (!is_of_age(query, row.integer(1)) || !is_in_scope(query.scope, row, 2)) return false;
        films.push_back(VideoId::parse(row.text(0)).value());
        return true;
    };
    if (!query.ids.empty()) {
        Named named(session, named_statement, query,
                    [&](std::int64_t slot) { return matches(session, source, match, slot); });
        collect(named, query.limit, take);
    } else {
        const auto [first, last] = slots_of_age(session, "films", query);
        std::vector<SlotStream> streams;
        streams.emplace_back(session, source, match, order_of(query), first, last);
        Streamed streamed(order_of(query), std::move(streams));
        collect(streamed, query.limit, take);
    }
    return films;
}

std::vector<TrackMatch> find_tracks(SqlSession& session, const V1Query& query) {
    const auto content = any_term_of_column(query.terms, "content");
    const auto language = any_term_of_column(query.terms, "language");
    const auto named_statement = "SELECT slot FROM tracks WHERE track_id = $1";
    const auto row_statement = fmt::format(
        "SELECT tracks.track_id, tracks.video_id, tracks.created_us, {} FROM tracks "
        "JOIN films ON films.video_id = tracks.video_id WHERE tracks.slot = $1",
        kScopeColumns);

    std::vector<TrackMatch> tracks;
    const auto take = [&](std::int64_t slot) {
        const auto found = session.run(row_statement, {sql(slot)});
        if (found.empty()) return false;
        const auto& row = found.rows.front();
        if (!is_of_age(query, row.integer(2)) || !is_in_scope(query.scope, row, 3)) return false;
        tracks.push_back({TrackId::parse(row.text(0)).value(), VideoId::parse(row.text(1)).value(),
                          first_match_ms(session, content, slot)});
        return true;
    };
    if (!query.ids.empty()) {
        Named named(session, named_statement, query, [&](std::int64_t slot) {
            return query.terms.empty() || matches(session, Source::line_words, content, slot) ||
                   matches(session, Source::track_words, language, slot);
        });
        collect(named, query.limit, take);
    } else {
        Streamed streamed(order_of(query), streams_of_tracks(session, query, content, language));
        collect(streamed, query.limit, take);
    }
    return tracks;
}

}  // namespace movio::fts5
