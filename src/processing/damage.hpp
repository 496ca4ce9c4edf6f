#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "media/format/measured.hpp"
#include "media/format/plan.hpp"

namespace movio::processing {

struct Damage {
    std::string rendition;
    std::int64_t frames = 0;  // that repeat the last good one, or are silence
};

// The first rendition of which more than limits::kDamagedPercentMax could not be decoded; each is measured by itself,
// picture by the frames of the grid, sound by those of AAC.
std::optional<Damage> too_much_damage(const media::Plan& plan, const media::Measured& measured);

}  // namespace movio::processing
