#include "adapters/fts5/documents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/fts5/slots.hpp"
#include "adapters/fts5/vocabulary.hpp"
#include "base/error.hpp"
#include "search/search_text.hpp"

namespace movio::fts5 {
namespace {

using search::CueLine;
using search::FilmDocument;
using search::search_text;
using search::TrackDocument;

// A text as it is searched and, where that differs, as it was written.
struct Text {
    std::string searched;
    std::optional<std::string> shown;

    explicit Text(const std::string& written) : searched(search_text(written)) {
        if (searched != written) shown = written;
    }
};

std::int64_t milliseconds(std::int64_t created_us) {
    return std::clamp<std::int64_t>(created_us / 1000, 1, kSlotMax / 2);
}

// The first slot from the created time on that nobody has.
std::int64_t free_slot(SqlSession& session, std::string_view table, std::int64_t created_us) {
    const auto wanted = milliseconds(created_us);
    if (session.run(fmt::format("SELECT 1 FROM {} WHERE slot = $1", table), {sql(wanted)}).empty()) return wanted;
    return session
        .run(fmt::format("SELECT slot + 1 FROM {0} AS taken WHERE slot >= $1 AND NOT EXISTS "
                         "(SELECT 1 FROM {0} WHERE slot = taken.slot + 1) ORDER BY slot LIMIT 1",
                         table),
             {sql(wanted)})
        .rows.at(0)
        .integer(0);
}

std::optional<SqlRow> find_row(SqlSession& session, std::string_view statement, const std::string& id) {
    auto found = session.run(statement, {sql(id)});
    return found.empty() ? std::nullopt : std::optional(std::move(found.rows.front()));
}

void erase_film_row(SqlSession& session, std::int64_t slot) {
    Vocabulary words;
    for (const auto& row : session.run("SELECT title, description FROM films WHERE slot = $1", {sql(slot)}).rows) {
        words.add(row.text(0));
        words.add(row.text(1));
    }
    words.take_out_of(session);
    session.run(
        "INSERT INTO film_words (film_words, rowid, title, description) "
        "SELECT 'delete', slot, title, description FROM films WHERE slot = $1",
        {sql(slot)});
    session.run("DELETE FROM films WHERE slot = $1", {sql(slot)});
}

// What is read of a track at once.
constexpr std::int64_t kBatch = 10'000;

void forget_words_of_lines(SqlSession& session, std::int64_t slot) {
    Vocabulary words;
    for (std::int64_t from = first_line(slot);;) {
        const auto rows = session
                              .run("SELECT id, text FROM lines WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3",
                                   {sql(from), sql(last_line(slot)), sql(kBatch)})
                              .rows;
        if (rows.empty()) break;
        for (const auto& row : rows) words.add(row.text(1));
        from = rows.back().integer(0) + 1;
    }
    words.take_out_of(session);
}

void erase_lines(SqlSession& session, std::int64_t slot) {
    forget_words_of_lines(session, slot);
    session.run(
        "INSERT INTO line_words (line_words, rowid, text) SELECT 'delete', id, text FROM lines "
        "WHERE id BETWEEN $1 AND $2",
        {sql(first_line(slot)), sql(last_line(slot))});
    session.run("DELETE FROM lines WHERE id BETWEEN $1 AND $2", {sql(first_line(slot)), sql(last_line(slot))});
}

void erase_track_row(SqlSession& session, std::int64_t slot) {
    session.run(
        "INSERT INTO track_words (track_words, rowid, language) SELECT 'delete', slot, language FROM tracks "
        "WHERE slot = $1",
        {sql(slot)});
    session.run("DELETE FROM tracks WHERE slot = $1", {sql(slot)});
}

void erase_track(SqlSession& session, std::int64_t slot) {
    erase_lines(session, slot);
    erase_track_row(session, slot);
}

void insert_film_row(SqlSession& session, std::int64_t slot, const FilmDocument& film) {
    const Text title(film.title);
    const Text description(film.description);
    session.run(
        "INSERT INTO films (slot, video_id, owner_id, seen_by_all, listed_for_all, created_us, updated_us, title, "
        "description, shown_title, shown_description, for_users) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {sql(slot), sql(film.video.text()), sql(film.owner_id), sql(film.seen_by_all), sql(film.listed_for_all),
         sql(film.created_us), sql(film.updated_us), sql(title.searched), sql(description.searched), sql(title.shown),
         sql(description.shown), sql(film.for_users)});
    session.run(
        "INSERT INTO film_words (rowid, title, description) SELECT slot, title, description FROM films WHERE slot = $1",
        {sql(slot)});
    Vocabulary words;
    words.add(title.searched);
    words.add(description.searched);
    words.put_into(session);
}

void insert_track_row(SqlSession& session, std::int64_t slot, const TrackDocument& track) {
    session.run(
        "INSERT INTO tracks (slot, track_id, video_id, language, created_us, updated_us) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {sql(slot), sql(track.track.text()), sql(track.video.text()), sql(track.language), sql(track.created_us),
         sql(track.updated_us)});
    session.run("INSERT INTO track_words (rowid, language) VALUES ($1, $2)", {sql(slot), sql(track.language)});
}

