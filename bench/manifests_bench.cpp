// What the api computes for a film of two hours: manifests when a player asks first, and a plan read back from the
// store.
#include <benchmark/benchmark.h>

#include "media/format/captions/captions.hpp"
#include "media/format/manifest.hpp"
#include "support/media_films.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kMinutes = 120;

Plan long_film() {
    const auto frames = kMinutes * 60 * 24;
    return make_plan(test::index_of(test::picture_track(1920, 1080, {24, 1}, frames),
                                    test::sound_track(1, "eng", kMinutes * 60'000),
                                    test::sound_track(2, "fra", kMinutes * 60'000)),
                     {})
        .value();
}

void dash_manifest(benchmark::State& state) {
    const Plan plan = long_film();
    for (auto _ : state) benchmark::DoNotOptimize(render_mpd(plan, nullptr, {}));
}
BENCHMARK(dash_manifest)->Unit(benchmark::kMicrosecond);

void hls_playlist(benchmark::State& state) {
    const Plan plan = long_film();
    for (auto _ : state) benchmark::DoNotOptimize(render_hls_media(plan, plan.video.front().name));
}
BENCHMARK(hls_playlist)->Unit(benchmark::kMicrosecond);

void plan_from_text(benchmark::State& state) {
    const std::string text = to_json(long_film());
    for (auto _ : state) benchmark::DoNotOptimize(plan_from_json(text));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(plan_from_text)->Unit(benchmark::kMicrosecond);

void captions_of_a_track(benchmark::State& state) {
    std::vector<RawCue> packets;
    packets.reserve(1500);
    for (std::int64_t cue = 0; cue < 1500; ++cue)
        packets.push_back(
            {cue * 4800, cue * 4800 + 3000, "A line that is <i>spoken</i>,\nand the one after it", "", ""});
    for (auto _ : state) {
        const auto captions = captions_from_packets("subrip", packets);
        benchmark::DoNotOptimize(to_webvtt(captions->cues));
    }
}
BENCHMARK(captions_of_a_track)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace movio::media
