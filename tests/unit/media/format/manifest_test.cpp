#include "media/format/manifest.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <pugixml.hpp>

#include "golden/media_films.hpp"
#include "media/format/bandwidth.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

std::vector<Plan> many_plans() {
    std::vector<Plan> plans{ordinary_film(), portrait_film(), sound_film(), silent_film()};
    std::mt19937 random(5);
    const std::vector<Rational> rates{{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001}, {60000, 1001},
                                      {60, 1},       {25, 2}, {17370, 1000}, {1, 1}};
    for (int round = 0; round < 200; ++round) {
        const auto rate = rates[static_cast<std::size_t>(round) % rates.size()];
        const std::int64_t frames = std::uniform_int_distribution<std::int64_t>(1, 3000)(random);
        const auto film_ms = scale(frames, 1000 * rate.den, rate.num);
        auto sound = sound_track(1, "en", film_ms);
        sound.audio->sample_rate = round % 2 == 0 ? 44100 : 48000;
        auto plan = make_plan(index_of(picture_track(1280, 720, rate, frames), sound), {}).value();
        if (round % 5 == 0 && frames > 100) plan.grid = Grid::explicit_list(rate, frames, {0, frames / 3, frames / 2});
        plans.push_back(plan);
    }
    return plans;
}

// Every number behind `tag`, in millionths.
std::vector<std::int64_t> millionths_after(const std::string& text, const std::string& tag) {
    std::vector<std::int64_t> found;
    const std::regex pattern(tag + "([0-9]+)\\.([0-9]{6}),");
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
        found.push_back(std::stoll((*it)[1]) * 1'000'000 + std::stoll((*it)[2]));
    return found;
}

