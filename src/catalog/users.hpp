#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/standing.hpp"
#include "base/result.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/viewer.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"
#include "ports/event_bus.hpp"

namespace movio::catalog {

// What auth told of a user.
struct User {
    UserId id;
    std::int64_t version = 0;
    std::string first_name;
    std::string last_name;
    std::optional<std::string> username;
    std::string email;
    std::optional<std::string> phone_number;
    access::Role role = access::Role::viewer;
    bool enabled = true;
    bool deleted = false;
    std::int64_t not_before_us = 0;
    bool email_checked = true;
};

std::optional<User> find_user(SqlSession& session, UserId id);
// `forbidden` for whoever has not shown yet that their e-mail address is theirs.
Result<void> check_may_share(SqlSession& session, const Viewer& viewer);

// The api's projection of auth's users, fed by `user.created|changed|disabled|deleted`: whatever their order, the
// highest version stands. A deleted user keeps an empty row, and the films go to the trash or, where the
// event names somebody, to them. Thread-safe.
class Users final : public access::Standings {
public:
    // References outlive the projection and the bus's last event.
    Users(Database& database, ledger::Outbox& outbox, FilmWatch& watch)
        : database_(database), outbox_(outbox), watch_(watch) {}

    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

    // As the database said at most a second ago; in the process that takes the events, at once.
    Awaitable<std::optional<access::Standing>> find(UserId user) override;

private:
    struct Known {
        std::optional<access::Standing> standing;
        std::int64_t read_us = 0;
    };
    Awaitable<void> handle(Event event);
    // Into the trash, or to the heir, unless that one is gone, too.
    Awaitable<void> leave_films(UserId user, std::optional<UserId> heir);
    std::optional<Known> fresh(UserId user, std::uint64_t& epoch);
    void keep(UserId user, const Known& known, std::uint64_t epoch);
    void forget(UserId user);

    Database& database_;
    ledger::Outbox& outbox_;
    FilmWatch& watch_;
    std::mutex mutex_;
    std::uint64_t epoch_ = 0;  // rises with each event, so that what was read before it is not kept
    std::unordered_map<UserId, Known> known_;
};

}  // namespace movio::catalog
