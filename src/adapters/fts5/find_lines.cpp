#include "adapters/fts5/find_lines.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "adapters/fts5/match.hpp"
#include "adapters/fts5/scope.hpp"
#include "adapters/fts5/slot_stream.hpp"
#include "adapters/fts5/vocabulary.hpp"
#include "search/highlight.hpp"
#include "search/search_text.hpp"

namespace movio::fts5 {
namespace {

using search::FilmHits;
using search::Hit;
using search::HitPage;
using search::LineQuery;

// Documents looked at for one page; then there is a cursor to go on from.
constexpr int kCandidatesMax = 1000;
constexpr std::size_t kHitCharactersMax = 300;  // of a long description some lines around the word
constexpr std::string_view kCursorMark = "f";

// Films and tracks in one order, newest first; of the same slot the film before the track.
using Place = std::int64_t;
constexpr Place kNewest = kSlotMax * 2 + 2;
constexpr Place place_of_film(std::int64_t slot) { return slot * 2 + 1; }
constexpr Place place_of_track(std::int64_t slot) { return slot * 2; }
// The newest slot of a film, or of a track, that is older than the place.
constexpr std::int64_t film_before(Place place) { return place / 2 - 1; }
constexpr std::int64_t track_before(Place place) { return (place + 1) / 2 - 1; }

// The place of the last document that the page before looked at.
std::optional<Place> parse_cursor(std::string_view text) {
    if (!text.starts_with(kCursorMark)) return std::nullopt;
    text.remove_prefix(kCursorMark.size());
    Place place = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
    if (error != std::errc{} || end != text.data() + text.size() || place < 0 || place > kNewest) return std::nullopt;
    return place;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 4647 §3.3.1, basic filtering: "pt" takes "pt" and "pt-BR".
bool is_language(std::string_view tag, std::string_view range) {
    if (tag.size() < range.size()) return false;
    if (!std::ranges::equal(tag.substr(0, range.size()), range, {}, lower, lower)) return false;
    return tag.size() == range.size() || tag[range.size()] == '-';
}

struct Film {
    VideoId id;
    std::int64_t slot = 0;
};
struct Track {
    TrackId id;
    std::int64_t slot = 0;
    std::string language;
};

class Page {
public:
    Page(SqlSession& session, const LineQuery& query, std::vector<std::string> words, std::optional<Place> from)
        : session_(session),
          query_(query),
          words_(std::move(words)),
          in_line_(every_word(words_, beginning(session, words_.back()))),
          in_title_(in_line_.empty() ? "" : "title : (" + in_line_ + ")"),
          in_description_(in_line_.empty() ? "" : "description : (" + in_line_ + ")"),
          in_film_(in_line_.empty() ? "" : "(" + in_title_ + ") OR (" + in_description_ + ")"),
          from_(from),
          film_slots_(session, Source::film_words, in_film_, Order::newest_first, 0,
                      film_before(from.value_or(kNewest))),
          track_slots_(session, Source::line_words, in_line_, Order::newest_first, 0,
                       track_before(from.value_or(kNewest))) {}

    HitPage read() {
        HitPage page;
        Place last = from_.value_or(kNewest);
        for (int looked_at = 0; looked_at < kCandidatesMax; ++looked_at) {
            const auto place = next_place();
            if (!place) return page;
            if (const auto film = new_film_at(*place)) {
                // One more than fits tells that there is a page behind, which begins with it.
                if (std::cmp_greater_equal(page.films.size(), query_.limit)) break;
                seen_.insert(film->id);
                page.films.push_back(hits_of(*film));
                if (*place % 2 == 0) skip_tracks_of(*film, *place / 2);
            }
            last = *place;
        }
        page.next = fmt::format("{}{}", kCursorMark, last);
        return page;
    }

private:
    std::optional<Place> next_place() {
        const auto film = film_slots_.peek();
        const auto track = track_slots_.peek();
        if (!film && !track) return std::nullopt;
        if (film && (!track || place_of_film(*film) > place_of_track(*track))) {
            film_slots_.pop();
            return place_of_film(*film);
        }
        track_slots_.pop();
        return place_of_track(*track);
    }

    // The film whose document is there, if it is to be shown and was not yet.
    std::optional<Film> new_film_at(Place place) {
        const bool is_film = place % 2 == 1;
        const auto found = session_.run(statement(is_film), {sql(place / 2)});
        if (found.empty()) return std::nullopt;
        const auto& row = found.rows.front();
        const Film film{VideoId::parse(row.text(0)).value(), row.integer(1)};
        if (seen_.contains(film.id) || !is_in_scope(query_.scope, row, 3)) return std::nullopt;
        if (!is_film && !is_wanted(row.text(2))) return std::nullopt;
        if (from_ && was_shown_before(film, *from_)) return std::nullopt;
        return film;
    }

    // The film's other tracks, as far as they come next: a common word is in all of them, and each costs a look.
    void skip_tracks_of(const Film& film, std::int64_t slot) {
        const auto other =
            session_.run("SELECT slot FROM tracks WHERE slot < $1 AND video_id <> $2 ORDER BY slot DESC LIMIT 1",
                         {sql(slot), sql(film.id.text())});
        track_slots_.skip_to(other.empty() ? -1 : other.rows.front().integer(0));
    }

    bool is_wanted(std::string_view language) const {
        return !query_.language || is_language(language, *query_.language);
    }

    // Whether a page before this one came upon the film by a newer document.
    bool was_shown_before(const Film& film, Place from) {
        if (place_of_film(film.slot) >= from && matches(session_, Source::film_words, in_film_, film.slot)) return true;
        return std::ranges::any_of(tracks_of(film), [&](const Track& track) {
            return place_of_track(track.slot) >= from && matches(session_, Source::line_words, in_line_, track.slot);
        });
    }

    std::vector<Track> tracks_of(const Film& film) {
        std::vector<Track> tracks;
        const auto found = session_.run("SELECT track_id, slot, language FROM tracks WHERE video_id = $1 ORDER BY slot",
                                        {sql(film.id.text())});
        for (const auto& row : found.rows)
            if (is_wanted(row.text(2)))
                tracks.push_back({TrackId::parse(row.text(0)).value(), row.integer(1), row.text(2)});
        return tracks;
    }

    FilmHits hits_of(const Film& film) {
        std::vector<Hit> hits;
        add_film_hits(film, hits);
        std::vector<Hit> cues;
        for (const auto& track : tracks_of(film)) add_cues(track, cues);
        std::ranges::sort(cues, {}, [](const Hit& cue) { return std::tuple(cue.start_ms, cue.end_ms, cue.track); });
        std::ranges::move(cues, std::back_inserter(hits));
        if (std::cmp_greater(hits.size(), query_.hits_per_film_max))
            hits.resize(static_cast<std::size_t>(query_.hits_per_film_max));
        // Only of those that stay: it takes longer than finding them.
        for (auto& hit : hits) {
            auto highlighted = search::highlight(hit.text, words_, kHitCharactersMax);
            hit.text = std::move(highlighted.text);
            hit.highlight = std::move(highlighted.html);
        }
        return {film.id, std::move(hits)};
    }

    void add_film_hits(const Film& film, std::vector<Hit>& hits) {
        const bool title = matches(session_, Source::film_words, in_title_, film.slot);
        const bool description = matches(session_, Source::film_words, in_description_, film.slot);
        if (!title && !description) return;
        const auto found = session_.run(
            "SELECT coalesce(shown_title, title), coalesce(shown_description, description) FROM films WHERE slot = $1",
            {sql(film.slot)});
        if (title) hits.push_back(hit(Hit::Field::title, found.rows.at(0).text(0)));
        if (description) hits.push_back(hit(Hit::Field::description, found.rows.at(0).text(1)));
    }

    void add_cues(const Track& track, std::vector<Hit>& hits) {
        const auto found = session_.run(
            "SELECT lines.start_ms, lines.end_ms, coalesce(lines.shown, lines.text) FROM line_words "
            "CROSS JOIN lines ON lines.id = line_words.rowid WHERE line_words MATCH $1 AND line_words.rowid >= $2 "
            "AND line_words.rowid <= $3 ORDER BY line_words.rowid LIMIT $4",
            {sql(in_line_), sql(first_line(track.slot)), sql(last_line(track.slot)), sql(query_.hits_per_film_max)});
        for (const auto& row : found.rows) {
            auto cue = hit(Hit::Field::caption, row.text(2));
            cue.track = track.id;
            cue.language = track.language;
            cue.start_ms = row.integer(0);
            cue.end_ms = row.integer(1);
            hits.push_back(std::move(cue));
        }
    }

    static Hit hit(Hit::Field field, std::string text) {
        Hit hit;
        hit.field = field;
        hit.text = std::move(text);
        return hit;
    }

    // Both: video, the film's slot, language, then the scope's columns.
    static const std::string& statement(bool is_film) {
        static const auto kFilm =
            fmt::format("SELECT films.video_id, films.slot, '', {} FROM films WHERE films.slot = $1", kScopeColumns);
        static const auto kTrack = fmt::format(
            "SELECT films.video_id, films.slot, tracks.language, {} FROM tracks "
            "JOIN films ON films.video_id = tracks.video_id WHERE tracks.slot = $1",
            kScopeColumns);
        return is_film ? kFilm : kTrack;
    }

    SqlSession& session_;
    const LineQuery& query_;
    std::vector<std::string> words_;
    std::string in_line_;
    std::string in_title_;
    std::string in_description_;
    std::string in_film_;
    std::optional<Place> from_;
    SlotStream film_slots_;
    SlotStream track_slots_;
    std::set<VideoId> seen_;
};

}  // namespace

std::optional<HitPage> find_lines(SqlSession& session, const LineQuery& query) {
    std::optional<Place> from;
    if (query.cursor) {
        from = parse_cursor(*query.cursor);
        if (!from) return std::nullopt;
    }
    auto words = search::query_words(query.text);
    if (words.empty()) return HitPage{};
    return Page(session, query, std::move(words), from).read();
}

}  // namespace movio::fts5
