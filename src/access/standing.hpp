#pragma once
#include <cstdint>
#include <optional>

#include "access/role.hpp"
#include "async/asio.hpp"
#include "base/ids.hpp"

namespace movio::access {

// What a service knows of a user beyond the token.
struct Standing {
    std::int64_t not_before_us = 0;  // tokens issued earlier do not count
    bool enabled = true;             // neither disabled nor deleted
    Role role = Role::uploader;
    bool email_checked = true;
};

// Port: auth answers from its accounts, api from its projection of them. Thread-safe.
class Standings {
public:
    virtual ~Standings() = default;
    // nullopt: not heard of (yet). The token then speaks for itself, as it did in the original, in the role of new
    // users.
    virtual Awaitable<std::optional<Standing>> find(UserId user) = 0;
};

}  // namespace movio::access
