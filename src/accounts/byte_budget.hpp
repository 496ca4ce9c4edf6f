#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace movio::accounts {

// So many bytes for all who work at the same time. Whoever asks waits until there is room, in the order of asking, so
// that many small wishes cannot hold up a large one for ever. Thread-safe; blocks, so only for threads of a pool.
class ByteBudget {
public:
    explicit ByteBudget(std::int64_t bytes) : bytes_(bytes) {}

    // Gives back what it took when it ends.
    class Share {
    public:
        Share(ByteBudget& budget, std::int64_t bytes);
        ~Share();
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

    private:
        ByteBudget& budget_;
        std::int64_t bytes_;
    };

    std::int64_t bytes() const { return bytes_; }
    // The most that was ever in use at a time.
    std::int64_t peak() const;

private:
    const std::int64_t bytes_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::int64_t used_ = 0;
    std::int64_t peak_ = 0;
    std::uint64_t next_ticket_ = 0;
    std::uint64_t serving_ = 0;
};

}  // namespace movio::accounts
