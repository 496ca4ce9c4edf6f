#include "catalog/endpoints/kept_answers.hpp"

#include "base/clock.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kKeptUs = std::chrono::microseconds(KeptAnswers::kKept).count();

std::size_t bytes_of(const http::Response& answer) {
    const auto* text = std::get_if<std::string>(&answer.body);
    std::size_t bytes = sizeof answer + (text != nullptr ? text->size() : 0);
    for (const auto& field : answer.headers) bytes += field.name.size() + field.value.size();
    return bytes;
}

// The request that the key stands for; nullopt: it is a new one, and stands for this one now.
std::optional<std::string> note(SqlSession& session, UserId user, const std::string& key, const std::string& request,
                                std::int64_t keys_max) {
    const auto added = session.run(
        "INSERT INTO idempotency_keys (user_id, key, request, created_us) VALUES ($1, $2, $3, movio_now_us()) "
        "ON CONFLICT (user_id, key) DO UPDATE SET request = $3, created_us = movio_now_us() "
        "WHERE idempotency_keys.created_us <= movio_now_us() - $4",
        {sql(user.text()), sql(key), sql(request), sql(kKeptUs)});
    if (added.changed == 0)
        return session
            .run("SELECT request FROM idempotency_keys WHERE user_id = $1 AND key = $2", {sql(user.text()), sql(key)})
            .rows.front()
            .text(0);
    session.run(
        "DELETE FROM idempotency_keys WHERE user_id = $1 AND key IN "
        "(SELECT key FROM idempotency_keys WHERE user_id = $1 ORDER BY created_us DESC, key LIMIT 1000000 OFFSET $2)",
        {sql(user.text()), sql(keys_max)});
    return std::nullopt;
}

}  // namespace

KeptAnswers::Found KeptAnswers::look(const Name& name, const std::string& request) {
    const std::scoped_lock lock(mutex_);
    const auto [found, added] = entries_.try_emplace(name, Entry{.request = request});
    if (added) return {State::fresh, nullptr};
    if (found->second.request != request) return {State::other_request, nullptr};
    if (!found->second.answer) return {State::under_way, nullptr};
    return {State::answered, found->second.answer};
}

Awaitable<KeptAnswers::Found> KeptAnswers::begin(UserId user, std::string key, std::string request) {
    const Name name{user, key};
    const auto known = look(name, request);
    if (known.state != State::fresh) co_return known;
    std::exception_ptr failure;
    std::optional<std::string> noted;
    try {
        noted = co_await database_.write(
            [&](SqlSession& session) { return note(session, user, key, request, bounds_.keys_per_user); });
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure && !noted) co_return known;
    forget(name);
    if (failure) std::rethrow_exception(failure);
    co_return Found{*noted == request ? State::lost : State::other_request, nullptr};
}

Awaitable<void> KeptAnswers::end(UserId user, std::string key, std::shared_ptr<const http::Response> answer) {
    if (answer) {
        keep({user, std::move(key)}, std::move(answer));
        co_return;
    }
    forget({user, key});
    co_await database_.write([&](SqlSession& session) {
        session.run("DELETE FROM idempotency_keys WHERE user_id = $1 AND key = $2", {sql(user.text()), sql(key)});
    });
}

void KeptAnswers::keep(const Name& name, std::shared_ptr<const http::Response> answer) {
    const auto bytes = bytes_of(*answer);
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(name);
    if (found == entries_.end()) return;
    if (bytes > bounds_.answer_bytes_max) {
        entries_.erase(found);
        return;
    }
    found->second.answer = std::move(answer);
    found->second.bytes = bytes;
    found->second.ended_us = steady_now_us();
    bytes_ += bytes;
    answered_.push_back(name);
    while (bytes_ > bounds_.bytes_max) forget_first();
}

void KeptAnswers::forget(const Name& name) {
    const std::scoped_lock lock(mutex_);
    entries_.erase(name);
}

void KeptAnswers::forget_first() {
    const auto found = entries_.find(answered_.front());
    answered_.pop_front();
    if (found == entries_.end()) return;
    bytes_ -= found->second.bytes;
    entries_.erase(found);
}

Awaitable<void> KeptAnswers::clean_up() {
    co_await database_.write([](SqlSession& session) {
        session.run("DELETE FROM idempotency_keys WHERE created_us <= movio_now_us() - $1", {sql(kKeptUs)});
    });
    const std::scoped_lock lock(mutex_);
    while (!answered_.empty()) {
        const auto found = entries_.find(answered_.front());
        if (found != entries_.end() && steady_now_us() - found->second.ended_us < kKeptUs) break;
        forget_first();
    }
}

}  // namespace movio::catalog
