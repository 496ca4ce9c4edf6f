#pragma once
#include <string>

#include "media/format/plan.hpp"
#include "media/format/storyboard.hpp"

// WebVTT files beside a film that are no captions. Pure.
namespace movio::media {

// The file name of sheet n, counted from 1, in the folder of the revision's images.
std::string storyboard_sheet_name(std::int64_t n);

// A cue for each tile, which says where its picture is (`storyboard-1.jpg#xywh=160,0,160,90`, Media Fragments §4.2.2).
// It stands beside the sheets.
std::string render_storyboard_vtt(const Plan& plan, const Storyboard& board);

// A cue for each chapter (WebVTT §3.6.4 chapter titles); empty when the film has none.
std::string render_chapters_vtt(const Plan& plan);

}  // namespace movio::media
