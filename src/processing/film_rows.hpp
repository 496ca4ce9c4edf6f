#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "ports/database.hpp"

// What the worker remembers of a film and of each blob that it made: tables `films` and `artefacts`.
namespace movio::processing {

struct FilmKey {
    VideoId video;
    int revision = 1;
    std::string text() const;  // "<video>/<revision>": the subject of its job
    static std::optional<FilmKey> parse(std::string_view text);
    auto operator<=>(const FilmKey&) const = default;
};

enum class FilmState { submitted, planned, processed, failed, cancelled, deleted };

struct Film {
    FilmKey key;
    std::string source_key;
    std::int64_t source_bytes = 0;
    std::string filename;
    std::string owner_id;
    std::string policy = "{}";
    std::string source_retention = "keep";  // keep, delete, days:N
    FilmState state = FilmState::submitted;
    std::string plan_key;
    std::int64_t created_us = 0;              // when it was submitted
    std::optional<std::int64_t> playable_us;  // when it could be played first
    std::int64_t cpu_us = 0;                  // of the media processes whose tasks are done
};

// Does nothing when the film is there already.
void insert_film(SqlSession& session, const Film& film);
std::optional<Film> find_film(SqlSession& session, const FilmKey& key);
void set_planned(SqlSession& session, const FilmKey& key, const std::string& plan_key);
void set_state(SqlSession& session, const FilmKey& key, FilmState state);
void set_processed(SqlSession& session, const FilmKey& key, const std::string& measured_key);
// Only the first time counts.
void set_playable(SqlSession& session, const FilmKey& key);
void add_cpu(SqlSession& session, const FilmKey& key, std::int64_t cpu_us);
// Every revision of a video.
std::vector<FilmKey> films_of(SqlSession& session, VideoId video);
bool is_deleted(SqlSession& session, const FilmKey& key);
// Keeps the row of a film that is no more, and nothing else: its artefacts are forgotten and none are added.
void set_deleted(SqlSession& session, const FilmKey& key);
// Finished films whose source may go by its retention; then `set_source_deleted`.
std::vector<Film> films_to_retire(SqlSession& session);
void set_source_deleted(SqlSession& session, const FilmKey& key);

// A stored segment or init segment (n = 0) of one rendition.
struct ArtefactRow {
    std::string rendition;
    std::int64_t n = 0;
    std::int64_t bytes = 0;
    std::string sha256;
    std::int64_t ticks = 0;
    std::int64_t damaged = 0;
    std::int64_t picture_bytes = 0;  // as media::MeasuredSegment has it
};

// First row wins; false when there was one already, or the film is deleted.
bool insert_artefact(SqlSession& session, const FilmKey& key, const ArtefactRow& artefact, const std::string& task_id,
                     std::int64_t attempt);
void delete_artefact(SqlSession& session, const FilmKey& key, const std::string& rendition, std::int64_t n);
std::optional<ArtefactRow> find_artefact(SqlSession& session, const FilmKey& key, const std::string& rendition,
                                         std::int64_t n);
// Of one rendition, by n, from `first` to before `end`.
std::vector<ArtefactRow> artefacts_of(SqlSession& session, const FilmKey& key, const std::string& rendition,
                                      std::int64_t first, std::int64_t end);
std::map<std::string, std::int64_t> artefact_counts(SqlSession& session, const FilmKey& key);

}  // namespace movio::processing
