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

int change(const CommandContext& context, const std::string& id, std::string_view action, std::string_view done) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post(fmt::format("/admin/jobs/{}/{}", id, action));
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("Job {} {}.\n", id, done);
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
        std::cout << fmt::format("  {:<9}  {:<28}  attempt {} of {}", task.text_or("state", ""),
                                 task.text_or("key", ""), task.integer_or("attempt", 0),
                                 task.integer_or("attempts_max", 0));
        if (const auto failure = task.find("failure"); failure && failure->is_object())
            std::cout << fmt::format("\n      {}: {} {}", failure->text_or("code", ""), failure->text_or("message", ""),
                                     failure->text_or("detail", ""));
        std::cout << '\n';
    }
    return kExitDone;
}

int run_jobs_retry(const CommandContext& context, const std::string& id) {
    return change(context, id, "retry", "goes on");
}
int run_jobs_cancel(const CommandContext& context, const std::string& id) {
    return change(context, id, "cancel", "is cancelled");
}

}  // namespace movio::app
