#include "ledger/types.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/json.hpp"

namespace movio::ledger {
namespace {

constexpr std::array<std::pair<JobState, std::string_view>, 4> kJobStates{{
    {JobState::running, "running"},
    {JobState::done, "done"},
    {JobState::failed, "failed"},
    {JobState::cancelled, "cancelled"},
}};
constexpr std::array<std::pair<Priority, std::string_view>, 7> kPriorities{{
    {Priority::bulk, "bulk"},
    {Priority::watched, "watched"},
    {Priority::watched_now, "watched_now"},
    {Priority::watched_first, "watched_first"},
    {Priority::interactive, "interactive"},
    {Priority::publish, "publish"},
    {Priority::on_demand, "on_demand"},
}};
constexpr std::array<std::pair<TaskState, std::string_view>, 6> kTaskStates{{
    {TaskState::ready, "ready"},
    {TaskState::blocked, "blocked"},
    {TaskState::leased, "leased"},
    {TaskState::done, "done"},
    {TaskState::failed, "failed"},
    {TaskState::cancelled, "cancelled"},
}};

template <class Table, class State>
std::string_view text_in(const Table& table, State state) {
    return std::ranges::find(table, state, &Table::value_type::first)->second;
}

template <class State, class Table>
std::optional<State> state_in(const Table& table, std::string_view text) {
    const auto found = std::ranges::find(table, text, &Table::value_type::second);
    return found == table.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

std::string_view to_text(JobState state) { return text_in(kJobStates, state); }
std::string_view to_text(TaskState state) { return text_in(kTaskStates, state); }
std::string_view to_text(Priority priority) { return text_in(kPriorities, priority); }
std::optional<JobState> job_state_from_text(std::string_view text) { return state_in<JobState>(kJobStates, text); }
std::optional<TaskState> task_state_from_text(std::string_view text) { return state_in<TaskState>(kTaskStates, text); }
std::optional<Priority> priority_from_text(std::string_view text) { return state_in<Priority>(kPriorities, text); }

int JobFigures::percent() const { return weight == 0 ? 0 : static_cast<int>(100 * weight_done / weight); }

std::string to_json(const Error& error) {
    JsonWriter out;
    out.begin_object().member("code", movio::to_text(error.code)).member("message", error.message);
    return out.member("detail", error.detail).end_object().take();
}

Error error_from_json(std::string_view text) {
    const auto root = JsonView::parse(text);
    if (!root) return {ErrorCode::internal, "the reason cannot be read", std::string(text)};
    return {error_code_from_text(root->text_or("code", "internal")), root->text_or("message", ""),
            root->text_or("detail", "")};
}

Plan then(Plan first, Plan next) {
    std::set<std::string> needed;
    for (const auto& task : first) needed.insert(task.needs.begin(), task.needs.end());
    std::vector<std::string> last;
    for (const auto& task : first)
        if (!needed.contains(task.key)) last.push_back(task.key);
    const auto waits_for_nothing = [](const NewTask& task) { return task.needs.empty(); };
    const auto roots = static_cast<std::size_t>(std::ranges::count_if(next, waits_for_nothing));
    if (last.size() * roots > limits::kTaskNeedsMax)
        throw Failure("a plan has too many tasks that wait for too many others; put one task between them");
    for (auto& task : next) {
        if (task.needs.empty()) task.needs = last;
        first.push_back(std::move(task));
    }
    return first;
}

Plan chain(Plan steps) {
    for (std::size_t i = 1; i < steps.size(); ++i) steps[i].needs.push_back(steps[i - 1].key);
    return steps;
}

Plan group(std::vector<Plan> parts) {
    Plan all;
    for (auto& part : parts) std::ranges::move(part, std::back_inserter(all));
    return all;
}

Plan chord(Plan header, NewTask body) {
    Plan next;
    next.push_back(std::move(body));
    return then(std::move(header), std::move(next));
}

}  // namespace movio::ledger
