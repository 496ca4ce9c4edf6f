#include "accounts/byte_budget.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace movio::accounts {

ByteBudget::Share::Share(ByteBudget& budget, std::int64_t bytes) : budget_(budget), bytes_(bytes) {
    if (bytes > budget.bytes_)
        throw Failure(
            fmt::format("{} bytes are asked of a budget of {}, where they can never be had", bytes, budget.bytes_));
    std::unique_lock lock(budget.mutex_);
    const auto ticket = budget.next_ticket_++;
    budget.changed_.wait(lock, [&] { return ticket == budget.serving_ && budget.used_ + bytes <= budget.bytes_; });
    ++budget.serving_;
    budget.used_ += bytes;
    budget.peak_ = std::max(budget.peak_, budget.used_);
    budget.changed_.notify_all();
}

ByteBudget::Share::~Share() {
    const std::scoped_lock lock(budget_.mutex_);
    budget_.used_ -= bytes_;
    budget_.changed_.notify_all();
}

std::int64_t ByteBudget::peak() const {
    const std::scoped_lock lock(mutex_);
    return peak_;
}

}  // namespace movio::accounts
