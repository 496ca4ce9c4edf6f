#include "search/search_feed.hpp"

namespace movio::search {

void SearchFeed::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("search", {"video.submitted", "video.changed", "caption.ready", "video.deleted"}, executor,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> SearchFeed::handle(Event event) {
    // No inbox: doing it again changes nothing.
    co_await films_.refresh(event.video);
}

}  // namespace movio::search
