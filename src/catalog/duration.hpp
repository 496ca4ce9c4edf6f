#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Durations as Django reads and writes them (django.utils.dateparse.parse_duration, utils.duration.duration_string),
// in microseconds.
namespace movio::catalog {

// "[DD] [HH:[MM:]]ss[.uuuuuu]" ("55", "99:99", "3 04:05:06", "3 days, 4:05:06"), ISO 8601 ("PT1H0.5S"), PostgreSQL's
// ("3 days -04:05:06"). May be negative. nullopt for anything else, and for what 64 bits do not hold.
std::optional<std::int64_t> parse_duration(std::string_view text);

// "HH:MM:SS[.ffffff]", from 24 hours on "D HH:MM:SS[.ffffff]".
std::string duration_text(std::int64_t duration_us);

}  // namespace movio::catalog
