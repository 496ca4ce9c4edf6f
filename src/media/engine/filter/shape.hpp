#pragma once
#include <vector>

#include "media/engine/filter/chain.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// The colour of every rendition of a film: BT.601 stays BT.601, all else is BT.709, limited range, so that all
// renditions are of one kind. Unspecified: BT.709 from 720 lines up, BT.601 below, as players guess.
ColourInfo output_colour(const VideoInfo& video);

// High dynamic range or a wide gamut: it has to be mapped to BT.709.
bool needs_tone_mapping(const VideoInfo& video);

// What all renditions of a film share, done once: deinterlacing and tone mapping; empty when nothing is needed.
// Tone mapping works at `size` (not upright yet), the largest that anyone wants.
std::vector<FilterStep> shared_steps(const VideoInfo& video, bool interlaced, PictureSize size);

// Limited range in the film's output colour, or JPEG's full range in BT.601 (JFIF).
enum class Levels { film, jpeg };

// From the shared picture to an upright one of exactly `size`, square pixels, 4:2:0 of 8 bits.
std::vector<FilterStep> rendition_steps(const VideoInfo& video, const AVFrame& like, PictureSize size, Levels levels);

// The size before it is turned upright.
PictureSize lying(const VideoInfo& video, PictureSize upright);

}  // namespace movio::media
