#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "accounts/byte_budget.hpp"
#include "accounts/passwords.hpp"
#include "async/pool.hpp"

namespace movio::accounts {

struct PasswordWorkerOptions {
    PasswordCost cost = {};
    // For all hashes that are computed at a time; at least what one of `cost` needs.
    std::int64_t memory_bytes_max = 512LL << 20;
};

// Computes hashes of passwords on the pool `crypto`, whose threads bound the processors and whose queue bounds those
// who wait (PoolFull beyond it, answered with 503), within a budget of memory. Thread-safe.
class PasswordWorker {
public:
    // The pool outlives the worker.
    PasswordWorker(Pool& crypto, PasswordWorkerOptions options);

    Awaitable<std::string> hash(std::string password);
    // Without a stored hash, or with one that is of no password, the answer is no, after the same work. Throws Failure
    // for a stored hash that needs more than the whole budget.
    Awaitable<bool> verify(std::string password, std::optional<std::string> stored);
    bool needs_rehash(const std::string& stored) const { return accounts::needs_rehash(stored, options_.cost); }

    // How many hashes were computed, for a password or for none.
    std::int64_t operations() const { return operations_.load(); }
    std::int64_t memory_bytes_peak() const { return budget_.peak(); }

private:
    Pool& crypto_;
    PasswordWorkerOptions options_;
    ByteBudget budget_;
    std::string decoy_;
    std::atomic<std::int64_t> operations_ = 0;
};

}  // namespace movio::accounts
