#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "media/format/measured.hpp"
#include "media/format/work.hpp"
#include "support/media_films.hpp"

namespace movio::media {
namespace {

using namespace test;

Plan rich_plan() {
    auto picture = picture_track(1920, 1080, {24000, 1001}, 3000);
    picture.video->rotation = 90;
    picture.video->sample_aspect = {64, 45};
    picture.title = "a \"title\"\n with \\ signs";
    auto index = index_of(picture, aac_track(1, "eng", 6000), sound_track(2, "ben", 125'000), text_track(3, "hin"));
    index.warnings = {"Stream 9 is a data track and is left out."};
    index.time_zero_us = -41'708;
    return make_plan(index, {}).value();
}

TEST(PlanJson, comes_back_as_it_was) {
    const auto plan = rich_plan();
    const auto text = to_json(plan);
    const auto again = plan_from_json(text);
    ASSERT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(to_json(*again), text);
    EXPECT_EQ(again->index.tracks[0].keyframes.size(), plan.index.tracks[0].keyframes.size());
    EXPECT_EQ(again->video.at(2).parameters_hash, plan.video.at(2).parameters_hash);
    EXPECT_EQ(again->grid.segments(), plan.grid.segments());
}

TEST(PlanJson, keeps_an_explicit_grid) {
    auto plan = rich_plan();
    plan.grid = Grid::explicit_list({24000, 1001}, 3000, {0, 100, 230, 2900});
    const auto again = plan_from_json(to_json(plan));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->grid.first_frames(), plan.grid.first_frames());
}

TEST(PlanJson, holds_keyframes_as_triples) {
    EXPECT_THAT(to_json(rich_plan()), testing::HasSubstr(R"("keyframes":[[0,0,0],[250,250,250000],)"));
}

struct Broken {
    std::string_view name;
    std::string_view from;
    std::string_view to;
};

class BrokenPlan : public testing::TestWithParam<Broken> {};

TEST_P(BrokenPlan, is_refused) {
    auto text = to_json(rich_plan());
    const auto at = text.find(GetParam().from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, GetParam().from.size(), GetParam().to);
    const auto plan = plan_from_json(text);
    ASSERT_FALSE(plan.has_value());
    EXPECT_FALSE(plan.error().detail.empty() && plan.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Fields, BrokenPlan,
    testing::Values(Broken{"version", R"("version":1)", R"("version":2)"},
                    Broken{"kind", R"("kind":"video")", R"("kind":"smell")"},
                    Broken{"fast_rate", R"("frame_rate":[24000,1001])", R"("frame_rate":[24000,10])"},
                    Broken{"slow_rate", R"("frame_rate":[24000,1001])", R"("frame_rate":[1,2])"},
                    Broken{"late", R"("end_pts":3000)", R"("end_pts":3000000000000)"},
                    Broken{"zero_rate", R"("frame_rate":[24000,1001])", R"("frame_rate":[24000,0])"},
                    Broken{"negative_rate", R"("time_base":[1001,24000])", R"("time_base":[-1001,24000])"},
                    Broken{"huge_width", R"("width":1920)", R"("width":99999999999)"},
                    Broken{"text_for_number", R"("rotation":90)", R"("rotation":"90")"},
                    Broken{"odd_rotation", R"("rotation":90)", R"("rotation":45)"},
                    Broken{"missing", R"("frames_total")", R"("frames_totel")"},
                    Broken{"float", R"("crf":23)", R"("crf":23.5)"}, Broken{"keyframe", "[0,0,0]", "[0,0]"},
                    Broken{"garbage", R"("index":{)", R"("index":[)"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(IndexJson, too_many_tracks_are_refused) {
    Index index;
    for (int stream = 0; stream <= limits::kStreamsMax; ++stream) index.tracks.push_back(text_track(stream, "en"));
    EXPECT_FALSE(index_from_json(to_json(index)).has_value());
    index.tracks.pop_back();
    EXPECT_TRUE(index_from_json(to_json(index)).has_value());
}

TEST(IndexJson, not_json_is_refused) {
    for (const auto* text : {"", "null", "[]", "{", "{}", R"({"container":1})"})
        EXPECT_FALSE(index_from_json(text).has_value()) << text;
}

TEST(MeasuredJson, comes_back_as_it_was) {
    Measured measured;
    measured.renditions["v-h264-360"] = {{1000, 100'100, 0, 400}, {2000, 50'050, 3}};
    measured.renditions["a-1-en-2"] = {{300, 191'488, 0}};
    measured.poster_key = "image/poster.jpg";
    const auto again = measured_from_json(to_json(measured));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(to_json(*again), to_json(measured));
    EXPECT_EQ(again->renditions.at("v-h264-360").at(1).damaged, 3);
    EXPECT_EQ(again->renditions.at("v-h264-360").at(0).picture_bytes, 400);
    EXPECT_EQ(again->renditions.at("v-h264-360").at(1).picture_bytes, 0) << "of before there were any";
    for (const auto* segment : {"[1,2]", "[1,2,0,2]", "[9,2,0,-1]", "[9,2,0,1,1]", "[9,2,0,\"1\"]"})
        EXPECT_FALSE(measured_from_json(R"({"renditions":[{"name":"x","segments":[)" + std::string(segment) +
                                        R"(]}],"poster_key":""})")
                         .has_value())
            << segment;
}

TEST(MeasuredJson, extras_come_back_as_they_were) {
    Measured measured;
    measured.storyboard = Storyboard{160, 90, 5, 5, 100, 60};
    measured.storyboard_bytes = 123'456;
    measured.preview_key = "image/preview.webp";
    measured.loudness = -2345;
    measured.black = {{0, 1000}, {5000, 6000}};
    measured.silence.emplace();
    const auto again = measured_from_json(to_json(measured));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(to_json(*again), to_json(measured));
    EXPECT_EQ(again->storyboard, measured.storyboard);
    EXPECT_TRUE(again->silence && again->silence->empty());
    const auto before = measured_from_json(R"({"renditions":[],"poster_key":""})");
    ASSERT_TRUE(before) << "of before there were any";
    EXPECT_FALSE(before->storyboard || before->loudness || before->black || before->silence);
}

TEST(IndexJson, chapters_are_optional_and_in_order) {
    Index index;
    EXPECT_FALSE(to_json(index).contains("chapters"));
    index.chapters = {{0, 1000, "One"}, {1000, 5000, "Two"}};
    const auto again = index_from_json(to_json(index));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(to_json(*again), to_json(index));
    index.chapters = {{1000, 5000, "Two"}, {0, 1000, "One"}};
    EXPECT_FALSE(index_from_json(to_json(index)));
    index.chapters = {{1000, 1000, "Nothing"}};
    EXPECT_FALSE(index_from_json(to_json(index)));
}

TEST(WorkJson, every_kind_comes_back_as_it_was) {
    const auto plan = rich_plan();
    const std::vector<WorkOrder> orders{
        {IndexWork{}, std::nullopt},
        {VideoWork{{{"v-h264-360", 0, 8}, {"v-h264-480", 4, 5}}}, plan},
        {VideoWork{.ranges = {{"v-h264-360", 0, 8}}, .looks = true}, plan},
        {AudioWork{{"a-1-en-2", 0, 64}}, plan},
        {AudioWork{.range = {"a-1-en-2", 0, 64}, .levels = true}, plan},
        {LevelsWork{{"a-1-en-2", 64, 128}}, plan},
        {PosterWork{.frame = 300, .width_max = 640}, plan},
        {PosterWork{.frame = 300, .width_max = 640, .candidates = {0, 200}}, plan},
        {LookWork{.first_tile = 3, .end_tile = 9}, plan},
        {SheetsWork{.strips = {{0, 100, 0, 2}, {100, 50, 2, 1}}, .preview = {0, 2}}, plan},
        {SelftestWork{}, std::nullopt},
    };
    for (const auto& order : orders) {
        const auto again = work_order_from_json(to_json(order));
        ASSERT_TRUE(again.has_value()) << again.error().detail;
        EXPECT_EQ(again->work.index(), order.work.index());
        EXPECT_EQ(to_json(*again), to_json(order));
    }
}

TEST(WorkJson, orders_of_before_there_were_looks_and_levels_are_read) {
    const auto video = work_order_from_json(R"({"kind":"video","ranges":[]})");
    ASSERT_TRUE(video);
    EXPECT_FALSE(std::get<VideoWork>(video->work).looks);
    const auto audio = work_order_from_json(R"({"kind":"audio","range":{"rendition":"a","first":0,"end":4}})");
    ASSERT_TRUE(audio);
    EXPECT_FALSE(std::get<AudioWork>(audio->work).levels);
    const auto poster = work_order_from_json(R"({"kind":"poster","frame":7,"width_max":640})");
    ASSERT_TRUE(poster);
    EXPECT_TRUE(std::get<PosterWork>(poster->work).candidates.empty());
}

TEST(WorkJson, strips_are_bounded) {
    const auto with = [](const std::string& strip) {
        return work_order_from_json(R"({"kind":"sheets","preview":[],"strips":[)" + strip + "]}");
    };
    EXPECT_TRUE(with(R"({"offset":0,"bytes":9,"first_tile":0,"tiles":16})"));
    EXPECT_FALSE(with(R"({"offset":0,"bytes":9,"first_tile":0,"tiles":17})"));
    EXPECT_FALSE(with(R"({"offset":0,"bytes":99999999,"first_tile":0,"tiles":1})"));
    EXPECT_FALSE(with(R"({"offset":-1,"bytes":9,"first_tile":0,"tiles":1})"));
}

TEST(WorkJson, range_backwards_is_refused) {
    EXPECT_FALSE(work_order_from_json(R"({"kind":"audio","range":{"rendition":"a","first":5,"end":4}})").has_value());
    EXPECT_FALSE(work_order_from_json(R"({"kind":"format the disk"})").has_value());
}

TEST(RawCueJson, keeps_bytes_that_are_not_text) {
    const std::vector<RawCue> cues{{0, 1000, "plain \"text\"\n", "line:0", "1"},
                                   {1000, 2000,
                                    std::string("\x00\x03"
                                                "abc\x00\x00\x00\xff",
                                                9),
                                    "", ""},
                                   {-5, 2000, "d\xe9j\xe0 vu", "", ""}};
    const auto again = raw_cues_from_json(to_json(cues));
    ASSERT_TRUE(again.has_value());
    ASSERT_EQ(again->size(), 3U);
    for (std::size_t i = 0; i < cues.size(); ++i) {
        EXPECT_EQ((*again)[i].payload, cues[i].payload);
        EXPECT_EQ((*again)[i].start_ms, cues[i].start_ms);
        EXPECT_EQ((*again)[i].settings, cues[i].settings);
    }
}

}  // namespace
}  // namespace movio::media
