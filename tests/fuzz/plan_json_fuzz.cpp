// The index comes from the child, plans and orders travel between processes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "media/format/look.hpp"
#include "media/format/loudness.hpp"
#include "media/format/manifest.hpp"
#include "media/format/vtt_tracks.hpp"
#include "media/format/work.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)movio::media::work_order_from_json(text);
    (void)movio::media::raw_cues_from_json(text);
    (void)movio::media::measured_from_json(text);
    (void)movio::media::look_from_json(text);
    if (const auto levels = movio::media::levels_from_json(text)) (void)movio::media::sound_figures({*levels}, 1000);
    // Whatever index a hostile child hands over, planning and showing it must be harmless.
    if (const auto index = movio::media::index_from_json(text)) {
        if (const auto plan = movio::media::make_plan(*index, {})) {
            const auto json = movio::media::to_json(*plan);
            const auto again = movio::media::plan_from_json(json);
            if (!again || movio::media::to_json(*again) != json) std::abort();
            if (const auto board = movio::media::storyboard_of(*plan))
                (void)movio::media::render_storyboard_vtt(*plan, *board);
            (void)movio::media::render_chapters_vtt(*plan);
            if (plan->grid.segments() < 2000) (void)movio::media::render_mpd(*plan, nullptr, {});
        }
    }
    if (const auto plan = movio::media::plan_from_json(text))
        if (plan->grid.segments() < 2000) (void)movio::media::render_hls_main(*plan, nullptr, {});
    return 0;
}
