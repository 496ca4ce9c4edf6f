#include "ledger/endpoints/job_json.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/clock.hpp"

namespace movio::ledger {
namespace {

constexpr std::size_t kTasksShownMax = 500;  // of one job; what is of interest comes first
constexpr std::array kTaskStates{TaskState::ready, TaskState::blocked, TaskState::leased,
                                 TaskState::done,  TaskState::failed,  TaskState::cancelled};

std::optional<std::string> time_text(const std::optional<std::int64_t>& time_us) {
    return time_us ? std::optional(rfc3339(*time_us)) : std::nullopt;
}

void write_failure(JsonWriter& json, const std::optional<Error>& failure) {
    json.key("failure");
    if (!failure) {
        json.null();
        return;
    }
    json.begin_object()
        .member("code", movio::to_text(failure->code))
        .member("message", failure->message)
        .member("detail", failure->detail)
        .end_object();
}

// What is worked on, what failed, what waits for another attempt, what waits, what is over.
int rank(const Task& task) {
    switch (task.state) {
        case TaskState::leased: return 0;
        case TaskState::failed: return 1;
        case TaskState::ready: return task.failure ? 2 : 3;
        case TaskState::blocked: return 4;
        case TaskState::cancelled: return 5;
        case TaskState::done: return 6;
    }
    return 6;
}

// The order in which they were added stays among those of one rank.
std::vector<Task> by_interest(std::vector<Task> tasks) {
    std::map<int, std::vector<Task>> ranked;
    for (auto& task : tasks) ranked[rank(task)].push_back(std::move(task));
    std::vector<Task> sorted;
    sorted.reserve(tasks.size());
    for (auto& [place, some] : ranked) std::ranges::move(some, std::back_inserter(sorted));
    return sorted;
}

std::optional<std::int64_t> took_ms(const Task& task) {
    if (!task.started_us || !task.ended_us || task.state == TaskState::cancelled) return std::nullopt;
    return std::max<std::int64_t>(*task.ended_us - *task.started_us, 0) / 1000;
}

void write_task(JsonWriter& json, const Task& task, const std::map<std::string, int>& percent) {
    const auto progress = percent.find(task.id.text());
    json.begin_object()
        .member("id", task.id.text())
        .member("kind", task.kind)
        .member("key", task.key)
        .member("state", to_text(task.state))
        .member("priority", to_text(task.priority))
        .member("attempt", task.attempt)
        .member("attempts_max", task.attempts_max)
        .member("worker", task.owner)
        .member("percent", progress == percent.end() ? std::nullopt : std::optional(progress->second))
        .member("created_at", rfc3339(task.created_us))
        .member("started_at", time_text(task.started_us))
        .member("ended_at", time_text(task.ended_us))
        .member("took_ms", took_ms(task));
    json.member("next_attempt_at", task.state == TaskState::ready && task.not_before_us > 0
                                       ? std::optional(rfc3339(task.not_before_us))
                                       : std::nullopt);
    write_failure(json, task.failure);
    json.end_object();
}

void write_about(JsonWriter& json, const JobListing& listing, const Job& job) {
    const auto found = listing.about.find(job.subject);
    const auto about = found == listing.about.end() ? JobAbout{} : found->second;
    json.member("about", about.text.empty() ? job.subject : about.text)
        .member("video_id", about.video ? std::optional(about.video->text()) : std::nullopt)
        .member("owner_id", about.owner ? std::optional(about.owner->text()) : std::nullopt);
}

void write_tasks_count(JsonWriter& json, const JobFigures& figures) {
    json.key("task_counts").begin_object();
    for (const auto state : kTaskStates) {
        const auto count = figures.tasks.find(state);
        json.member(to_text(state), count == figures.tasks.end() ? 0 : count->second);
    }
    json.end_object();
}

Awaitable<JobListing> listing_of(const JobDesk& desk, JobPage page) {
    JobListing listing;
    listing.service = desk.service;
    std::vector<JobId> ids;
    std::vector<std::string> subjects;
    for (const auto& job : page.items) {
        ids.push_back(job.id);
        subjects.push_back(job.subject);
    }
    listing.page = std::move(page);
    listing.figures = co_await desk.ledger->figures(std::move(ids));
    listing.about = co_await desk.about(std::move(subjects));
    co_return listing;
}

struct Counts {
    std::int64_t ready = 0;
    std::int64_t blocked = 0;
    std::int64_t leased = 0;

