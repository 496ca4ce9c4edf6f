#pragma once
#include <vector>

#include "http/router.hpp"
#include "ledger/job_desk.hpp"

namespace movio::ledger {

// For administrators: GET /api/v2/admin/jobs and …/jobs/{id}, POST …/jobs/{id}/cancel and …/retry, PATCH …/jobs/{id},
// POST …/tasks/{id}/retry, GET …/workers, …/queue and …/events. `service` in the query names the desk; those that this
// program does not run it does not know.
void add_admin_job_endpoints(http::Router& router, std::vector<JobDesk> desks);

}  // namespace movio::ledger
