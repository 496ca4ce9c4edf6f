#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/format/plan.hpp"

namespace movio::media {

inline constexpr std::int64_t kAacFrameSamples = 1024;

// The rules for one track of sound, apart from its name and flags (make_plan sets those). nullopt when the track cannot
// be heard at all. The grid is the film's, so that every segment of the rendition holds at least one frame.
std::optional<AudioRendition> plan_sound(const Track& track, const Index& index, const Grid& grid,
                                         const PlanSettings& settings);

// Which packet of the source track, counted from 0, is frame 0 of a passed-through rendition.
std::int64_t first_packet_kept(const Index& index, const AudioRendition& rendition);

// When the sample `media_time` before frame `frame` is heard, in samples of content time; negative inside the priming.
std::int64_t content_sample(const AudioRendition& rendition, std::int64_t frame);

// Two bytes of AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) for AAC-LC, in hexadecimal; empty for a rate without
// index.
std::string aac_lc_config(int sample_rate, int channels);

}  // namespace movio::media
