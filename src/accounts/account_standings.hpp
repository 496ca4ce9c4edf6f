#pragma once
#include "access/standing.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

// What the accounts themselves say of a user. A deleted one stands, not enabled.
class AccountStandings final : public access::Standings {
public:
    explicit AccountStandings(Database& database) : database_(database) {}
    Awaitable<std::optional<access::Standing>> find(UserId user) override;

private:
    Database& database_;
};

}  // namespace movio::accounts
