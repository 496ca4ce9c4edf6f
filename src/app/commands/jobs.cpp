#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"

namespace movio::app {
namespace {

void print_job(const JsonView& job) {
    std::cout << fmt::format("{}  {:<9}  {:<8}  {}  {}", job.text_or("id", ""), job.text_or("state", ""),
                             job.text_or("kind", ""), job.text_or("created_at", ""), job.text_or("subject", ""));
    if (const auto failure = job.find("failure"); failure && failure->is_object())
        std::cout << fmt::format("\n    {}: {}", failure->text_or("code", ""), failure->text_or("message", ""));
    std::cout << '\n';
}

int post(const CommandContext& context, const std::string& target, const std::string& done, std::string json = {}) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post(target, std::move(json));
    if (!answer) return complain(answer.error());
    std::cout << done << ".\n";
    return kExitDone;
}

}  // namespace

int run_jobs_list(const CommandContext& context, const std::string& state, bool json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get(state.empty() ? "/admin/jobs" : "/admin/jobs?state=" + state);
    if (!answer) return complain(answer.error());
    if (print_all(*answer, json, &print_job) == 0 && !json) std::cout << "No jobs.\n";
    return kExitDone;
}

int run_jobs_show(const CommandContext& context, const std::string& id) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/jobs/" + id);
    if (!answer) return complain(answer.error());
    print_job(*answer);
    const auto tasks = answer->find("tasks");
    for (std::size_t i = 0; tasks && i < tasks->size(); ++i) {
        const auto task = tasks->at(i);
        std::cout << fmt::format("  {}  {:<9}  {:<28}  attempt {} of {}", task.text_or("id", ""),
                                 task.text_or("state", ""), task.text_or("key", ""), task.integer_or("attempt", 0),
                                 task.integer_or("attempts_max", 0));
        if (const auto failure = task.find("failure"); failure && failure->is_object())
            std::cout << fmt::format("\n      {}: {} {}", failure->text_or("code", ""), failure->text_or("message", ""),
                                     failure->text_or("detail", ""));
        std::cout << '\n';
    }
    return kExitDone;
}

int run_jobs_retry(const CommandContext& context, const std::string& id) {
    return post(context, fmt::format("/admin/jobs/{}/retry", id), fmt::format("Job {} goes on", id));
}
int run_jobs_cancel(const CommandContext& context, const std::string& id) {
    return post(context, fmt::format("/admin/jobs/{}/cancel", id), fmt::format("Job {} is cancelled", id));
}
int run_jobs_priority(const CommandContext& context, const std::string& id, const std::string& priority) {
    JsonWriter json;
    json.begin_object().member("priority", priority).end_object();
    return post(context, fmt::format("/admin/jobs/{}/priority", id),
                fmt::format("What is left of job {} is {} now", id, priority), json.take());
}
int run_tasks_retry(const CommandContext& context, const std::string& id) {
    return post(context, fmt::format("/admin/tasks/{}/retry", id), fmt::format("Task {} is tried again", id));
}

}  // namespace movio::app
