#pragma once
#include "catalog/decisions.hpp"
#include "catalog/reports.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// POST /api/v2/videos/{id}/reports for everybody who sees the film; GET /api/v2/reports, and GET and POST
// /api/v2/videos/{id}/decisions for moderators.
void add_report_endpoints(http::Router& router, Reports& reports, Decisions& decisions);

}  // namespace movio::catalog
