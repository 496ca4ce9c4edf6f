#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace movio::http {

// What of a representation a client gets.
enum class Part { whole, range, not_modified, range_not_satisfiable, precondition_failed };

struct Selection {
    Part part = Part::whole;
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

// Preconditions in the order of RFC 9110 §13.2.2, then Range and If-Range (§14, §13.1.5) for one range of bytes.
// Several ranges, other units and what does not parse get the whole. `etag` with its quotes; empty where there is none.
Selection select_part(Method method, const Headers& request, std::int64_t bytes, std::string_view etag);

// `If-None-Match` says that the client has it (weak comparison).
bool is_known_to_client(const Headers& request, std::string_view etag);

}  // namespace movio::http
