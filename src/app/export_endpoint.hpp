#pragma once
#include <string>
#include <vector>

#include "audit/trail.hpp"
#include "http/router.hpp"
#include "ports/personal_data.hpp"
#include "ports/rate_limiter.hpp"

namespace movio::app {

// GET /api/v2/me/export: all of these parts of whoever asks, one JSON document that is made while it is sent. That it
// was asked for is in the trail. References outlive the router.
void add_export_endpoint(http::Router& router, std::vector<PersonalPart> parts, RateLimiter& limiter,
                         audit::Trail& trail);

// The schema `PersonalExport`.
std::string personal_export_schema();

}  // namespace movio::app
