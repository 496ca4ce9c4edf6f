#pragma once
#include <cstdint>

#include "ledger/ledger.hpp"
#include "media/format/plan.hpp"

namespace movio::processing {

// Somebody watches at segment k (counted from 0): of what the film's job still has to do, the next
// limits::kFillSegments from there go before the rest, and the lowest rung of them before the others, by tasks of its
// own where there is more than one rung. Runs in the caller's transaction; costs a look at the job's waiting tasks.
void fill_from(SqlSession& session, const ledger::Ledger& ledger, JobId job, const media::Plan& plan, std::int64_t k);

}  // namespace movio::processing
