#pragma once
#include <list>
#include <mutex>

#include "ledger/runner.hpp"

namespace movio::ledger {

// What a runner does, written by it and read from any thread.
class RunnerBoard {
public:
    RunnerBoard(std::string owner, const std::vector<SlotClass>& classes);

    void started();
    void seen();
    void begun(const SlotClass& in, const LeasedTask& task);
    void ended(const SlotClass& in, const LeasedTask& task);
    RunnerFigures figures() const;

private:
    // Of a class by its name, which is its own in a runner.
    int& busy(const SlotClass& in);

    mutable std::mutex mutex_;
    RunnerFigures figures_;
};

}  // namespace movio::ledger
