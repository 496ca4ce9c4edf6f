#pragma once
#include <optional>

#include "media/format/plan.hpp"

namespace movio::media {

// What a source spends on its picture: a rung that got more would keep nothing that is not there.
struct SourceRate {
    int kbps = 0;             // average over the track
    std::int64_t pixels = 0;  // of a coded frame
    int worth_percent = 0;    // H.264 of the same picture, at the moments that take most, in per cent of `kbps`
};

// nullopt where the track's length or size is not known.
std::optional<SourceRate> source_rate(const Track& picture);

// What H.264 of `size` would take at the source's own quality, in kb/s: the rate grows with the number of pixels to the
// power of 3/4.
int scaled_kbps(const SourceRate& source, PictureSize size);

// The cap of a rung whose cap in the ladder is `ladder_kbps`: never above the source's own rate scaled. A quarter of
// the ladder's remains, since a source with a keyframe each ten seconds spends less on them than segments of four do,
// and a film that shows little stays below any cap by its CRF.
int title_cap_kbps(const SourceRate& source, PictureSize size, int ladder_kbps);

}  // namespace movio::media
