#include "ledger/job_desk.hpp"

#include <utility>

#include "ports/sql_text.hpp"

namespace movio::ledger {
namespace {

Awaitable<std::map<std::string, JobAbout>> videos_of(std::vector<std::string> subjects) {
    std::map<std::string, JobAbout> found;
    for (auto& subject : subjects) {
        const auto video = VideoId::parse(std::string_view(subject).substr(0, Uuid::kTextLength));
        if (video) found.emplace(std::move(subject), JobAbout{.text = {}, .video = video, .owner = {}});
    }
    co_return found;
}

Awaitable<std::map<std::string, JobAbout>> nothing(std::vector<std::string>) {
    co_return std::map<std::string, JobAbout>();
}

// Nobody owns them as far as the ledger knows.
JobCondition condition_of(const JobFilter& filter) {
    if (filter.owner) return [](const auto&) { return std::string("1 = 0"); };
    if (filter.text.empty()) return {};
    return [part = like_part(filter.text)](const auto& value) {
        const std::string like = " LIKE " + value(sql(part)) + " ESCAPE '\\'";
        return "lower(kind)" + like + " OR lower(subject)" + like;
    };
}

Awaitable<Result<void>> retry_task(Ledger& ledger, TaskId task) {
    const auto opened = co_await ledger.retry_task(task);
    if (!opened) co_return std::unexpected(opened.error());
    co_return Result<void>{};
}

}  // namespace

JobDesk plain_desk(std::string service, Ledger& ledger, const TaskRunner& runner, bool of_films) {
    JobDesk desk;
    desk.service = std::move(service);
    desk.ledger = &ledger;
    desk.runner = &runner;
    desk.about = of_films ? &videos_of : &nothing;
    desk.only = &condition_of;
    desk.retry = [&ledger](JobId job) { return ledger.retry(job); };
    desk.retry_task = [&ledger](TaskId task) { return ledger::retry_task(ledger, task); };
    desk.processes = [] { return std::vector<WorkProcess>(); };
    return desk;
}

}  // namespace movio::ledger
