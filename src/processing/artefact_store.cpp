#include "processing/artefact_store.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "media/format/box_reader.hpp"
#include "media/format/sound.hpp"
#include "media/format/verify.hpp"
#include "ports/blob_keys.hpp"

namespace movio::processing {
namespace {

std::int64_t number_of(const media::Artefact& artefact) {
    return artefact.kind == media::ArtefactKind::init_segment ? 0 : artefact.number;
}

std::int64_t planned_ticks(const media::Plan& plan, const std::string& rendition, std::int64_t n) {
    if (n == 0) return 0;
    if (const auto* sound = plan.find_audio(rendition)) {
        const auto range = media::audio_segment(plan, *sound, n - 1);
        return (range.end - range.first) * media::kAacFrameSamples;
    }
    return plan.grid.segment(n - 1).frames * plan.grid.frame_ticks();
}

std::string segment_key(const FilmKey& film, const std::string& rendition, std::int64_t n) {
    return blob_keys::segment(film.video, film.revision, rendition, n);
}

// 0 for sound and init segments.
std::int64_t picture_bytes_of(const media::Plan& plan, const std::string& rendition, std::int64_t n, ByteView bytes) {
    if (n == 0 || plan.find_video(rendition) == nullptr) return 0;
    const auto segment = media::read_segment(bytes);
    return segment && segment->first_is_sync() ? static_cast<std::int64_t>(segment->first_picture_bytes()) : 0;
}

ArtefactRow row_of(const media::Plan& plan, const std::string& rendition, std::int64_t n, std::int64_t damaged,
                   ByteView bytes, std::string sha256) {
    return {rendition,
            n,
            static_cast<std::int64_t>(bytes.size()),
            std::move(sha256),
            planned_ticks(plan, rendition, n),
            damaged,
            picture_bytes_of(plan, rendition, n, bytes)};
}

// Whether the first-listed variant can begin: init and first segment of the lowest rung and of the default sound.
bool has_beginning(SqlSession& session, const FilmKey& film, const media::Plan& plan) {
    const auto begins = [&](const std::string& rendition) {
        return artefacts_of(session, film, rendition, 0, 2).size() == 2;
    };
    return (plan.video.empty() || begins(plan.video.front().name)) &&
           (plan.audio.empty() || begins(plan.audio.front().name));
}

media::MediaResult<void> verify(const media::Plan& plan, const std::string& rendition, std::int64_t n, ByteView bytes) {
    if (n == 0) return media::verify_init(plan, rendition, bytes);
    return media::verify_segment(plan, rendition, n - 1, bytes);
}

}  // namespace

Awaitable<std::vector<ArtefactStore::Numbered>> ArtefactStore::store(const FilmKey& film, const media::Plan& plan,
                                                                     std::vector<media::Artefact> artefacts,
                                                                     const ledger::Lease& lease) {
    std::vector<media::Artefact> inits;
    std::vector<media::Artefact> segments;
    for (auto& artefact : artefacts)
        (artefact.kind == media::ArtefactKind::init_segment ? inits : segments).push_back(std::move(artefact));
    auto made = co_await store_together(film, plan, std::move(inits), lease);
    std::ranges::move(co_await store_together(film, plan, std::move(segments), lease), std::back_inserter(made));
    co_return made;
}

Awaitable<std::vector<ArtefactStore::Numbered>> ArtefactStore::store_together(const FilmKey& film,
                                                                              const media::Plan& plan,
                                                                              std::vector<media::Artefact> artefacts,
                                                                              const ledger::Lease& lease) {
    if (artefacts.empty()) co_return std::vector<Numbered>{};
    std::vector<ArtefactRow> rows;
    std::vector<NewBlob> blobs;
    for (auto& artefact : artefacts) {
        rows.push_back(row_of(plan, artefact.rendition, number_of(artefact), artefact.damaged, artefact.bytes,
                              std::move(artefact.sha256)));
        blobs.push_back({BlobKey(segment_key(film, artefact.rendition, rows.back().n)), std::move(artefact.bytes)});
    }
    const auto stored = co_await blobs_.put_all(std::move(blobs));
    if (!stored) throw_not_stored(segment_key(film, rows.front().rendition, rows.front().n), stored.error());
    std::vector<ArtefactRow> first;
    std::vector<ArtefactRow> again;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool existed = (*stored)[i] == CommitOutcome::existed;
        log_debug("segment made", {{"video_id", film.video.text()},
                                   {"key", segment_key(film, rows[i].rendition, rows[i].n)},
                                   {"again", existed}});
        (existed ? again : first).push_back(std::move(rows[i]));
    }
    auto made = co_await record(film, plan, first, lease);
    for (const auto& row : again) co_await meet(film, plan, row, lease);
    co_return made;
}

Awaitable<void> ArtefactStore::meet(const FilmKey& film, const media::Plan& plan, const ArtefactRow& made,
                                    const ledger::Lease& lease) {
    if (!co_await adopt(film, plan, made.rendition, made.n, lease))
        throw Failure(fmt::format("the stored '{}' was damaged or is gone; it has to be made again",
                                  segment_key(film, made.rendition, made.n)));
    if (made.n == 0) co_await expect_same_init(film, made);
}