void insert_lines(SqlSession& session, std::int64_t slot, const std::vector<CueLine>& lines) {
    std::int64_t id = first_line(slot);
    Vocabulary words;
    for (const auto& line : lines) {
        const Text text(line.text);
        words.add(text.searched);
        session.run("INSERT INTO lines (id, start_ms, end_ms, text, shown) VALUES ($1, $2, $3, $4, $5)",
                    {sql(id++), sql(line.start_ms), sql(line.end_ms), sql(text.searched), sql(text.shown)});
    }
    session.run("INSERT INTO line_words (rowid, text) SELECT id, text FROM lines WHERE id BETWEEN $1 AND $2",
                {sql(first_line(slot)), sql(last_line(slot))});
    words.put_into(session);
}

// Most events of a film leave its tracks as they are, and reading is far cheaper than indexing.
bool has_lines(SqlSession& session, std::int64_t slot, const std::vector<CueLine>& lines) {
    const auto count = session.run("SELECT COUNT(*) FROM lines WHERE id BETWEEN $1 AND $2",
                                   {sql(first_line(slot)), sql(last_line(slot))});
    if (std::cmp_not_equal(count.rows.at(0).integer(0), lines.size())) return false;
    for (std::size_t at = 0; at < lines.size();) {
        const auto from = first_line(slot) + static_cast<std::int64_t>(at);
        const auto rows = session
                              .run(
                                  "SELECT start_ms, end_ms, coalesce(shown, text) FROM lines "
                                  "WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3",
                                  {sql(from), sql(last_line(slot)), sql(kBatch)})
                              .rows;
        if (rows.empty()) return false;
        for (const auto& row : rows) {
            const auto& line = lines[at++];
            if (row.integer(0) != line.start_ms || row.integer(1) != line.end_ms || row.text(2) != line.text)
                return false;
        }
    }
    return true;
}

}  // namespace

void put_film(SqlSession& session, const FilmDocument& film) {
    const auto old = find_row(session,
                              "SELECT slot, created_us, updated_us, owner_id, seen_by_all, listed_for_all, "
                              "coalesce(shown_title, title), coalesce(shown_description, description), "
                              "for_users FROM films WHERE video_id = $1",
                              film.video.text());
    if (old && old->integer(1) == film.created_us && old->integer(2) == film.updated_us &&
        old->text(3) == film.owner_id && old->flag(4) == film.seen_by_all && old->flag(5) == film.listed_for_all &&
        old->text(6) == film.title && old->text(7) == film.description && old->flag(8) == film.for_users)
        return;
    if (old) erase_film_row(session, old->integer(0));
    const bool stays = old && old->integer(1) == film.created_us;
    insert_film_row(session, stays ? old->integer(0) : free_slot(session, "films", film.created_us), film);
}

void put_track(SqlSession& session, const TrackDocument& track) {
    if (std::cmp_greater(track.lines.size(), kLinesMax))
        throw Failure(fmt::format("track {} has {} lines, the search index takes {}", track.track.text(),
                                  track.lines.size(), kLinesMax));
    const auto old =
        find_row(session, "SELECT slot, created_us, updated_us, video_id, language FROM tracks WHERE track_id = $1",
                 track.track.text());
    const bool stays = old && old->integer(1) == track.created_us;
    const auto slot = stays ? old->integer(0) : free_slot(session, "tracks", track.created_us);
    const bool same_row = stays && old->integer(2) == track.updated_us && old->text(3) == track.video.text() &&
                          old->text(4) == track.language;
    if (!same_row) {
        if (old) erase_track_row(session, old->integer(0));
        insert_track_row(session, slot, track);
    }
    if (old && !stays) erase_lines(session, old->integer(0));
    if (stays && has_lines(session, slot, track.lines)) return;
    if (stays) erase_lines(session, slot);
    insert_lines(session, slot, track.lines);
}

void keep_tracks(SqlSession& session, VideoId video, const std::vector<TrackId>& kept) {
    const auto tracks = session.run("SELECT slot, track_id FROM tracks WHERE video_id = $1", {sql(video.text())}).rows;
    for (const auto& row : tracks) {
        const auto id = TrackId::parse(row.text(1));
        if (!id || std::ranges::find(kept, *id) == kept.end()) erase_track(session, row.integer(0));
    }
}

void remove_film(SqlSession& session, VideoId video) {
    keep_tracks(session, video, {});
    if (const auto old = find_row(session, "SELECT slot FROM films WHERE video_id = $1", video.text()))
        erase_film_row(session, old->integer(0));
}

}  // namespace movio::fts5
