// The last task of a film: is everything there and as planned? Then what was made is written down and told.
#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "media/format/measured.hpp"
#include "ports/blob_keys.hpp"
#include "processing/film_events.hpp"
#include "processing/film_tasks.hpp"

namespace movio::processing {
namespace {

struct Checked {
    media::Measured measured;
    std::int64_t damaged_frames = 0;
    std::string missing;  // key of the first segment that is not as recorded; empty when all are
};

Awaitable<Checked> check_rendition(Database& database, BlobStore& blobs, FilmKey film, std::string rendition,
                                   std::int64_t segments, Checked checked) {
    const auto rows = co_await database.read(
        [&](SqlSession& session) { return artefacts_of(session, film, rendition, 0, segments + 1); });
    auto& list = checked.measured.renditions[rendition];
    std::int64_t expected = 0;
    for (const auto& row : rows) {
        const auto key = blob_keys::segment(film.video, film.revision, rendition, expected);
        const auto blob = co_await blobs.stat(BlobKey(key));
        if (row.n != expected || !blob || blob->bytes != row.bytes) {
            checked.missing = key;
            co_return checked;
        }
        if (row.n > 0) list.push_back({row.bytes, row.ticks, row.damaged});
        checked.damaged_frames += row.damaged;
        ++expected;
    }
    if (expected != segments + 1) checked.missing = blob_keys::segment(film.video, film.revision, rendition, expected);
    co_return checked;
}

bool is_damaged(const media::Plan& plan, const Checked& checked) {
    const auto renditions = static_cast<std::int64_t>(std::max<std::size_t>(1, plan.video.size()));
    const auto frames = plan.has_video() ? plan.grid.frames_total() * renditions : 0;
    return frames > 0 && checked.damaged_frames * 100 > frames * limits::kDamagedPercentMax;
}

}  // namespace

FilmTasks::Outcome FilmTasks::finish(Work& work) {
    meter_.finishing(work.film.key);
    Checked checked;
    std::vector<std::string> renditions;
    for (const auto& rung : work.plan->video) renditions.push_back(rung.name);
    for (const auto& sound : work.plan->audio) renditions.push_back(sound.name);
    for (const auto& rendition : renditions) {
        checked = co_await check_rendition(database_, blobs_, work.film.key, rendition, work.plan->grid.segments(),
                                           std::move(checked));
        if (!checked.missing.empty()) throw Failure(fmt::format("the finished film lacks '{}'", checked.missing));
    }
    if (is_damaged(*work.plan, checked)) {
        co_return ledger::Failed{{ErrorCode::damaged,
                                  fmt::format("More than {} % of the film cannot be decoded; upload an undamaged copy",
                                              limits::kDamagedPercentMax),
                                  fmt::format("{} frames repeated", checked.damaged_frames)}};
    }
    const auto& [video, revision] = work.film.key;
    const auto poster = co_await blobs_.stat(BlobKey(blob_keys::poster(video, revision)));
    if (poster) checked.measured.poster_key = blob_keys::kPosterName;
    const std::string measured_key = blob_keys::measured(video, revision);
    const std::string text = media::to_json(checked.measured);
    const auto view = as_bytes(text);
    co_await put(BlobKey(measured_key), Bytes(view.begin(), view.end()));
    const std::string poster_key = poster ? poster->key : "";
    ledger::Done done;
    done.effect = [this, film = work.film.key, measured_key, poster_key](SqlSession& session) {
        set_processed(session, film, measured_key);
        outbox_.append(session, processed_event(film, measured_key, poster_key));
    };
    meter_.ended(work.film.key);
    co_return done;
}

}  // namespace movio::processing
