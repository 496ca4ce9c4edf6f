#pragma once
#include "media/format/json_fields.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// The plan inside another document (a work order).
void write_plan(JsonWriter& writer, const Plan& plan);
Plan read_plan(JsonFields& fields);

}  // namespace movio::media
