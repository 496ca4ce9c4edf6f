#pragma once
#include <list>
#include <mutex>
#include <vector>

#include "sandbox/media_process.hpp"

namespace movio::sandbox {

// Which children run. Thread-safe.
class ProcessList {
public:
    // In the list from its making to its end. The list outlives it.
    class Entry {
    public:
        Entry(ProcessList& list, RunningProcess process);
        ~Entry();
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

        void progressed(int permille);

    private:
        ProcessList& list_;
        std::list<RunningProcess>::iterator place_;
    };

    // With what the kernel says of them now.
    std::vector<RunningProcess> look() const;

private:
    mutable std::mutex mutex_;
    std::list<RunningProcess> processes_;
};

}  // namespace movio::sandbox
