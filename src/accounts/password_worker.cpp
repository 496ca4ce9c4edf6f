#include "accounts/password_worker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace movio::accounts {

PasswordWorker::PasswordWorker(Pool& crypto, PasswordWorkerOptions options)
    : crypto_(crypto),
      options_(options),
      budget_(std::max(options.memory_bytes_max, options.cost.memory_bytes)),
      decoy_(decoy_hash(options.cost)) {}

Awaitable<std::string> PasswordWorker::hash(std::string password) {
    auto work = [&] {
        const ByteBudget::Share share(budget_, options_.cost.memory_bytes);
        ++operations_;
        return hash_password(password, options_.cost);
    };
    co_return co_await on_pool(crypto_, work);
}

Awaitable<bool> PasswordWorker::verify(std::string password, std::optional<std::string> stored) {
    const bool real = stored && is_password_hash(*stored);
    const auto& hash = real ? *stored : decoy_;
    const auto needed = memory_bytes_of(hash);
    if (needed > budget_.bytes())
        throw Failure(
            fmt::format("cannot verify a password: its hash needs {} MiB of memory, and all together may "
                        "have {}; raise auth.password_memory_mib",
                        needed >> 20, budget_.bytes() >> 20));
    auto work = [&] {
        const ByteBudget::Share share(budget_, needed);
        ++operations_;
        return verify_password(password, hash);
    };
    const bool matches = co_await on_pool(crypto_, work);
    co_return real&& matches;
}

}  // namespace movio::accounts