TEST(Hls, extinf_never_drift_from_the_true_times) {
    for (const auto& plan : many_plans()) {
        std::vector<std::string> names;
        for (const auto& video : plan.video) names.push_back(video.name);
        for (const auto& audio : plan.audio) names.push_back(audio.name);
        for (const auto& name : names) {
            const auto durations = millionths_after(render_hls_media(plan, name), "#EXTINF:");
            ASSERT_EQ(static_cast<std::int64_t>(durations.size()), plan.grid.segments());
            const auto frame_us =
                std::max<std::int64_t>(scale(1, 1'000'000 * plan.grid.frame_ticks(), plan.grid.timescale()), 23'220);
            std::int64_t sum = 0;
            for (std::size_t k = 0; k < durations.size(); ++k) {
                ASSERT_GT(durations[k], 0);
                const auto begin = plan.grid.segment(static_cast<std::int64_t>(k)).first_frame;
                const auto true_us = scale(begin, 1'000'000 * plan.grid.frame_ticks(), plan.grid.timescale());
                ASSERT_LE(std::abs(sum - true_us), frame_us);
                sum += durations[k];
            }
            ASSERT_LE(std::abs(sum - film_duration_us(plan)), 2 * frame_us) << name;
        }
    }
}

TEST(Hls, no_segment_rounds_above_the_target_duration) {
    for (const auto& plan : many_plans()) {
        const auto target = target_duration_seconds(plan);
        const auto name = plan.video.empty() ? plan.audio[0].name : plan.video[0].name;
        const auto text = render_hls_media(plan, name);
        ASSERT_THAT(text, HasSubstr("#EXT-X-TARGETDURATION:" + std::to_string(target) + "\n"));
        for (const auto duration : millionths_after(text, "#EXTINF:")) ASSERT_LE(scale(duration, 1, 1'000'000), target);
    }
}

TEST(Mpd, duration_is_not_before_the_end_of_any_rendition) {
    for (const auto& plan : many_plans()) {
        pugi::xml_document document;
        ASSERT_TRUE(document.load_string(render_mpd(plan, nullptr, {}).c_str()));
        const std::string said = document.child("MPD").attribute("mediaPresentationDuration").value();
        ASSERT_TRUE(said.starts_with("PT") && said.ends_with("S")) << said;
        const double seconds = std::stod(said.substr(2));
        double latest = 0;
        const auto ends = [&](const Timeline& timeline) {
            const auto ticks = timeline.starts.back() - timeline.media_time;
            latest = std::max(latest, static_cast<double>(ticks) / static_cast<double>(timeline.timescale));
        };
        for (const auto& video : plan.video) ends(timeline_of(plan, video));
        for (const auto& audio : plan.audio) ends(timeline_of(plan, audio));
        ASSERT_GE(seconds, latest);
        ASSERT_LE(seconds, latest + 0.001);
    }
}

TEST(Mpd, timeline_expands_to_the_decode_times_of_the_segments) {
    for (const auto& plan : many_plans()) {
        pugi::xml_document document;
        ASSERT_TRUE(document.load_string(render_mpd(plan, nullptr, {}).c_str()));
        int sets = 0;
        for (const auto set : document.child("MPD").child("Period").children("AdaptationSet")) {
            const auto segments = set.child("SegmentTemplate");
            const std::string name = set.child("Representation").attribute("id").value();
            std::int64_t time = segments.child("SegmentTimeline").child("S").attribute("t").as_llong(-1);
            std::int64_t k = 0;
            for (const auto s : segments.child("SegmentTimeline").children("S"))
                for (long long repeat = 0; repeat <= s.attribute("r").as_llong(0); ++repeat, ++k) {
                    const auto* audio = plan.find_audio(name);
                    const auto expected =
                        audio ? segment_decode_time(plan, *audio, k) : segment_decode_time(plan, plan.video.at(0), k);
                    ASSERT_EQ(time, expected) << name << " " << k;
                    time += s.attribute("d").as_llong();
                }
            ASSERT_EQ(k, plan.grid.segments());
            ++sets;
        }
        ASSERT_EQ(sets, static_cast<int>(plan.audio.size()) + (plan.video.empty() ? 0 : 1));
    }
}

TEST(Mpd, lists_the_lowest_rung_first) {
    const auto text = render_mpd(ordinary_film(), nullptr, {});
    EXPECT_LT(text.find("v-h264-360"), text.find("v-h264-480"));
    EXPECT_LT(text.find("v-h264-480"), text.find("v-h264-720"));
    const auto hls = render_hls_main(ordinary_film(), nullptr, {});
    EXPECT_LT(hls.find("v-h264-360.m3u8"), hls.find("v-h264-720.m3u8"));
}

TEST(Bandwidth, provisional_is_never_below_measured) {
    const auto plan = ordinary_film();
    const auto measured = measured_of(plan);
    for (const auto& video : plan.video) {
        const auto before = bandwidth_of(plan, weight_of(plan, video, nullptr));
        const auto after = bandwidth_of(plan, weight_of(plan, video, &measured));
        EXPECT_GE(before.peak, after.peak);
        EXPECT_GE(after.peak, after.average);
        EXPECT_GE(before.average, after.average);
    }
}

TEST(Bandwidth, short_last_segment_does_not_count_alone) {
    const auto plan = make_plan(index_of(picture_track(640, 360, {25, 1}, 201)), {}).value();
    Measured measured;
    measured.renditions["v-h264-360"] = {{100'000, 100, 0}, {100'000, 100, 0}, {50'000, 1, 0}};
    const auto bandwidth = bandwidth_of(plan, weight_of(plan, plan.video[0], &measured));
    EXPECT_EQ(bandwidth.peak, 150'000 * 8 * 100 / 404 + 1);  // segments 2 and 3: 4.04 s
    EXPECT_EQ(bandwidth.average, 250'000 * 8 * 100 / 804 + 1);
}

TEST(Bandwidth, film_shorter_than_half_a_segment_counts_whole) {
    const auto plan = make_plan(index_of(picture_track(640, 360, {25, 1}, 10)), {}).value();
    Measured measured;
    measured.renditions["v-h264-360"] = {{50'000, 10, 0}};
    EXPECT_EQ(bandwidth_of(plan, weight_of(plan, plan.video[0], &measured)).peak, 1'000'000);
}

TEST(Bandwidth, measurement_that_does_not_match_the_plan_is_not_used) {
    const auto plan = ordinary_film();
    Measured measured;
    measured.renditions["v-h264-360"] = {{1, 1, 0}};
    EXPECT_EQ(render_hls_main(plan, &measured, {}), render_hls_main(plan, nullptr, {}));
}

TEST(Bandwidth, of_a_variant_counts_the_heaviest_sound) {
    const auto plan =
        make_plan(
            index_of(picture_track(640, 360, {25, 1}, 100), sound_track(1, "en", 4000), sound_track(2, "de", 4000)), {})
            .value();
    Measured measured;
    measured.renditions["v-h264-360"] = {{100'000, 100, 0}};
    measured.renditions["a-1-en-2"] = {{10'000, 0, 0}};
    measured.renditions["a-2-de-2"] = {{50'000, 0, 0}};
    EXPECT_THAT(render_hls_main(plan, &measured, {}), HasSubstr("BANDWIDTH=300000,AVERAGE-BANDWIDTH=300000,"));
}

TEST(Hls, names_in_a_group_differ_and_hold_no_quotes) {
    auto tracks = five_captions();
    tracks[1].label = tracks[0].label = "a \"name\"\nand a line";
    const auto text = render_hls_main(ordinary_film(), nullptr, tracks);
    EXPECT_THAT(text, HasSubstr("NAME=\"a 'name' and a line\""));
    EXPECT_THAT(text, HasSubstr("NAME=\"a 'name' and a line 2\""));
}

TEST(Hls, one_sound_track_alone_has_no_group) {
    const auto plan = make_plan(index_of(sound_track(0, "en", 9000)), {}).value();
    const auto text = render_hls_main(plan, nullptr, {});
    EXPECT_THAT(text, Not(HasSubstr("EXT-X-MEDIA:")));
    EXPECT_THAT(text, HasSubstr("CODECS=\"mp4a.40.2\""));
    EXPECT_THAT(text, HasSubstr("\na-0-en-2.m3u8\n"));
}

TEST(Hls, unknown_rendition_has_no_playlist) { EXPECT_EQ(render_hls_media(ordinary_film(), "v-h264-999"), ""); }

TEST(Hls, pictures_that_were_not_measured_are_in_no_playlist) {
    const auto plan = ordinary_film();
    auto measured = measured_of(plan);
    const auto& lowest = plan.video[0].name;
    EXPECT_EQ(render_hls_iframes(plan, nullptr, lowest), "");
    EXPECT_EQ(render_hls_iframes(plan, &measured, plan.audio[0].name), "");
    EXPECT_THAT(render_hls_main(plan, nullptr, {}), Not(HasSubstr("I-FRAME")));
    measured.renditions.at(lowest).back().picture_bytes = 0;  // of a film that was begun by an older version
    EXPECT_EQ(render_hls_iframes(plan, &measured, lowest), "");
    const auto main = render_hls_main(plan, &measured, {});
    EXPECT_THAT(main, Not(HasSubstr(lowest + "-iframes.m3u8")));
    EXPECT_THAT(main, HasSubstr(plan.video[1].name + "-iframes.m3u8"));
}

TEST(Hls, bandwidth_of_pictures_alone_is_that_of_the_heaviest) {
    const auto plan = silent_film();  // 101 frames at 25 a second: 4 s and 40 ms
    Measured measured;
    measured.renditions[plan.video[0].name] = {{90'000, 100, 0, 10'000}, {3'000, 1, 0, 2'000}};
    EXPECT_THAT(render_hls_main(plan, &measured, {}),
                HasSubstr("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=23763,AVERAGE-BANDWIDTH=23763,"));
    EXPECT_THAT(render_hls_iframes(plan, &measured, plan.video[0].name),
                HasSubstr("#EXTINF:4.000000,\n#EXT-X-BYTERANGE:10000@28\nv-h264-332/1.m4s\n#EXTINF:0.040000,\n"
                          "#EXT-X-BYTERANGE:2000@28\nv-h264-332/2.m4s\n#EXT-X-ENDLIST\n"));
}

TEST(Mpd, text_is_escaped) {
    auto tracks = five_captions();
    tracks[0].label = "<script>&\"'";
    const auto text = render_mpd(ordinary_film(), nullptr, tracks);
    EXPECT_THAT(text, HasSubstr("<Label>&lt;script&gt;&amp;"));
    EXPECT_THAT(text, HasSubstr("<BaseURL>../text/01936000-0000-7000-8000-000000000001/1.vtt</BaseURL>"));
}

TEST(Mpd, holds_no_control_characters) {
    auto tracks = five_captions();
    tracks[0].label = "a\x01z";
    const auto text = render_mpd(ordinary_film(), nullptr, tracks);
    EXPECT_THAT(text, HasSubstr("<Label>az</Label>"));
}

TEST(Mpd, is_valid_by_the_schema) {
    const auto* root = std::getenv("MOVIO_TEST_DATA");
    const auto schema = std::filesystem::path(root ? root : MOVIO_SOURCE_DIR "/../shared") / "fixtures" / "dash-schema";
    if (!std::filesystem::exists(schema / "DASH-MPD.xsd")) GTEST_SKIP() << "no schema in " << schema;
    if (std::system("command -v xmllint >/dev/null") != 0) GTEST_SKIP() << "xmllint is not installed";
    const auto folder = std::filesystem::path(testing::TempDir()) / "movio-mpd";
    std::filesystem::create_directories(folder);
    int number = 0;
    const auto write = [&](const std::string& text) {
        std::ofstream(folder / (std::to_string(number++) + ".mpd"), std::ios::binary) << text;
    };
    const auto captions = five_captions();
    for (const auto& plan : many_plans()) {
        const auto measured = measured_of(plan);
        write(render_mpd(plan, number % 2 == 0 ? &measured : nullptr, captions));
    }
    const auto command = "cd " + schema.string() +
                         " && XML_CATALOG_FILES=catalog.xml xmllint --noout --nonet --schema DASH-MPD.xsd " +
                         folder.string() + "/*.mpd >" + folder.string() + "/log 2>&1";
    const auto status = std::system(command.c_str());
    std::stringstream log;
    log << std::ifstream(folder / "log").rdbuf();
    EXPECT_EQ(status, 0) << log.str().substr(0, 4000);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace movio::media
