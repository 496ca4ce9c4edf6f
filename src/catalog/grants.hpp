#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/grants.hpp"
#include "base/clock.hpp"
#include "ports/database.hpp"
#include "ports/event_bus.hpp"

namespace movio::catalog {

// The api's projection of auth's log-ins that ended and of its tokens for programs, fed by `session.ended`,
// `api_token.made` and `api_token.ended` in whatever order: what ended stays ended. Thread-safe.
class Grants final : public access::Grants {
public:
    // The database outlives the projection and the bus's last event.
    explicit Grants(Database& database) : database_(database) {}

    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

    // As the database said at most a second ago; in the process that takes the events, at once.
    Awaitable<bool> is_ended(access::SessionId session) override;
    Awaitable<std::optional<access::ApiGrant>> find(std::string token_hash) override;

    // Forgets sessions whose tokens have all run out.
    Awaitable<void> clean_up();

private:
    // What was read lately, by key. `epoch` of a look tells whether an event came since.
    template <class Key, class Value>
    class Fresh {
    public:
        std::optional<Value> find(const Key& key, std::uint64_t& epoch);
        void keep(const Key& key, Value value, std::uint64_t epoch);
        void forget_all();

    private:
        struct Known {
            Value value;
            std::int64_t read_us = 0;
        };
        std::mutex mutex_;
        std::uint64_t epoch_ = 0;
        std::unordered_map<Key, Known> known_;
    };

    Awaitable<void> handle(Event event);

    Database& database_;
    Fresh<access::SessionId, bool> ended_;
    Fresh<std::string, std::optional<access::ApiGrant>> granted_;
};

}  // namespace movio::catalog
