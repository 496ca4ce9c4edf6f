#include "processing/damage.hpp"

#include "base/limits.hpp"
#include "media/format/sound.hpp"

namespace movio::processing {

std::optional<Damage> too_much_damage(const media::Plan& plan, const media::Measured& measured) {
    for (const auto& [rendition, segments] : measured.renditions) {
        const bool is_sound = plan.find_audio(rendition) != nullptr;
        const std::int64_t ticks_each = is_sound ? media::kAacFrameSamples : plan.grid.frame_ticks();
        std::int64_t frames = 0;
        std::int64_t ticks = 0;
        for (const auto& segment : segments) {
            frames += segment.damaged;
            ticks += segment.ticks;
        }
        if (frames * ticks_each * 100 > ticks * limits::kDamagedPercentMax) return Damage{rendition, frames};
    }
    return std::nullopt;
}

}  // namespace movio::processing
