#pragma once
#include "accounts/account_service.hpp"
#include "ports/event_bus.hpp"

namespace movio::accounts {

// Carries out what moderators decide elsewhere: `uploader.blocked` {user_id, by} disables an account, each event once.
class Blocks {
public:
    // The service outlives the bus's last event.
    explicit Blocks(AccountService& accounts) : accounts_(accounts) {}

    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

private:
    Awaitable<void> handle(Event event);

    AccountService& accounts_;
};

}  // namespace movio::accounts
