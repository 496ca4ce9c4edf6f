#pragma once
#include "media/format/index.hpp"
#include "media/format/json_fields.hpp"

namespace movio::media {

// The index inside another document (plan.json).
void write_index(JsonWriter& writer, const Index& index);
Index read_index(JsonFields& fields);

}  // namespace movio::media
