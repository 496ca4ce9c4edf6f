#pragma once
#include <cstdint>
#include <exception>
#include <functional>
#include <vector>

#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "media/format/artefact.hpp"

namespace movio::processing {

// Artefacts on their way from one media process into the store. While some are stored, what comes meanwhile gathers and
// is stored together next: a process that is slower than the disk has each stored at once, and one that is faster does
// not wait for the disk at each. Bounded by limits::kStoreTogetherMax and kStoreTogetherBytes. One executor, one caller
// of `add` at a time.
class StoreQueue {
public:
    using Store = std::function<Awaitable<void>(std::vector<media::Artefact>)>;

    StoreQueue(asio::any_io_executor executor, Store store);

    // Resumes when it has a place, which says nothing of the disk. Throws what storing threw.
    Awaitable<void> add(media::Artefact artefact);
    // Resumes when everything is stored. Throws what storing threw; then some were not. Must have been awaited before
    // the queue goes.
    Awaitable<void> settle();

private:
    bool has_room_for(std::size_t bytes) const;
    Awaitable<void> run();
    void rethrow() const;

    Store store_;
    TaskGroup group_;
    Signal emptied_;
    std::vector<media::Artefact> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool running_ = false;
    std::exception_ptr error_;
};

}  // namespace movio::processing
