#include "catalog/trash.hpp"

#include <fmt/format.h>

#include "audit/entry.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "catalog/video_rows.hpp"
#include "ports/blob_keys.hpp"

namespace movio::catalog {
namespace {

constexpr std::string_view kTaskKind = "purge.blobs";
constexpr int kFilmsPerStep = 100;
constexpr int kAttemptsMax = 50;  // a store that is away for a while must not leave blobs behind

std::int64_t now_us(SqlSession& session) { return session.run("SELECT movio_now_us()").rows.at(0).integer(0); }

Event deleted_event(const Video& video) {
    Event event;
    event.type = "video.deleted";
    event.video = video.id;
    event.revision = video.revision;
    return event;
}

ledger::NewTask removal(std::int64_t purged_us) {
    JsonWriter args;
    args.begin_object().member("purged_us", purged_us).end_object();
    ledger::NewTask task;
    task.kind = kTaskKind;
    task.key = "blobs";
    task.args = args.take();
    task.attempts_max = kAttemptsMax;
    return task;
}

}  // namespace

void Trash::register_with(ledger::TaskRunner& runner) {
    runner.handle(std::string(kTaskKind),
                  [this](ledger::LeasedTask task, std::stop_token) { return remove_blobs(std::move(task)); });
}

Awaitable<int> Trash::purge() {
    int purged = 0;
    const auto keep_us = std::chrono::microseconds(options_.keep).count();
    for (bool more = true; more;) {
        const auto ids = co_await database_.read([keep_us](SqlSession& session) {
            const auto found = session.run(
                "SELECT id FROM videos WHERE deleted_us <= movio_now_us() - $1 ORDER BY deleted_us LIMIT $2",
                {sql(keep_us), sql(kFilmsPerStep)});
            std::vector<VideoId> due;
            due.reserve(found.rows.size());
            for (const auto& row : found.rows) due.push_back(VideoId::parse(row.text(0)).value());
            return due;
        });
        int gone = 0;
        for (const auto id : ids)
            if (co_await purge_film(id)) ++gone;
        purged += gone;
        more = gone > 0 && ids.size() == kFilmsPerStep;
    }
    co_return purged;
}

Awaitable<bool> Trash::purge_film(VideoId id) {
    const auto keep_us = std::chrono::microseconds(options_.keep).count();
    const bool gone = co_await database_.write([this, id, keep_us](SqlSession& session) {
        const auto video = find_video(session, id);
        const auto now = now_us(session);
        // It may have been restored since it was found.
        if (!video || !video->deleted_us || *video->deleted_us > now - keep_us) return false;
        erase_video(session, id);
        audit::record(session,
                      {.by = {.kind = audit::ActorKind::system}, .action = "video.purged", .subject = id.text()});
        outbox_.append(session, deleted_event(*video));
        const auto job = ledger_.add_job(session, {"purge", id.text(), ledger::Priority::bulk});
        ledger_.add_tasks(session, job.id, {removal(now)});
        session.after_commit([this, id] { watch_.changed(id); });
        return true;
    });
    if (!gone) co_return false;
    watch_.clear_progress(id);
    log_info("a film is purged from the trash", {{"video_id", id.text()}});
    co_return true;
}

Awaitable<ledger::TaskOutcome> Trash::remove_blobs(ledger::LeasedTask task) {
    const auto video = VideoId::parse(task.subject);
    const auto args = JsonView::parse(task.args);
    if (!video || !args) throw Failure(fmt::format("task {} has bad arguments", task.key));
    for (const auto& prefix : blob_keys::video_prefixes(*video)) co_await blobs_.remove_all(prefix);
    const auto now = co_await database_.read([](SqlSession& session) { return now_us(session); });
    const auto settled_us = args->integer_or("purged_us", 0) + std::chrono::microseconds(options_.settle).count();
    if (now < settled_us) {
        co_return ledger::Retry{
            {ErrorCode::unavailable, "The worker may still add to this film; it is looked at again", {}},
            std::chrono::milliseconds((settled_us - now) / 1000 + 1)};
    }
    co_return ledger::Done{};
}

}  // namespace movio::catalog
