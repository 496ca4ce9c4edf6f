#pragma once
#include <string>
#include <string_view>

namespace movio::media {

// The WebVTT cue settings (W3C WebVTT §4.4) that are well formed, each once, in a fixed order; regions are left out.
std::string clean_settings(std::string_view text);

// The place of a cue as ASS names it: 1–9 as on a keypad, 2 (bottom, middle) is the default and gives nothing.
std::string settings_of_alignment(int keypad);

}  // namespace movio::media
