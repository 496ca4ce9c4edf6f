#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "ports/database.hpp"

// Background work as rows: a job is one piece of work on one subject, its tasks are the steps that workers claim.
namespace movio::ledger {

enum class JobState { running, done, failed, cancelled };
enum class TaskState { ready, blocked, leased, done, failed, cancelled };

std::string_view to_text(JobState state);
std::string_view to_text(TaskState state);
std::optional<JobState> job_state_from_text(std::string_view text);
std::optional<TaskState> task_state_from_text(std::string_view text);

// Classes of urgency: somebody waits for this very second of film; an upload does not play yet; somebody watches the
// progress; nobody waits. Within what nobody waits for, what is watched goes first: where somebody was, where somebody
// is, and there what a player can do least without.
enum class Priority {
    bulk = 1,
    watched = 2,
    watched_now = 3,
    watched_first = 4,
    interactive = 5,
    publish = 7,
    on_demand = 9
};

std::string_view to_text(Priority priority);
std::optional<Priority> priority_from_text(std::string_view text);

// `failure` columns hold {code, message, detail}.
std::string to_json(const Error& error);
Error error_from_json(std::string_view text);

struct NewJob {
    std::string kind;                    // "video"
    std::string subject;                 // what it works on, usually an id; one open job per (kind, subject)
    Priority priority = Priority::bulk;  // no task of it is less urgent
};

struct NewTask {
    std::string kind;         // names the handler
    std::string key;          // what it makes, unique in the job: "v-h264-720/8"
    std::string args = "{}";  // JSON for the handler
    Priority priority = Priority::bulk;
    std::vector<std::string> needs = {};  // keys of tasks of the same job that must be done first
    int weight = 1;                       // its share of the progress; 0 for what does not count
    int attempts_max = limits::kTaskAttemptsMax;
};

// A plan is data: tasks that name what they need. These put plans together.
using Plan = std::vector<NewTask>;
// All of `next` waits for all of `first`.
Plan then(Plan first, Plan next);
// One after another.
Plan chain(Plan steps);
// All at once, in any order.
Plan group(std::vector<Plan> parts);
// All of `header`, then `body`.
Plan chord(Plan header, NewTask body);

struct Job {
    JobId id;
    std::string kind;
    std::string subject;
    Priority priority = Priority::bulk;
    JobState state = JobState::running;
    std::optional<Error> failure;
    std::int64_t created_us = 0;
    std::optional<std::int64_t> ended_us;
};

struct Task {
    TaskId id;
    std::string kind;
    std::string key;
    TaskState state = TaskState::ready;
    Priority priority = Priority::bulk;
    int attempt = 0;
    int attempts_max = 0;
    std::optional<std::string> owner;  // the last one
    std::optional<std::string> result;
    std::optional<Error> failure;  // of the last attempt; kept while it waits for the next
    std::int64_t created_us = 0;
    std::optional<std::int64_t> ended_us;
    std::optional<std::int64_t> started_us = {};  // the last attempt
    std::int64_t not_before_us = 0;               // when the next attempt may begin; 0: at once
};

// What can be claimed, as far as it is needed to choose among it.
struct ReadyTask {
    TaskId id;
    std::string key;
    std::string args;
    Priority priority = Priority::bulk;
};

struct JobWithTasks {
    Job job;
    std::vector<Task> tasks;  // in the order they were added
};

// The right to work on a task. `attempt` is the fencing token: it rises with each claim and never falls, so whoever
// holds an older lease can change nothing.
struct Lease {
    TaskId task;
    std::string owner;
    int attempt = 0;
};

struct LeasedTask {
    Lease lease;
    JobId job;
    std::string job_kind;
    std::string subject;  // of the job
    std::string kind;
    std::string key;
    std::string args;
    Priority priority = Priority::bulk;
    int attempts_max = 0;
};

// What a finished task changes besides its own row, in the same transaction. May run more than once (see Database).
using Effect = std::function<void(SqlSession&)>;

// A condition on a row of `jobs`, over tables of the same service: gives SQL, in which a value stands as what `value`
// gives for it.
using JobCondition = std::function<std::string(const std::function<std::string(SqlValue)>& value)>;

struct JobQuery {
    std::optional<JobState> state = {};
    std::optional<std::string> kind = {};
    std::optional<std::string> subject = {};
    JobCondition also = {};
    std::optional<std::string> after = {};  // `next` of the page before
    int limit = 50;                         // at most 200
};

struct JobPage {
    std::vector<Job> items;  // newest first
    std::optional<std::string> next;
};

// How far a job is, from the rows of its tasks.
struct JobFigures {
    std::map<TaskState, std::int64_t> tasks;  // how many are in each state; none: not named
    std::int64_t weight = 0;
    std::int64_t weight_done = 0;
    std::optional<Priority> rest;  // the least urgent of what is not begun; nullopt: nothing is left

    int percent() const;
};

// Tasks of running jobs that are alike.
struct QueueLine {
    TaskState state = TaskState::ready;  // ready, blocked or leased
    std::string kind;
    Priority priority = Priority::bulk;
    std::int64_t count = 0;
    std::int64_t later = 0;  // of them: tried again after a pause that is not over
    std::int64_t oldest_us = 0;
};

}  // namespace movio::ledger
