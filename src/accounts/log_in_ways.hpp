#pragma once
#include <string>
#include <vector>

#include "accounts/session.hpp"

namespace movio::accounts {

// A way to log in beside the password.
struct LogInWay {
    BegunBy by = BegunBy::openid;
    std::string button;        // what the page calls it
    std::string address;       // where it begins; takes `next`
    std::string log_out = {};  // where one logs out there, too, when one has logged out here; empty: nowhere
};

using LogInWays = std::vector<LogInWay>;

}  // namespace movio::accounts
