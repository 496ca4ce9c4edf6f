#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "ledger/job_desk.hpp"

// Jobs as the API shows them to administrators.
namespace movio::ledger {

// A page of one service's jobs with all that is shown of them.
struct JobListing {
    std::string service;
    JobPage page;
    std::map<JobId, JobFigures> figures;
    std::map<std::string, JobAbout> about;
};

// References outlive the call.
Awaitable<JobListing> list_jobs(const JobDesk& desk, JobQuery query);

// The schema `Job`, without its end.
void write_job_members(JsonWriter& json, const JobListing& listing, const Job& job);
// {items, next}
void write(JsonWriter& json, const JobListing& listing);

struct TaskListing {
    JobListing of;  // the job alone
    std::vector<Task> tasks;
    std::int64_t left_out = 0;
    std::map<std::string, int> percent;  // by id, of those that are worked on in processes
};

// nullopt when the service has no such job.
Awaitable<std::optional<TaskListing>> find_job(const JobDesk& desk, JobId id);
void write(JsonWriter& json, const TaskListing& listing);

struct QueueFigures {
    std::string service;
    std::vector<QueueLine> lines;
    RunnerFigures runner;
};

Awaitable<QueueFigures> queue_of(const JobDesk& desk);
void write(JsonWriter& json, const QueueFigures& queue);

// The class that takes tasks of this urgency; nullptr: none does.
const RunnerFigures::Class* class_of(const RunnerFigures& runner, Priority priority);

}  // namespace movio::ledger
