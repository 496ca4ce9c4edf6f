#pragma once
#include <functional>
#include <string>
#include <vector>

#include "http/request.hpp"
#include "http/router.hpp"
#include "ledger/job_desk.hpp"

namespace movio::ledger {

// Hears what an administrator has done: "job.cancelled", "job.retried", "job.priority", "task.retried", and to what, as
// a small JSON object.
using JobsChanged = std::function<Awaitable<void>(const http::RequestContext&, std::string action, std::string detail)>;

// For administrators: GET /api/v2/admin/jobs and …/jobs/{id}, POST …/jobs/{id}/cancel and …/retry, PATCH …/jobs/{id},
// POST …/tasks/{id}/retry, GET …/workers, …/queue and …/events. `service` in the query names the desk; those that this
// program does not run it does not know.
void add_admin_job_endpoints(http::Router& router, std::vector<JobDesk> desks, JobsChanged changed);

}  // namespace movio::ledger
