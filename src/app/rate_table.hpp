#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "app/settings.hpp"
#include "base/result.hpp"
#include "http/rates.hpp"
#include "ports/rate_limiter.hpp"

namespace movio::app {

// How large the budgets of requests are, by kind and by the role of who asks: what `limits.…` says for everybody, and
// for some roles what `limits.by_role` says.
class RateTable {
public:
    // The error names the part of `limits.by_role` that cannot be read.
    static Result<RateTable> of(const Settings& settings);

    // Without an interval where there is no limit.
    Rate find(http::RateClass rate, std::string_view role) const;

private:
    std::map<http::RateClass, Rate> of_all_;
    std::map<std::pair<http::RateClass, std::string>, Rate> of_role_;
};

// Takes from budgets of this table. The limiter outlives what it gives.
http::TakeRate take_rate_from(RateLimiter& limiter, RateTable table);

}  // namespace movio::app
