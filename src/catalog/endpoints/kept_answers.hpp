#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "http/idempotency.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// Which requests were begun is in the database, so that a restart repeats none; what they were answered is in memory
// alone, since it may hold tokens and addresses that open films. Both are kept for a day, and bounded. Thread-safe.
class KeptAnswers final : public http::KeptAnswers {
public:
    struct Bounds {
        std::size_t bytes_max = 16U << 20;  // of answers, all together
        std::size_t answer_bytes_max = 64U << 10;
        std::int64_t keys_per_user = 1000;  // older ones are forgotten
    };
    static constexpr std::chrono::hours kKept{24};

    // The database outlives the answers.
    explicit KeptAnswers(Database& database) : KeptAnswers(database, Bounds{}) {}
    KeptAnswers(Database& database, Bounds bounds) : database_(database), bounds_(bounds) {}

    Awaitable<Found> begin(UserId user, std::string key, std::string request) override;
    Awaitable<void> end(UserId user, std::string key, std::shared_ptr<const http::Response> answer) override;
    // Forgets what is older than a day.
    Awaitable<void> clean_up();

private:
    using Name = std::pair<UserId, std::string>;
    struct Entry {
        std::string request;
        std::shared_ptr<const http::Response> answer = {};  // null: under way
        std::size_t bytes = 0;
        std::int64_t ended_us = 0;
    };

    // Of a request that is in memory; else it is under way from now on.
    Found look(const Name& name, const std::string& request);
    void keep(const Name& name, std::shared_ptr<const http::Response> answer);
    void forget(const Name& name);
    void forget_first();

    Database& database_;
    const Bounds bounds_;
    std::mutex mutex_;
    std::map<Name, Entry> entries_;
    std::deque<Name> answered_;  // in the order of `ended_us`; names may be gone already
    std::size_t bytes_ = 0;
};

}  // namespace movio::catalog
