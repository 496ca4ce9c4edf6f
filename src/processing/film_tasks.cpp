#include "processing/film_tasks.hpp"

#include <utility>
#include <variant>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "media/format/pieces.hpp"
#include "ports/blob_keys.hpp"
#include "processing/fill.hpp"
#include "processing/film_events.hpp"
#include "processing/store_source.hpp"

namespace movio::processing {
namespace {

sandbox::Urgency urgency_of(const ledger::LeasedTask& task) {
    if (task.priority >= ledger::Priority::on_demand) return sandbox::Urgency::on_demand;
    if (task.priority >= ledger::Priority::publish) return sandbox::Urgency::interactive;
    return sandbox::Urgency::batch;
}

// The loudness of a film is that of its first sound track. One that is copied is heard by tasks of their own.
bool is_heard_on_the_way(const media::Plan& plan, const std::string& rendition) {
    return !plan.audio.empty() && plan.audio.front().name == rendition && !plan.audio.front().passthrough;
}

// Where a poster is looked for at first: early, so that it gives nothing away, and not all in one scene.
std::vector<std::int64_t> poster_candidates(const media::Plan& plan) {
    constexpr std::int64_t kPercents[] = {5, 20, 30, 45, 60};
    std::vector<std::int64_t> frames{plan.poster_frame};
    for (const auto percent : kPercents) frames.push_back(plan.grid.frames_total() * percent / 100);
    return frames;
}

}  // namespace

SegmentTask segments_of(const ledger::LeasedTask& task) {
    auto segments = segment_task_from_json(task.args);
    if (!segments) throw Failure(fmt::format("task {} has bad arguments: {}", task.key, segments.error().message));
    return *segments;
}

ledger::TaskOutcome outcome_of(const media::MediaError& error) {
    Error reason{error.code, error.message, error.detail};
    if (error.code == ErrorCode::internal || error.code == ErrorCode::cancelled)
        return ledger::Retry{std::move(reason), {}};
    return ledger::Failed{std::move(reason)};
}

FilmTasks::FilmTasks(Database& database, BlobStore& blobs, EventBus& bus, ledger::Ledger& ledger,
                     ledger::Outbox& outbox, sandbox::MediaProcesses& media, FilmTaskOptions options)
    : database_(database),
      blobs_(blobs),
      bus_(bus),
      ledger_(ledger),
      outbox_(outbox),
      media_(media),
      options_(std::move(options)),
      artefacts_(database, blobs, bus),
      plans_(blobs),
      meter_(bus) {}

void FilmTasks::register_with(ledger::TaskRunner& runner) {
    ledger_.on_job_ended([this](SqlSession& session, const ledger::Job& job) {
        const auto film = FilmKey::parse(job.subject);
        if (film) session.after_commit([this, film] { meter_.ended(*film); });
    });
    const auto add = [this, &runner](std::string_view kind, Step step) {
        runner.handle(std::string(kind), [this, step](ledger::LeasedTask task, std::stop_token stop) {
            return run_step(std::move(task), std::move(stop), step);
        });
    };
    add(task_kind::kIndex, &FilmTasks::index);
    add(task_kind::kVideo, &FilmTasks::video);
    add(task_kind::kAhead, &FilmTasks::video);
    add(task_kind::kAudio, &FilmTasks::audio);
    add(task_kind::kLevels, &FilmTasks::levels);
    add(task_kind::kPoster, &FilmTasks::poster);
    add(task_kind::kSegment, &FilmTasks::segment);
    add(task_kind::kImages, &FilmTasks::images);
    add(task_kind::kFinish, &FilmTasks::finish);
}

FilmTasks::Outcome FilmTasks::run_step(ledger::LeasedTask task, std::stop_token stop, Step step) {
    const auto key = FilmKey::parse(task.subject);
    const auto film =
        key ? co_await database_.read([&key](SqlSession& session) { return find_film(session, *key); }) : std::nullopt;
    if (!film) throw Failure(fmt::format("task {} is for the unknown film '{}'", task.key, task.subject));
    Work work{std::move(task), std::move(stop), *film, nullptr, 0, false};
    work.plan = co_await plans_.find(*key);
    if (!work.plan && work.task.kind != task_kind::kIndex)
        throw Failure(fmt::format("the film {} has lost its plan", key->text()));
    if (work.plan) co_await begin_meter(*key, *work.plan);
    log_info(
        "task begins",
        {{"video_id", key->video.text()}, {"task", work.task.key}, {"attempt", std::int64_t{work.task.lease.attempt}}});
    auto outcome = co_await (this->*step)(work);
    auto* done = std::get_if<ledger::Done>(&outcome);
    log_info(done != nullptr ? "task done" : "task not done",
             {{"video_id", key->video.text()}, {"task", work.task.key}, {"cpu_ms", work.cpu_us / 1000}});
    if (done != nullptr && work.cpu_us > 0) {
        done->effect = [effect = std::move(done->effect), film = *key, cpu_us = work.cpu_us](SqlSession& session) {
            add_cpu(session, film, cpu_us);
            if (effect) effect(session);
        };
    }
    co_return outcome;
}

Awaitable<void> FilmTasks::begin_meter(const FilmKey& film, const media::Plan& plan) {
    if (meter_.has_begun(film)) co_return;
    const auto counts =
        co_await database_.read([&film](SqlSession& session) { return artefact_counts(session, film); });
    meter_.begin(film, plan, counts);
}

Awaitable<void> FilmTasks::put(BlobKey key, Bytes bytes) {
    const auto outcome = co_await blobs_.put(key, std::move(bytes));
    if (!outcome) throw_not_stored(key.text(), outcome.error());
}

FilmTasks::Taken FilmTasks::take_blob(BlobKey key, media::Artefact artefact) {
    co_await put(std::move(key), std::move(artefact.bytes));
    co_return media::MediaResult<void>{};
}

FilmTasks::Taken FilmTasks::take_index_artefact(FilmKey film, media::Artefact artefact, std::string& index_json) {
    if (artefact.kind == media::ArtefactKind::cues)
        co_await put(BlobKey(blob_keys::raw_cues(film.video, film.revision, artefact.rendition)),
                     std::move(artefact.bytes));
    else if (artefact.kind == media::ArtefactKind::index)
        index_json = as_text(artefact.bytes);
    co_return media::MediaResult<void>{};
}

FilmTasks::Taken FilmTasks::take_segment(Work& work, StoreQueue& queue, media::Artefact artefact) {
    if (artefact.kind == media::ArtefactKind::image || artefact.kind == media::ArtefactKind::figures)
        co_return co_await take_extra(work.film.key, std::move(artefact));
    co_await queue.add(std::move(artefact));
    co_return media::MediaResult<void>{};
}

Awaitable<void> FilmTasks::store_segments(Work& work, std::vector<media::Artefact> artefacts) {
    const auto made = co_await artefacts_.store(work.film.key, *work.plan, std::move(artefacts), work.task.lease);
    for (const auto& [rendition, n] : made) {
        if (n == 0) continue;
        meter_.stored(work.film.key, *work.plan, rendition);
        if (!std::exchange(work.has_made_something, true)) co_await ledger_.made_progress(work.task.lease);
    }
}

Awaitable<std::optional<media::Index>> FilmTasks::take_early_index(Work& work) {
    if (options_.early == nullptr) co_return std::nullopt;
    auto found = co_await options_.early->take(work.film.key, work.film.source_key, work.film.source_bytes, work.stop);
    if (!found) co_return std::nullopt;
    auto index = media::index_from_json(found->index_json);
    if (!index || index->source_bytes != work.film.source_bytes) co_return std::nullopt;
    for (auto& cues : found->cues) co_await take_index_artefact(work.film.key, std::move(cues), found->index_json);
    work.cpu_us += found->cpu.count();
    log_info("a film was indexed while it arrived", {{"video_id", work.film.key.video.text()}});
    co_return std::move(*index);
}

Awaitable<sandbox::MediaJob> FilmTasks::new_job(Work& work, media::Work order) {
    sandbox::MediaJob job;
    job.order.work = std::move(order);
    if (work.plan) job.order.plan = *work.plan;
    job.source = co_await open_source(blobs_, BlobKey(work.film.source_key));
    if (!job.source) throw Failure(fmt::format("the source '{}' is not in the store", work.film.source_key));
    job.urgency = urgency_of(work.task);
    job.wall_limit = options_.wall_limit;
    job.log_id = work.film.key.video.text();
    job.task_id = work.task.lease.task.text();
    job.on_cost = [&work](std::chrono::microseconds cpu) { work.cpu_us += cpu.count(); };
    co_return job;
}

Awaitable<media::MediaResult<media::Index>> FilmTasks::run_index(Work& work) {
    if (auto early = co_await take_early_index(work)) co_return std::move(*early);
    auto job = co_await new_job(work, media::IndexWork{});
    std::string index_json;
    const auto on_artefact = [this, &work, &index_json](media::Artefact artefact) {
        return take_index_artefact(work.film.key, std::move(artefact), index_json);
    };
    const auto on_progress = [this, &work](int permille) { meter_.indexing(work.film.key, permille); };
    auto ran = co_await media_.run(std::move(job), on_artefact, on_progress, work.stop);
    if (!ran) co_return std::unexpected(ran.error());
    auto index = media::index_from_json(index_json);
    if (!index) throw Failure("the media process gave no readable index: " + index.error().message);
    co_return std::move(*index);
}

Awaitable<std::shared_ptr<const media::Plan>> FilmTasks::store_plan(const FilmKey& film, media::Plan plan) {
    // A plan that is there already is the plan: segments may have been made by it.
    const std::string text = media::to_json(plan);
    const auto view = as_bytes(text);
    co_await put(BlobKey(blob_keys::plan(film.video, film.revision)), Bytes(view.begin(), view.end()));
    co_return co_await plans_.find(film);
}

FilmTasks::Outcome FilmTasks::index(Work& work) {
    meter_.indexing(work.film.key, 0);
    if (!work.plan) {
        auto index = co_await run_index(work);
        if (!index) co_return outcome_of(index.error());
        auto plan = media::make_plan(*index, options_.plan);
        if (!plan) co_return outcome_of(plan.error());
        plan->estimate = media::estimate(*plan, options_.machine);
        work.plan = co_await store_plan(work.film.key, std::move(*plan));
    }
    co_await begin_meter(work.film.key, *work.plan);
    ledger::Done done;
    done.effect = [this, film = work.film, job = work.task.job, priority = work.task.priority,
                   plan = work.plan](SqlSession& session) {
        set_planned(session, film.key, blob_keys::plan(film.key.video, film.key.revision));
        ledger_.add_tasks(session, job, film_tasks(*plan, priority));
        append_planned(session, film, *plan);
    };
    co_return done;
}

void FilmTasks::append_planned(SqlSession& session, const Film& film, const media::Plan& plan) const {
    outbox_.append(session, planned_event(film.key));
    for (const auto& track : plan.text) outbox_.append(session, subtitle_event(film.key, track));
}

Awaitable<media::MediaResult<void>> FilmTasks::make_segments(Work& work, media::Work order, sandbox::Urgency urgency) {
    auto job = co_await new_job(work, std::move(order));
    job.urgency = urgency;
    StoreQueue queue(co_await asio::this_coro::executor, [this, &work](std::vector<media::Artefact> artefacts) {
        return store_segments(work, std::move(artefacts));
    });
    const auto on_artefact = [this, &work, &queue](media::Artefact artefact) {
        return take_segment(work, queue, std::move(artefact));
    };
    media::MediaResult<void> made;
    std::exception_ptr outage;
    try {
        made = co_await media_.run(std::move(job), on_artefact, [](int) {}, work.stop);
    } catch (...) {
        outage = std::current_exception();
    }
    // What was handed over is stored, however the process ended, and also when this was cancelled meanwhile.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await queue.settle();
    co_await asio::this_coro::throw_if_cancelled(true);
    if (outage) std::rethrow_exception(outage);
    co_return made;
}

FilmTasks::Outcome FilmTasks::video(Work& work) {
    const auto segments = segments_of(work.task);
    media::VideoWork order;
    // Of what is copied nothing is decoded, and of what is made ahead everything is decoded again.
    order.looks = segments.rendition.empty();
    for (const auto& rung : work.plan->video) {
        const bool meant = segments.rendition.empty() ? !rung.passthrough : rung.name == segments.rendition;
        if (!meant) continue;
        const auto range = co_await artefacts_.missing(work.film.key, *work.plan, rung.name, segments.first,
                                                       segments.end, work.task.lease);
        if (range) order.ranges.push_back({rung.name, range->first, range->second});
    }
    if (!order.ranges.empty()) {
        auto made = co_await make_segments(work, std::move(order), urgency_of(work.task));
        if (!made) co_return outcome_of(made.error());
    }
    co_return ledger::Done{};
}

FilmTasks::Outcome FilmTasks::audio(Work& work) {
    const auto segments = segments_of(work.task);
    const auto range = co_await artefacts_.missing(work.film.key, *work.plan, segments.rendition, segments.first,
                                                   segments.end, work.task.lease);
    const bool whole = range && range->first == segments.first && range->second == segments.end;
    const bool heard = is_heard_on_the_way(*work.plan, segments.rendition);
    if (range) {
        media::AudioWork order{{segments.rendition, range->first, range->second}, heard && whole};
        auto made = co_await make_segments(work, std::move(order), urgency_of(work.task));
        if (!made) co_return outcome_of(made.error());
    }
    if (heard && !whole) {
        if (auto measured = co_await hear(work, segments); !measured) co_return outcome_of(measured.error());
    }
    co_return ledger::Done{};
}

media::Work FilmTasks::order_of_segment(const media::Plan& plan, const std::string& rendition, std::int64_t k) {
    media::SegmentRange segment{rendition, k, k + 1};
    const auto* sound = plan.find_audio(rendition);
    if (sound == nullptr) return media::VideoWork{{segment}};
    if (!sound->passthrough) segment = media::sound_piece(plan, *sound, k);
    return media::AudioWork{segment, is_heard_on_the_way(plan, rendition)};
}

FilmTasks::Outcome FilmTasks::segment(Work& work) {
    if (!wishes_.is_wanted(work.film.key, work.task.key)) co_return ledger::Dropped{};
    const auto wanted = segments_of(work.task);
    const auto range = co_await artefacts_.missing(work.film.key, *work.plan, wanted.rendition, wanted.first,
                                                   wanted.end, work.task.lease);
    if (!range) {
        artefacts_.announce(work.film.key, wanted.rendition, wanted.end);
        co_return ledger::Done{};
    }
    auto order = order_of_segment(*work.plan, wanted.rendition, wanted.first);
    // Another segment of this block was wanted first: its task gives this one, too. Should it fail, the wish is heard
    // again.
    const auto* sound = std::get_if<media::AudioWork>(&order);
    const auto place =
        sound == nullptr ? std::nullopt : blocks_in_work_.take(work.film.key, wanted.rendition, sound->range.first);
    if (sound != nullptr && !place) co_return ledger::Dropped{};
    auto made = co_await make_segments(work, std::move(order), sandbox::Urgency::on_demand);
    if (!made && made.error().code == ErrorCode::cancelled) co_return outcome_of(made.error());
    // The batch makes this segment too, and it is the batch that says whether the film has failed.
    if (!made) {
        log_warn("a wanted segment could not be made",
                 {{"video_id", work.film.key.video.text()}, {"task", work.task.key}, {"reason", made.error().message}});
    }
    ledger::Done done;
    done.effect = [this, job = work.task.job, plan = work.plan, k = wanted.first](SqlSession& session) {
        fill_from(session, ledger_, job, *plan, k);
    };
    co_return done;
}

FilmTasks::Outcome FilmTasks::poster(Work& work) {
    const BlobKey key(blob_keys::poster(work.film.key.video, work.film.key.revision));
    if (!co_await blobs_.stat(key)) {
        media::PosterWork order{work.plan->poster_frame, 1280, poster_candidates(*work.plan)};
        auto job = co_await new_job(work, std::move(order));
        const auto on_artefact = [this, &key](media::Artefact artefact) { return take_blob(key, std::move(artefact)); };
        auto made = co_await media_.run(std::move(job), on_artefact, [](int) {}, work.stop);
        // A film without a poster still plays.
        if (!made && !std::holds_alternative<ledger::Failed>(outcome_of(made.error())))
            co_return outcome_of(made.error());
        if (!made)
            log_warn("no poster could be made",
                     {{"video_id", work.film.key.video.text()}, {"reason", made.error().message}});
    }
    artefacts_.announce_poster(work.film.key);
    co_return ledger::Done{};
}

}  // namespace movio::processing
