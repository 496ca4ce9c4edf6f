#include "processing/film_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/error.hpp"
#include "processing/retention.hpp"

namespace movio::processing {
namespace {

constexpr std::array<std::string_view, 6> kStates{"submitted", "planned",   "processed",
                                                  "failed",    "cancelled", "deleted"};

std::string_view to_text(FilmState state) { return kStates.at(static_cast<std::size_t>(state)); }

FilmState state_from_text(std::string_view text) {
    const auto found = std::ranges::find(kStates, text);
    if (found == kStates.end()) throw Failure(fmt::format("a film has the unknown state '{}'", text));
    return static_cast<FilmState>(found - kStates.begin());
}

constexpr std::string_view kColumns =
    "video_id, revision, source_key, source_bytes, filename, owner_id, policy, source_retention, state, plan_key, "
    "created_us, playable_us, cpu_us";
constexpr std::size_t kColumnCount = 13;

Film film_of(const SqlRow& row) {
    Film film;
    film.key = {VideoId::parse(row.text(0)).value(), static_cast<int>(row.integer(1))};
    film.source_key = row.text(2);
    film.source_bytes = row.integer(3);
    film.filename = row.text(4);
    film.owner_id = row.text_or_null(5).value_or("");
    film.policy = row.text(6);
    film.source_retention = row.text(7);
    film.state = state_from_text(row.text(8));
    film.plan_key = row.text_or_null(9).value_or("");
    film.created_us = row.integer(10);
    film.playable_us = row.integer_or_null(11);
    film.cpu_us = row.integer(12);
    return film;
}

ArtefactRow artefact_of(const SqlRow& row) {
    return {row.text(0), row.integer(1), row.integer(2), row.text(3), row.integer(4), row.integer(5), row.integer(6)};
}

}  // namespace

std::string FilmKey::text() const { return fmt::format("{}/{}", video.text(), revision); }

std::optional<FilmKey> FilmKey::parse(std::string_view text) {
    if (text.size() < Uuid::kTextLength + 2 || text[Uuid::kTextLength] != '/') return std::nullopt;
    const auto video = VideoId::parse(text.substr(0, Uuid::kTextLength));
    const auto number = text.substr(Uuid::kTextLength + 1);
    FilmKey key;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), key.revision);
    if (!video || error != std::errc{} || end != number.data() + number.size() || key.revision < 1) return std::nullopt;
    key.video = *video;
    return key;
}

void insert_film(SqlSession& session, const Film& film) {
    session.run(
        "INSERT INTO films (video_id, revision, state, source_key, source_bytes, filename, owner_id, policy, "
        "source_retention, created_us, updated_us) VALUES ($1, $2, 'submitted', $3, $4, $5, $6, $7, $8, movio_now_us(), "
        "movio_now_us()) ON CONFLICT DO NOTHING",
        {sql(film.key.video.text()), sql(film.key.revision), sql(film.source_key), sql(film.source_bytes),
         sql(film.filename), film.owner_id.empty() ? SqlValue{} : sql(film.owner_id), sql(film.policy),
         sql(film.source_retention)});
}

std::optional<Film> find_film(SqlSession& session, const FilmKey& key) {
    const auto found = session.run(fmt::format("SELECT {} FROM films WHERE video_id = $1 AND revision = $2", kColumns),
                                   {sql(key.video.text()), sql(key.revision)});
    return found.empty() ? std::nullopt : std::optional(film_of(found.rows.front()));
}

void set_planned(SqlSession& session, const FilmKey& key, const std::string& plan_key) {
    session.run(
        "UPDATE films SET state = 'planned', plan_key = $3, ended_us = NULL, updated_us = movio_now_us() "
        "WHERE video_id = $1 AND revision = $2",
        {sql(key.video.text()), sql(key.revision), sql(plan_key)});
}

void set_state(SqlSession& session, const FilmKey& key, FilmState state) {
    session.run(
        "UPDATE films SET state = $3, updated_us = movio_now_us(), "
        "ended_us = CASE WHEN $3 IN ('submitted', 'planned') THEN NULL ELSE movio_now_us() END "
        "WHERE video_id = $1 AND revision = $2",
        {sql(key.video.text()), sql(key.revision), sql(to_text(state))});
}

void set_processed(SqlSession& session, const FilmKey& key, const std::string& measured_key) {
    set_state(session, key, FilmState::processed);
    session.run("UPDATE films SET measured_key = $3 WHERE video_id = $1 AND revision = $2",
                {sql(key.video.text()), sql(key.revision), sql(measured_key)});
}

void set_playable(SqlSession& session, const FilmKey& key) {
    session.run(
        "UPDATE films SET playable_us = movio_now_us() WHERE video_id = $1 AND revision = $2 AND playable_us IS NULL",
        {sql(key.video.text()), sql(key.revision)});
}

