#include "sandbox/process_list.hpp"

#include "base/process_figures.hpp"

namespace movio::sandbox {

ProcessList::Entry::Entry(ProcessList& list, RunningProcess process) : list_(list) {
    const std::scoped_lock lock(list_.mutex_);
    place_ = list_.processes_.insert(list_.processes_.end(), std::move(process));
}

ProcessList::Entry::~Entry() {
    const std::scoped_lock lock(list_.mutex_);
    list_.processes_.erase(place_);
}

void ProcessList::Entry::progressed(int permille) {
    const std::scoped_lock lock(list_.mutex_);
    place_->permille = permille;
}

std::vector<RunningProcess> ProcessList::look() const {
    std::vector<RunningProcess> found;
    {
        const std::scoped_lock lock(mutex_);
        found.assign(processes_.begin(), processes_.end());
    }
    for (auto& process : found) {
        const auto figures = process_figures(process.pid);
        process.cpu_us = figures.cpu_us;
        process.rss_bytes = figures.rss_bytes;
    }
    return found;
}

}  // namespace movio::sandbox
