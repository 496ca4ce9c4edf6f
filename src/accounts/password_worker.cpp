#include "accounts/password_worker.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace movio::accounts {

PasswordWorker::PasswordWorker(Pool& crypto, PasswordWorkerOptions options)
    : crypto_(crypto),
      options_(options),
      budget_(std::max(options.memory_bytes_max, limits::kHashMemoryBytesMax)),
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
    auto work = [&] {
        const ByteBudget::Share share(budget_, memory_bytes_of(hash));
        ++operations_;
        return verify_password(password, hash);
    };
    const bool matches = co_await on_pool(crypto_, work);
    co_return real&& matches;
}

}  // namespace movio::accounts
