#pragma once
#include "catalog/film_watch.hpp"
#include "ports/database.hpp"
#include "ports/event_bus.hpp"

namespace movio::catalog {

// The api's projection of auth's groups, fed by `group.changed`: whatever their order, the highest version stands. Who
// left a group sees its films no more, and whoever looks at one of them is told. Thread-safe.
class Groups {
public:
    // References outlive the projection and the bus's last event.
    Groups(Database& database, FilmWatch& watch) : database_(database), watch_(watch) {}

    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

private:
    Awaitable<void> handle(Event event);

    Database& database_;
    FilmWatch& watch_;
};

}  // namespace movio::catalog
