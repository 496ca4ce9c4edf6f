#include "processing/film_desk.hpp"

#include <utility>

#include "ports/sql_text.hpp"

namespace movio::processing {
namespace {

using Abouts = std::map<std::string, ledger::JobAbout>;

Awaitable<Abouts> about(Database& database, std::vector<std::string> subjects) {
    auto body = [&](SqlSession& session) {
        Abouts found;
        for (const auto& subject : subjects) {
            const auto key = FilmKey::parse(subject);
            const auto film = key ? find_film(session, *key) : std::nullopt;
            if (film)
                found[subject] = {.text = film->filename, .video = key->video, .owner = UserId::parse(film->owner_id)};
        }
        return found;
    };
    co_return co_await database.read(body);
}

ledger::JobCondition only(const ledger::JobFilter& filter) {
    if (!filter.owner && filter.text.empty()) return {};
    return [filter](const auto& value) {
        // Whoever looks for a film may have its id.
        std::string condition = "EXISTS (SELECT 1 FROM films f WHERE jobs.subject = f.video_id || '/' || f.revision";
        if (filter.owner) condition += " AND f.owner_id = " + value(sql(filter.owner->text()));
        if (!filter.text.empty()) {
            const std::string like = " LIKE " + value(sql(like_part(filter.text))) + " ESCAPE '\\'";
            condition += " AND (lower(f.filename)" + like + " OR f.video_id" + like + ")";
        }
        return condition + ")";
    };
}

std::string_view to_text(sandbox::Urgency urgency) {
    switch (urgency) {
        case sandbox::Urgency::on_demand: return "on demand";
        case sandbox::Urgency::interactive: return "interactive";
        case sandbox::Urgency::batch: return "batch";
    }
    return "";
}

std::vector<ledger::WorkProcess> processes(const sandbox::MediaProcesses& media) {
    std::vector<ledger::WorkProcess> found;
    for (const auto& one : media.running())
        found.push_back({.pid = one.pid,
                         .task_id = one.task_id,
                         .video_id = one.log_id,
                         .urgency = std::string(to_text(one.urgency)),
                         .started_us = one.started_us,
                         .percent = one.permille / 10,
                         .cpu_us = one.cpu_us,
                         .rss_bytes = one.rss_bytes});
    return found;
}

}  // namespace

ledger::JobDesk film_desk(Database& database, ledger::Ledger& ledger, const ledger::TaskRunner& runner,
                          FilmService& films, const sandbox::MediaProcesses& media) {
    auto desk = ledger::plain_desk("worker", ledger, runner, true);
    desk.about = [&database](std::vector<std::string> subjects) { return about(database, std::move(subjects)); };
    desk.only = &only;
    desk.retry = [&films](JobId job) { return films.retry_job(job); };
    desk.retry_task = [&films](TaskId task) { return films.retry_task(task); };
    desk.processes = [&media] { return processes(media); };
    return desk;
}

}  // namespace movio::processing
