#pragma once
#include <cstdint>

// A document's place in the order of age (migrations/search). A line's id holds its track's slot.
namespace movio::fts5 {

inline constexpr int kLineBits = 20;  // a million lines in a track; slots reach the year 2248
inline constexpr std::int64_t kLinesMax = std::int64_t{1} << kLineBits;
inline constexpr std::int64_t kSlotMax = (std::int64_t{1} << (62 - kLineBits)) - 1;

constexpr std::int64_t first_line(std::int64_t slot) { return slot << kLineBits; }
constexpr std::int64_t last_line(std::int64_t slot) { return first_line(slot) | (kLinesMax - 1); }
constexpr std::int64_t slot_of_line(std::int64_t line) { return line >> kLineBits; }

}  // namespace movio::fts5