// All segments of a rendition are played by one init segment, so whoever makes some must have made the very same.
Awaitable<void> ArtefactStore::expect_same_init(FilmKey film, const ArtefactRow& made) {
    const auto stored = co_await database_.read(
        [&film, &made](SqlSession& session) { return find_artefact(session, film, made.rendition, 0); });
    if (!stored || stored->sha256 == made.sha256) co_return;
    throw Failure(fmt::format(
        "the parameter sets of '{}' are not those of its stored init segment: another build of the encoder made it",
        made.rendition));
}

Awaitable<std::vector<ArtefactStore::Numbered>> ArtefactStore::record(const FilmKey& film, const media::Plan& plan,
                                                                      const std::vector<ArtefactRow>& rows,
                                                                      const ledger::Lease& lease) {
    if (rows.empty()) co_return std::vector<Numbered>{};
    auto made = co_await database_.write([&film, &plan, &rows, &lease](SqlSession& session) {
        std::vector<Numbered> inserted;
        for (const auto& row : rows)
            if (insert_artefact(session, film, row, lease.task.text(), lease.attempt))
                inserted.emplace_back(row.rendition, row.n);
        const bool begins = std::ranges::any_of(rows, [](const ArtefactRow& row) { return row.n <= 1; });
        if (begins && has_beginning(session, film, plan)) set_playable(session, film);
        return inserted;
    });
    for (const auto& row : rows) announce(film, row.rendition, row.n);
    co_return made;
}

Awaitable<bool> ArtefactStore::adopt(const FilmKey& film, const media::Plan& plan, const std::string& rendition,
                                     std::int64_t n, const ledger::Lease& lease) {
    const bool known = co_await database_.read(
        [&film, &rendition, n](SqlSession& session) { return find_artefact(session, film, rendition, n).has_value(); });
    co_return known || co_await adopt_blob(film, plan, rendition, n, lease);
}

Awaitable<bool> ArtefactStore::adopt_blob(const FilmKey& film, const media::Plan& plan, const std::string& rendition,
                                          std::int64_t n, const ledger::Lease& lease) {
    const BlobKey key(segment_key(film, rendition, n));
    const auto bytes = co_await blobs_.get(key, limits::kSegmentBytesMax);
    if (!bytes) co_return false;
    if (const auto sound = verify(plan, rendition, n, *bytes); !sound) {
        // Nothing half-written is ever readable, so this is a damaged disk or a foreign file: make it anew.
        log_error("a stored segment is not what the plan says; it is removed and made again",
                  {{"key", key.text()}, {"reason", sound.error().detail}});
        co_await blobs_.remove(key);
        co_return false;
    }
    co_await record(film, plan, {row_of(plan, rendition, n, 0, *bytes, sha256_hex(*bytes))}, lease);
    co_return true;
}

Awaitable<std::optional<std::pair<std::int64_t, std::int64_t>>> ArtefactStore::missing(
    const FilmKey& film, const media::Plan& plan, const std::string& rendition, std::int64_t first, std::int64_t end,
    const ledger::Lease& lease) {
    std::vector<bool> present(static_cast<std::size_t>(end - first), false);
    const auto rows = co_await database_.read(
        [&](SqlSession& session) { return artefacts_of(session, film, rendition, first + 1, end + 1); });
    for (const auto& row : rows) present[static_cast<std::size_t>(row.n - 1 - first)] = true;
    std::optional<std::pair<std::int64_t, std::int64_t>> range;
    for (std::int64_t k = first; k < end; ++k) {
        if (present[static_cast<std::size_t>(k - first)]) continue;
        if (co_await adopt_blob(film, plan, rendition, k + 1, lease)) continue;
        range = {range ? range->first : k, k + 1};
    }
    // Every run makes the init segment along with the others.
    if (!range && !co_await adopt(film, plan, rendition, 0, lease)) range = {first, first + 1};
    co_return range;
}

Awaitable<void> ArtefactStore::forget(const FilmKey& film, const std::string& rendition, std::int64_t n) {
    co_await database_.write([&](SqlSession& session) { delete_artefact(session, film, rendition, n); });
    co_await blobs_.remove(BlobKey(segment_key(film, rendition, n)));
}

void ArtefactStore::announce(const FilmKey& film, const std::string& rendition, std::int64_t n) {
    announce_blob(film, segment_key(film, rendition, n), rendition, n);
}

void ArtefactStore::announce_poster(const FilmKey& film) {
    announce_blob(film, blob_keys::poster(film.video, film.revision), "image", 0);
}

void ArtefactStore::announce_blob(const FilmKey& film, const std::string& key, const std::string& rendition,
                                  std::int64_t n) {
    Event event;
    event.id = EventId::make();
    event.type = "segment.stored";
    event.time_us = wall_now_us();
    event.video = film.video;
    event.revision = film.revision;
    JsonWriter data;
    data.begin_object().member("rendition", rendition).member("n", n).member("key", key).end_object();
    event.data = data.take();
    bus_.publish_transient(std::move(event));
}

}  // namespace movio::processing
