#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.hpp"
#include "ledger/runner.hpp"

namespace movio::ledger {

// What a job works on, as people know it.
struct JobAbout {
    std::string text;  // such as the name of a file; empty: there is none
    std::optional<VideoId> video;
    std::optional<UserId> owner;
};

struct JobFilter {
    std::optional<UserId> owner;
    std::string text;  // part of what jobs are about, in any case; empty: of anything
};

// A process beside this one that works on a task.
struct WorkProcess {
    int pid = -1;
    std::string task_id;   // empty: of none
    std::string video_id;  // the same
    std::string urgency;
    std::int64_t started_us = 0;
    int percent = 0;
    std::int64_t cpu_us = 0;
    std::int64_t rss_bytes = 0;
};

// How administrators see and steer the jobs of one service: the ledger and what the service knows beyond it. All of it
// outlives the desk; the functions are called on any thread.
struct JobDesk {
    std::string service;
    Ledger* ledger = nullptr;
    const TaskRunner* runner = nullptr;
    // By subject; of some there may be nothing.
    std::function<Awaitable<std::map<std::string, JobAbout>>(std::vector<std::string> subjects)> about;
    std::function<JobCondition(JobFilter)> only;
    std::function<Awaitable<Result<void>>(JobId)> retry;
    std::function<Awaitable<Result<void>>(TaskId)> retry_task;
    std::function<std::vector<WorkProcess>()> processes;
};

// Of a service that knows no more than its ledger. `of_films`: subjects begin with the id of a film.
JobDesk plain_desk(std::string service, Ledger& ledger, const TaskRunner& runner, bool of_films);

}  // namespace movio::ledger
