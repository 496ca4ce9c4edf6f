#include "ledger/runner_board.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace movio::ledger {

RunnerBoard::RunnerBoard(std::string owner, const std::vector<SlotClass>& classes) {
    figures_.owner = std::move(owner);
    for (const auto& one : classes) figures_.classes.push_back({one, 0});
}

void RunnerBoard::started() {
    const std::scoped_lock lock(mutex_);
    figures_.started_us = wall_now_us();
}

void RunnerBoard::seen() {
    const std::scoped_lock lock(mutex_);
    figures_.seen_us = wall_now_us();
}

void RunnerBoard::begun(const SlotClass& in, const LeasedTask& task) {
    const std::scoped_lock lock(mutex_);
    ++busy(in);
    figures_.tasks.push_back({task, wall_now_us()});
}

void RunnerBoard::ended(const SlotClass& in, const LeasedTask& task) {
    const std::scoped_lock lock(mutex_);
    --busy(in);
    const auto is_this = [&task](const RunnerFigures::Task& one) {
        return one.task.lease.task == task.lease.task && one.task.lease.attempt == task.lease.attempt;
    };
    figures_.tasks.erase(std::ranges::find_if(figures_.tasks, is_this));
}

RunnerFigures RunnerBoard::figures() const {
    const std::scoped_lock lock(mutex_);
    return figures_;
}

int& RunnerBoard::busy(const SlotClass& in) {
    const auto is_this = [&in](const RunnerFigures::Class& one) { return one.slots.name == in.name; };
    return std::ranges::find_if(figures_.classes, is_this)->busy;
}

}  // namespace movio::ledger
