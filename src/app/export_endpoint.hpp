#pragma once
#include <string>
#include <vector>

#include "http/router.hpp"
#include "ports/personal_data.hpp"
#include "ports/rate_limiter.hpp"

namespace movio::app {

// GET /api/v2/me/export: all of these parts of whoever asks, one JSON document that is made while it is sent. The
// limiter outlives the router.
void add_export_endpoint(http::Router& router, std::vector<PersonalPart> parts, RateLimiter& limiter);

// The schema `PersonalExport`.
std::string personal_export_schema();

}  // namespace movio::app