    void add(const QueueLine& line) {
        if (line.state == TaskState::ready) ready += line.count;
        if (line.state == TaskState::blocked) blocked += line.count;
        if (line.state == TaskState::leased) leased += line.count;
    }
    void write_members(JsonWriter& json) const {
        json.member("ready", ready).member("blocked", blocked).member("leased", leased);
    }
};

void write_classes(JsonWriter& json, const QueueFigures& queue) {
    std::map<std::string, Counts> counts;
    for (const auto& line : queue.lines)
        if (const auto* one = class_of(queue.runner, line.priority)) counts[one->slots.name].add(line);
    json.key("classes").begin_array();
    for (const auto& one : queue.runner.classes) {
        json.begin_object()
            .member("name", one.slots.name)
            .member("at_least", to_text(one.slots.at_least))
            .member("slots", one.slots.slots)
            .member("busy", one.busy);
        counts[one.slots.name].write_members(json);
        json.end_object();
    }
    json.end_array();
}

void write_kinds(JsonWriter& json, const QueueFigures& queue) {
    std::map<std::string, Counts> counts;
    for (const auto& line : queue.lines) counts[line.kind].add(line);
    json.key("kinds").begin_array();
    for (const auto& [kind, count] : counts) {
        json.begin_object().member("kind", kind);
        count.write_members(json);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

Awaitable<JobListing> list_jobs(const JobDesk& desk, JobQuery query) {
    co_return co_await listing_of(desk, co_await desk.ledger->list(std::move(query)));
}

void write_job_members(JsonWriter& json, const JobListing& listing, const Job& job) {
    const auto found = listing.figures.find(job.id);
    const auto figures = found == listing.figures.end() ? JobFigures{} : found->second;
    json.member("id", job.id.text()).member("service", listing.service).member("kind", job.kind);
    write_about(json, listing, job);
    json.member("state", to_text(job.state))
        .member("priority", figures.rest ? std::optional(to_text(*figures.rest)) : std::nullopt)
        .member("percent", job.state == JobState::done ? 100 : figures.percent())
        .member("created_at", rfc3339(job.created_us))
        .member("ended_at", time_text(job.ended_us));
    write_tasks_count(json, figures);
    write_failure(json, job.failure);
}

void write(JsonWriter& json, const JobListing& listing) {
    json.begin_object().key("items").begin_array();
    for (const auto& job : listing.page.items) {
        json.begin_object();
        write_job_members(json, listing, job);
        json.end_object();
    }
    json.end_array().member("next", listing.page.next).end_object();
}

Awaitable<std::optional<TaskListing>> find_job(const JobDesk& desk, JobId id) {
    auto found = co_await desk.ledger->find(id);
    if (!found) co_return std::nullopt;
    TaskListing listing;
    JobPage page;
    page.items.push_back(std::move(found->job));
    listing.of = co_await listing_of(desk, std::move(page));
    listing.tasks = by_interest(std::move(found->tasks));
    if (listing.tasks.size() > kTasksShownMax) {
        listing.left_out = static_cast<std::int64_t>(listing.tasks.size() - kTasksShownMax);
        listing.tasks.resize(kTasksShownMax);
    }
    for (const auto& process : desk.processes())
        if (!process.task_id.empty()) listing.percent[process.task_id] = process.percent;
    co_return listing;
}

void write(JsonWriter& json, const TaskListing& listing) {
    json.begin_object();
    write_job_members(json, listing.of, listing.of.page.items.front());
    json.key("tasks").begin_array();
    for (const auto& task : listing.tasks) write_task(json, task, listing.percent);
    json.end_array().member("tasks_left_out", listing.left_out).end_object();
}

const RunnerFigures::Class* class_of(const RunnerFigures& runner, Priority priority) {
    const RunnerFigures::Class* found = nullptr;
    for (const auto& one : runner.classes)
        if (one.slots.at_least <= priority && (found == nullptr || one.slots.at_least > found->slots.at_least))
            found = &one;
    return found;
}

Awaitable<QueueFigures> queue_of(const JobDesk& desk) {
    QueueFigures queue;
    queue.service = desk.service;
    queue.lines = co_await desk.ledger->queue_lines();
    queue.runner = desk.runner->figures();
    co_return queue;
}

void write(JsonWriter& json, const QueueFigures& queue) {
    Counts all;
    std::int64_t later = 0;
    std::int64_t wishes = 0;
    std::optional<std::int64_t> oldest_us;
    for (const auto& line : queue.lines) {
        all.add(line);
        later += line.later;
        if (line.priority == Priority::on_demand) wishes += line.count;
        if (line.state == TaskState::ready) oldest_us = std::min(oldest_us.value_or(line.oldest_us), line.oldest_us);
    }
    json.begin_object().member("service", queue.service);
    all.write_members(json);
    json.member("later", later).member("wishes", wishes).member("oldest_ready_at", time_text(oldest_us));
    write_classes(json, queue);
    write_kinds(json, queue);
    json.end_object();
}

}  // namespace movio::ledger
