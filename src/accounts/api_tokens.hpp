#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/grants.hpp"
#include "audit/entry.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

using access::ApiTokenId;

// By which a program acts for a user. The token itself is told once.
struct ApiToken {
    ApiTokenId id;
    UserId user;
    std::string name;
    access::Scopes scopes;
    std::int64_t created_us = 0;
    std::optional<std::int64_t> expires_us;  // nullopt: never
};

// {id, name, scopes: ["read", …], created_at, expires_at}
void write(JsonWriter& json, const ApiToken& token);

// Those of a user who is deleted, and tells of their end.
void remove_api_tokens(SqlSession& session, const ledger::Outbox& outbox, UserId user);

struct ApiTokenWish {
    UserId user;
    std::string name;
    std::string scopes;                      // words, as access::scopes_from_text takes them
    std::optional<std::int64_t> days = 365;  // nullopt: for ever
};

struct NewApiToken {
    ApiToken row;
    std::string token;  // "movio_…"
};

// Tells other services by `api_token.made` {token_id, user_id, token_hash, scopes, expires_us} and `api_token.ended`
// {token_id}. A token does not count while its user is disabled; a new password leaves it. Thread-safe; references
// outlive it.
class ApiTokens {
public:
    ApiTokens(Database& database, ledger::Outbox& outbox) : database_(database), outbox_(outbox) {}

    // `invalid` for a name that is empty or too long, unknown scopes and a number of days outside of 1 to
    // limits::kApiTokenDaysMax; `not_found` for an unknown user; `conflict` where there are too many.
    Awaitable<Result<NewApiToken>> make(ApiTokenWish wish, audit::Actor by = {});
    // Newest first; those that ran out, too.
    Awaitable<std::vector<ApiToken>> list(UserId user);
    // False when there is none, or it is somebody else's where a user is given.
    Awaitable<bool> end(ApiTokenId id, std::optional<UserId> user, audit::Actor by = {});
    // Tells of every token again.
    Awaitable<void> resync();

private:
    Database& database_;
    ledger::Outbox& outbox_;
};

}  // namespace movio::accounts