void add_cpu(SqlSession& session, const FilmKey& key, std::int64_t cpu_us) {
    session.run("UPDATE films SET cpu_us = cpu_us + $3 WHERE video_id = $1 AND revision = $2",
                {sql(key.video.text()), sql(key.revision), sql(cpu_us)});
}

bool is_deleted(SqlSession& session, const FilmKey& key) {
    return !session
                .run("SELECT 1 FROM films WHERE video_id = $1 AND revision = $2 AND state = 'deleted'",
                     {sql(key.video.text()), sql(key.revision)})
                .empty();
}

std::vector<FilmKey> films_of(SqlSession& session, VideoId video) {
    const auto found = session.run("SELECT revision FROM films WHERE video_id = $1", {sql(video.text())});
    std::vector<FilmKey> keys;
    keys.reserve(found.rows.size());
    for (const auto& row : found.rows) keys.push_back({video, static_cast<int>(row.integer(0))});
    return keys;
}

void set_deleted(SqlSession& session, const FilmKey& key) {
    set_state(session, key, FilmState::deleted);
    session.run(
        "UPDATE films SET deleted_us = movio_now_us(), source_deleted_us = COALESCE(source_deleted_us, movio_now_us()) "
        "WHERE video_id = $1 AND revision = $2",
        {sql(key.video.text()), sql(key.revision)});
    session.run("DELETE FROM artefacts WHERE video = $1 AND revision = $2", {sql(key.video.text()), sql(key.revision)});
}

std::vector<Film> films_to_retire(SqlSession& session) {
    const auto found = session.run(
        fmt::format("SELECT {}, (movio_now_us() - ended_us) / 86400000000 FROM films WHERE source_deleted_us IS NULL "
                    "AND ended_us IS NOT NULL AND state = 'processed' AND source_retention <> 'keep' LIMIT 1000",
                    kColumns));
    std::vector<Film> films;
    for (const auto& row : found.rows) {
        Film film = film_of(row);
        const auto days = retention_days(film.source_retention);
        if (days && row.integer(kColumnCount) >= *days) films.push_back(std::move(film));
    }
    return films;
}

void set_source_deleted(SqlSession& session, const FilmKey& key) {
    session.run("UPDATE films SET source_deleted_us = movio_now_us() WHERE video_id = $1 AND revision = $2",
                {sql(key.video.text()), sql(key.revision)});
}

bool insert_artefact(SqlSession& session, const FilmKey& key, const ArtefactRow& artefact, const std::string& task_id,
                     std::int64_t attempt) {
    if (is_deleted(session, key)) return false;
    const auto result = session.run(
        "INSERT INTO artefacts (video, revision, rendition, n, bytes, sha256, ticks, damaged, task_id, attempt, "
        "picture_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        {sql(key.video.text()), sql(key.revision), sql(artefact.rendition), sql(artefact.n), sql(artefact.bytes),
         sql(artefact.sha256), sql(artefact.ticks), sql(artefact.damaged), sql(task_id), sql(attempt),
         sql(artefact.picture_bytes)});
    return result.changed == 1;
}

void delete_artefact(SqlSession& session, const FilmKey& key, const std::string& rendition, std::int64_t n) {
    session.run("DELETE FROM artefacts WHERE video = $1 AND revision = $2 AND rendition = $3 AND n = $4",
                {sql(key.video.text()), sql(key.revision), sql(rendition), sql(n)});
}

std::optional<ArtefactRow> find_artefact(SqlSession& session, const FilmKey& key, const std::string& rendition,
                                         std::int64_t n) {
    const auto found = artefacts_of(session, key, rendition, n, n + 1);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<ArtefactRow> artefacts_of(SqlSession& session, const FilmKey& key, const std::string& rendition,
                                      std::int64_t first, std::int64_t end) {
    const auto found = session.run(
        "SELECT rendition, n, bytes, sha256, ticks, damaged, picture_bytes FROM artefacts "
        "WHERE video = $1 AND revision = $2 AND rendition = $3 AND n >= $4 AND n < $5 ORDER BY n",
        {sql(key.video.text()), sql(key.revision), sql(rendition), sql(first), sql(end)});
    std::vector<ArtefactRow> artefacts;
    artefacts.reserve(found.rows.size());
    for (const auto& row : found.rows) artefacts.push_back(artefact_of(row));
    return artefacts;
}

std::map<std::string, std::int64_t> artefact_counts(SqlSession& session, const FilmKey& key) {
    const auto found = session.run(
        "SELECT rendition, COUNT(*) FROM artefacts WHERE video = $1 AND revision = $2 AND n > 0 GROUP BY rendition",
        {sql(key.video.text()), sql(key.revision)});
    std::map<std::string, std::int64_t> counts;
    for (const auto& row : found.rows) counts[row.text(0)] = row.integer(1);
    return counts;
}

}  // namespace movio::processing
