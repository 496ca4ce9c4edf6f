#pragma once
#include "ports/event_bus.hpp"
#include "search/film_index.hpp"

namespace movio::search {

// Keeps the index at the catalog's heels: whatever an event says, the film it names is read anew from the catalog, so
// events may repeat and overtake each other. References must outlive the bus's handlers.
class SearchFeed {
public:
    SearchFeed(Database& catalog, SearchIndex& index) : films_(catalog, index) {}

    // As consumer "search".
    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

private:
    Awaitable<void> handle(Event event);

    FilmIndex films_;
};

}  // namespace movio::search
