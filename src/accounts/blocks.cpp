#include "accounts/blocks.hpp"

#include "base/json.hpp"
#include "base/log.hpp"

namespace movio::accounts {

void Blocks::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("auth-blocks", {"uploader.blocked"}, executor,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> Blocks::handle(Event event) {
    const auto data = data_of(event);
    const auto user = UserId::parse(data.text_or("user_id", ""));
    const auto by = UserId::parse(data.text_or("by", ""));
    if (!user || !by) {
        log_error("an event of a block names no user and is left out", {{"event_id", event.id.text()}});
        co_return;
    }
    if (co_await accounts_.block(event.id, *user, *by))
        log_info("a user is blocked by a moderator", {{"user_id", user->text()}, {"by", by->text()}});
    else
        log_warn("a block is not carried out", {{"user_id", user->text()}, {"by", by->text()}});
}

}  // namespace movio::accounts
