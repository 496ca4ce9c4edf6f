#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/scopes.hpp"
#include "async/asio.hpp"
#include "base/ids.hpp"

namespace movio::access {

using SessionId = Id<struct SessionTag>;
using ApiTokenId = Id<struct ApiTokenTag>;

// What a program's token allows.
struct ApiGrant {
    UserId user;
    Scopes scopes;
    std::optional<std::int64_t> expires_us;  // nullopt: never
};

// Port: what a service knows of log-ins and of tokens for programs, beyond what a token says of itself. Thread-safe.
class Grants {
public:
    virtual ~Grants() = default;
    virtual Awaitable<bool> is_ended(SessionId session) = 0;
    // nullopt: unknown or ended.
    virtual Awaitable<std::optional<ApiGrant>> find(std::string token_hash) = 0;
};

}  // namespace movio::access
