#include "media/format/captions/cue_list.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "base/limits.hpp"

namespace movio::media {

namespace {

constexpr std::int64_t kTimeMaxMs = limits::kDurationSecondsMax * 1000;

}  // namespace

MediaResult<void> CueList::add(std::int64_t start_ms, std::int64_t end_ms, CueText text, std::string settings) {
    Cue cue;
    cue.start_ms = std::clamp<std::int64_t>(start_ms, 0, kTimeMaxMs);
    cue.end_ms = std::clamp<std::int64_t>(end_ms, 0, kTimeMaxMs);
    cue.text = text.take_text();
    cue.plain = text.take_plain();
    cue.settings = std::move(settings);
    if (cue.text.empty() || cue.end_ms <= cue.start_ms) {
        ++captions_.dropped;
        return {};
    }
    if (captions_.cues.size() == static_cast<std::size_t>(limits::kCuesPerTrackMax))
        return bad_media(MediaStage::captions, ErrorCode::too_large,
                         fmt::format("The subtitles have more than {} cues. Split them.", limits::kCuesPerTrackMax));
    captions_.cues.push_back(std::move(cue));
    return {};
}

Captions CueList::take() {
    auto& cues = captions_.cues;
    std::vector<std::size_t> order(cues.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Cues that begin together keep their order.
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return cues[a].start_ms != cues[b].start_ms ? cues[a].start_ms < cues[b].start_ms : a < b;
    });
    Captions sorted{.cues = {}, .dropped = captions_.dropped};
    sorted.cues.reserve(cues.size());
    for (const auto index : order) sorted.cues.push_back(std::move(cues[index]));
    captions_ = {};
    return sorted;
}

}  // namespace movio::media
