// The last task of a film: is everything there and as planned? Then what was made is written down and told.
#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "ports/blob_keys.hpp"
#include "processing/damage.hpp"
#include "processing/film_check.hpp"
#include "processing/film_events.hpp"
#include "processing/film_tasks.hpp"

namespace movio::processing {
namespace {

// A disk that lost more than this at once gets it back over several attempts.
constexpr std::size_t kMendedMax = 64;

Awaitable<void> check_rendition(Database& database, BlobStore& blobs, FilmKey film, std::string rendition,
                                std::int64_t segments, FilmCheck& check) {
    const auto rows = co_await database.read(
        [&](SqlSession& session) { return artefacts_of(session, film, rendition, 0, segments + 1); });
    auto& list = check.measured.renditions[rendition];
    auto row = rows.begin();
    for (std::int64_t n = 0; n <= segments; ++n) {
        const bool recorded = row != rows.end() && row->n == n;
        const auto blob = co_await blobs.stat(BlobKey(blob_keys::segment(film.video, film.revision, rendition, n)));
        if (!recorded || !blob || blob->bytes != row->bytes)
            check.wrong.emplace_back(rendition, n);
        else if (n > 0)
            list.push_back({row->bytes, row->ticks, row->damaged, row->picture_bytes});
        if (recorded) ++row;
    }
}

}  // namespace

Awaitable<FilmCheck> check_film(Database& database, BlobStore& blobs, FilmKey film, const media::Plan& plan) {
    FilmCheck check;
    const auto segments = plan.grid.segments();
    for (const auto& rung : plan.video) co_await check_rendition(database, blobs, film, rung.name, segments, check);
    for (const auto& sound : plan.audio) co_await check_rendition(database, blobs, film, sound.name, segments, check);
    co_return check;
}

Awaitable<media::MediaResult<void>> FilmTasks::mend(Work& work, FilmCheck check) {
    auto& wrong = check.wrong;
    if (wrong.size() > kMendedMax) wrong.resize(kMendedMax);
    for (const auto& [rendition, n] : wrong) {
        log_warn("a finished segment is gone or not as recorded; it is made again",
                 {{"video_id", work.film.key.video.text()}, {"rendition", rendition}, {"n", n}});
        co_await artefacts_.forget(work.film.key, rendition, n);
    }
    for (const auto& [rendition, n] : wrong) {
        const auto k = std::max<std::int64_t>(n, 1) - 1;
        // It may have come along with another one.
        if (!co_await artefacts_.missing(work.film.key, *work.plan, rendition, k, k + 1, work.task.lease)) continue;
        auto made = co_await make_segments(work, order_of_segment(*work.plan, rendition, k), sandbox::Urgency::batch);
        if (!made) co_return made;
    }
    co_return media::MediaResult<void>{};
}

FilmTasks::Outcome FilmTasks::finish(Work& work) {
    meter_.finishing(work.film.key);
    auto check = co_await check_film(database_, blobs_, work.film.key, *work.plan);
    if (!check.wrong.empty()) {
        if (auto mended = co_await mend(work, std::move(check)); !mended) co_return outcome_of(mended.error());
        check = co_await check_film(database_, blobs_, work.film.key, *work.plan);
    }
    if (!check.wrong.empty())
        throw Failure(
            fmt::format("the finished film lacks '{}/{}'", check.wrong.front().first, check.wrong.front().second));
    if (const auto damage = too_much_damage(*work.plan, check.measured)) {
        co_return ledger::Failed{{ErrorCode::damaged,
                                  fmt::format("More than {} % of the film cannot be decoded; upload an undamaged copy",
                                              limits::kDamagedPercentMax),
                                  fmt::format("{} frames of '{}' are replaced", damage->frames, damage->rendition)}};
    }
    const auto& [video, revision] = work.film.key;
    co_await add_extras(work, check.measured);
    const auto& film = work.film;
    const auto since_submitted_ms = [&film](std::int64_t then_us) {
        return std::max<std::int64_t>(0, then_us - film.created_us) / 1000;
    };
    const auto now_us = wall_now_us();
    check.measured.actual = media::Estimate{since_submitted_ms(film.playable_us.value_or(now_us)),
                                            since_submitted_ms(now_us),
                                            (film.cpu_us + work.cpu_us) / 1000,
                                            {}};
    const std::string measured_key = blob_keys::measured(video, revision);
    const std::string text = media::to_json(check.measured);
    const auto view = as_bytes(text);
    co_await put(BlobKey(measured_key), Bytes(view.begin(), view.end()));
    co_await forget_figures(work.film.key);
    const auto& poster = check.measured.poster_key;
    const std::string poster_key = poster.empty() ? "" : blob_keys::revision_prefix(video, revision) + poster;
    ledger::Done done;
    done.effect = [this, film = work.film.key, measured_key, poster_key](SqlSession& session) {
        set_processed(session, film, measured_key);
        outbox_.append(session, processed_event(film, measured_key, poster_key));
    };
    co_return done;
}

}  // namespace movio::processing
