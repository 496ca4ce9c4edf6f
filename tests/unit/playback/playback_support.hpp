#pragma once
#include <map>

#include "access/standing.hpp"

namespace movio::playback::test {

// What is known of users, as the test says.
struct GivenStandings final : access::Standings {
    Awaitable<std::optional<access::Standing>> find(UserId user) override {
        const auto found = known.find(user);
        co_return found == known.end() ? std::nullopt : std::optional(found->second);
    }
    std::map<UserId, access::Standing> known;
};

}  // namespace movio::playback::test
