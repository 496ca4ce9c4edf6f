#include "processing/film_service.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "ledger/inbox.hpp"
#include "processing/film_events.hpp"
#include "processing/task_plan.hpp"

namespace movio::processing {
namespace {

FilmKey key_of(const Event& event) { return {event.video, event.revision}; }

}  // namespace

void FilmService::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    ledger_.on_job_ended([this](SqlSession& session, const ledger::Job& job) { job_ended(session, job); });
    bus.subscribe("worker", {"video.submitted", "video.deleted", "segment.wanted"}, executor,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> FilmService::handle(Event event) {
    if (event.type == "video.submitted")
        co_await submitted(std::move(event));
    else if (event.type == "video.deleted")
        co_await deleted(std::move(event));
    else
        co_await wanted(std::move(event));
}

Awaitable<void> FilmService::submitted(Event event) {
    const auto data = data_of(event);
    Film film;
    film.key = key_of(event);
    film.source_key = data.text_or("source_key", "");
    film.source_bytes = data.integer_or("bytes", 0);
    film.filename = data.text_or("filename", "");
    film.owner_id = data.text_or("owner", "");
    if (const auto policy = data.find("policy")) film.policy = policy->serialize();
    film.source_retention = source_retention_;
    co_await database_.write([this, &event, &film](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, event.id)) return;
        if (is_deleted(session, film.key)) return;
        insert_film(session, film);
        const auto job = ledger_.add_job(session, {std::string(kFilmJob), film.key.text(), ledger::Priority::bulk});
        ledger_.add_tasks(session, job.id, {index_task(ledger::Priority::publish)});
    });
    log_info("a film is taken in", {{"video_id", film.key.video.text()}, {"bytes", film.source_bytes}});
}

Awaitable<void> FilmService::wanted(Event event) {
    const auto data = data_of(event);
    const std::string rendition = data.text_or("rendition", "");
    const std::int64_t n = data.integer_or("n", -1);
    const auto plan = co_await plans_.find(key_of(event));
    const bool known = plan && (plan->find_video(rendition) != nullptr || plan->find_audio(rendition) != nullptr);
    if (!known || n < 0 || n > plan->grid.segments()) co_return;
    const auto task = wanted_task(rendition, n);
    wishes_.heard(key_of(event), task.key);
    co_await database_.write([this, &event, &task](SqlSession& session) {
        const auto job = ledger_.open_job(session, kFilmJob, key_of(event).text());
        if (!job) return;
        std::vector<std::string> lapsed;
        for (const auto& waiting : ledger_.ready(session, *job, task_kind::kSegment))
            if (!wishes_.is_wanted(key_of(event), waiting.key)) lapsed.push_back(waiting.key);
        ledger_.drop_ready(session, *job, task_kind::kSegment, lapsed);
        ledger_.drop_ready(session, *job, task_kind::kSegment, limits::kWishesWaitingMax - 1);
        ledger_.add_tasks(session, *job, {task});
    });
}

Awaitable<void> FilmService::deleted(Event event) {
    co_await database_.write([this, &event](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, event.id)) return;
        // Its row is there even if it was never heard of, so that an event that comes late starts nothing.
        Film film;
        film.key = key_of(event);
        insert_film(session, film);
        for (const auto& key : films_of(session, event.video)) {
            set_deleted(session, key);
            const auto job = ledger_.open_job(session, kFilmJob, key.text());
            if (job) ledger_.cancel(session, *job);
        }
    });
    log_info("a film is deleted", {{"video_id", event.video.text()}});
}

void FilmService::job_ended(SqlSession& session, const ledger::Job& job) const {
    const auto key = job.kind == kFilmJob ? FilmKey::parse(job.subject) : std::nullopt;
    if (!key || is_deleted(session, *key)) return;
    if (job.state == ledger::JobState::failed) {
        set_state(session, *key, FilmState::failed);
        outbox_.append(session, failed_event(*key, job.failure.value_or(Error{})));
    } else if (job.state == ledger::JobState::cancelled) {
        set_state(session, *key, FilmState::cancelled);
        outbox_.append(session, cancelled_event(*key));
    }
}

Awaitable<Result<void>> FilmService::cancel_job(JobId job) {
    const auto found = co_await ledger_.find(job);
    if (!found)
        co_return fail(ErrorCode::not_found,
                       fmt::format("There is no job {}; `movio jobs list` shows them", job.text()));
    if (!co_await ledger_.cancel(job))
        co_return fail(ErrorCode::conflict, fmt::format("Job {} has ended already", job.text()));
    co_return Result<void>{};
}

Awaitable<Result<void>> FilmService::retry_job(JobId job) {
    const auto found = co_await ledger_.find(job);
    if (!found)
        co_return fail(ErrorCode::not_found,
                       fmt::format("There is no job {}; `movio jobs list` shows them", job.text()));
    co_return co_await database_.write([this, &found](SqlSession& session) -> Result<void> {
        const auto& known = found->job;
        if (auto possible = may_open(session, known); !possible) return possible;
        if (auto opened = ledger_.retry(session, known.id); !opened) return opened;
        opened_again(session, known);
        return {};
    });
}

Awaitable<Result<void>> FilmService::retry_task(TaskId task) {
    co_return co_await database_.write([this, task](SqlSession& session) -> Result<void> {
        const auto job = ledger_.job_of(session, task);
        if (!job) return fail(ErrorCode::not_found, fmt::format("There is no task {}", task.text()));
        if (auto possible = may_open(session, *job); !possible) return possible;
        const auto opened = ledger_.retry_task(session, task);
        if (!opened) return std::unexpected(opened.error());
        if (*opened) opened_again(session, *job);
        return {};
    });
}

Result<void> FilmService::may_open(SqlSession& session, const ledger::Job& job) {
    const auto key = FilmKey::parse(job.subject);
    if (key && is_deleted(session, *key)) return fail(ErrorCode::conflict, "The film of this job has been deleted");
    return {};
}

void FilmService::opened_again(SqlSession& session, const ledger::Job& job) const {
    // Whoever wished for them has gone.
    ledger_.drop_ready(session, job.id, task_kind::kSegment, 0);
    const auto key = FilmKey::parse(job.subject);
    const auto film = key ? find_film(session, *key) : std::nullopt;
    if (!film) return;
    set_state(session, *key, film->plan_key.empty() ? FilmState::submitted : FilmState::planned);
    // The api shows the film as being made again.
    if (!film->plan_key.empty()) outbox_.append(session, planned_event(*key));
}

}  // namespace movio::processing
