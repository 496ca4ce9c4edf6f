#include <algorithm>

#include <gtest/gtest.h>

#include "golden/media_films.hpp"
#include "support/media_golden.hpp"

namespace movio::media {
namespace {

using movio::test::expect_golden;

struct Film {
    std::string name;
    Plan plan;
    std::vector<CaptionTrack> captions;
};

Film film(const std::string& name) {
    if (name == "three-rungs-five-captions") return {name, test::ordinary_film(), test::five_captions()};
    if (name == "portrait") return {name, test::portrait_film(), {}};
    if (name == "sound-only") return {name, test::sound_film(), {}};
    if (name == "passed-through") return {name, test::passed_film(), {}};
    return {name, test::silent_film(), {}};
}

class ManifestGolden : public testing::TestWithParam<std::string> {};

TEST_P(ManifestGolden, is_as_reviewed) {
    const auto [name, plan, captions] = film(GetParam());
    const auto folder = "manifests/" + name + "/";
    const auto measured = test::measured_of(plan);
    expect_golden(folder + "plan.json", to_json(plan) + "\n");
    expect_golden(folder + "main.mpd", render_mpd(plan, &measured, captions));
    expect_golden(folder + "main.m3u8", render_hls_main(plan, &measured, captions));
    expect_golden(folder + "provisional.mpd", render_mpd(plan, nullptr, captions));
    expect_golden(folder + "provisional.m3u8", render_hls_main(plan, nullptr, captions));
    if (!plan.video.empty()) {
        const auto& name_of_rung = plan.video[0].name;
        expect_golden(folder + name_of_rung + ".m3u8", render_hls_media(plan, name_of_rung));
        expect_golden(folder + name_of_rung + "-iframes.m3u8", render_hls_iframes(plan, &measured, name_of_rung));
    }
    for (const auto& audio : plan.audio)
        expect_golden(folder + audio.name + ".m3u8", render_hls_media(plan, audio.name));
    if (!captions.empty()) expect_golden(folder + captions[0].playlist(), render_hls_text(plan, captions[0]));
}

INSTANTIATE_TEST_SUITE_P(Films, ManifestGolden,
                         testing::Values("three-rungs-five-captions", "portrait", "sound-only", "no-sound",
                                         "passed-through"),
                         [](const auto& test) {
                             auto name = test.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace movio::media
