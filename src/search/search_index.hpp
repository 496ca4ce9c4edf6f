#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/asio.hpp"
#include "base/ids.hpp"

namespace movio::search {

// A film as the index knows it. Texts go in as people wrote them; the adapter normalises (search_text.hpp).
struct FilmDocument {
    VideoId video;
    std::string owner_id;
    bool seen_by_all = false;     // public, whatever its state
    bool listed_for_all = false;  // public, and it plays
    bool for_users = false;       // whoever is logged in may see it
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
    std::string title;
    std::string description;
};

struct CueLine {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string text;  // plain, without tags
};

struct TrackDocument {
    TrackId track;
    VideoId video;
    std::string language;  // BCP 47
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
    std::vector<CueLine> lines;  // by start
};

// Who searches: what everybody may see, what everybody who is logged in may, one's own films and those named. It may be
// wider than what is shown in the end, never narrower.
struct SearchScope {
    bool all = false;                // an admin
    std::string owner_id;            // empty: a stranger
    std::vector<std::string> films;  // of others, by id, sorted
    bool listed_only = true;         // v2: only what is listed; v1: all that may be seen
};

// v1: one box of words. `terms` are OR-ed; a term's words must all be there, in order, when it has several ("don't").
// No terms: everything; terms without any word: nothing.
struct V1Term {
    std::string field;  // title, description; language, content; empty: every field
    std::string text;
};
struct V1Query {
    std::vector<V1Term> terms;
    std::vector<std::string> ids;  // only these, where not empty; of films or tracks, UUIDs in lower case
    std::optional<std::int64_t> created_from_us;   // inclusive
    std::optional<std::int64_t> created_until_us;  // inclusive
    bool oldest_first = false;
    int limit = 10;
    SearchScope scope;
};
struct TrackMatch {
    TrackId track;
    VideoId video;
    std::optional<std::int64_t> start_ms;  // of the first cue that matches; none when only the language did
};

// v2: every word must be in the same line (a title, a description, a cue); the last may be a beginning only, if it has
// two characters; of words that begin so, an index may take the most frequent ones. A text without words finds nothing.
struct LineQuery {
    std::string text;
    std::optional<std::string> language;  // of cues; "pt" finds "pt-BR"; titles and descriptions have none to compare
    std::optional<std::string> cursor;
    int limit = 20;
    int hits_per_film_max = 5;
    SearchScope scope;
};
struct Hit {
    enum class Field { title, description, caption } field = Field::title;
    std::optional<TrackId> track;
    std::string language;  // empty for title and description
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string text;       // as people wrote it; of a long one the part around the first word found
    std::string highlight;  // HTML: the text escaped, words found inside <mark>
};
struct FilmHits {
    VideoId video;
    std::vector<Hit> hits;  // title, description, then cues by their start
};
// Films stand where their newest document that matches stands (a track that came later lifts its film), each once over
// all pages. Work for one page is bounded: a page may have fewer films than asked for, even none, and a cursor to go
// on.
struct HitPage {
    std::vector<FilmHits> films;  // newest first
    std::optional<std::string> next;
};

// Port: what finds films by words. A projection: it may be dropped and built again from the catalog. A document
// replaces the one of the same id; what was put is found once the call returned. Thread-safe. A failing index throws
// Failure.
class SearchIndex {
public:
    virtual ~SearchIndex() = default;
    virtual Awaitable<void> put_film(FilmDocument film) = 0;
    virtual Awaitable<void> put_track(TrackDocument track) = 0;
    // Tracks of the film that are not among `kept` go.
    virtual Awaitable<void> keep_tracks(VideoId video, std::vector<TrackId> kept) = 0;
    // The film and its tracks.
    virtual Awaitable<void> remove_film(VideoId video) = 0;
    // For a rebuild: ids of all films in the index after `after`, in order of id, at most `limit`.
    virtual Awaitable<std::vector<VideoId>> films(std::optional<VideoId> after, int limit) = 0;

    // By title and description.
    virtual Awaitable<std::vector<VideoId>> find_films(V1Query query) = 0;
    // By language and text of captions.
    virtual Awaitable<std::vector<TrackMatch>> find_tracks(V1Query query) = 0;
    // A cursor of another index is `invalid`: nullopt.
    virtual Awaitable<std::optional<HitPage>> find_lines(LineQuery query) = 0;
};

}  // namespace movio::search
