#include "sandbox/artefact_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace movio::sandbox {
namespace {

using media::Artefact;
using media::ArtefactKind;

constexpr const char* kRung = "v-h264-360";

media::Plan ten_seconds() {
    media::Plan plan;
    plan.grid = media::Grid::every({25, 1}, 250);
    plan.video_stream = 0;
    plan.video.emplace_back();
    plan.video.back().name = kRung;
    return plan;
}

media::WorkOrder video_order(std::int64_t first, std::int64_t end) {
    return {media::VideoWork{{{kRung, first, end}}}, ten_seconds()};
}

Artefact artefact(ArtefactKind kind, const std::string& rendition, std::int64_t number, std::string_view bytes = "{}") {
    Artefact made;
    made.kind = kind;
    made.rendition = rendition;
    made.number = number;
    const auto view = as_bytes(bytes);
    made.bytes.assign(view.begin(), view.end());
    return made;
}

TEST(ArtefactCheck, Wants_only_what_was_ordered) {
    const auto order = video_order(0, 2);
    const ArtefactCheck check(order);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::init_segment, kRung, 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::init_segment, "v-h264-720", 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::segment, kRung, 3), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::segment, kRung, 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::index, "", 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::cues, "2", 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "poster.jpg", 0), 500), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::plan, "", 0), 500), std::nullopt);
}

TEST(ArtefactCheck, Segment_must_not_come_before_its_init_segment) {
    const auto order = video_order(0, 2);
    const ArtefactCheck check(order);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::segment, kRung, 1), 500), "a segment before its init segment");
}

TEST(ArtefactCheck, Bytes_that_are_no_segment_are_refused_and_stay_missing) {
    const auto order = video_order(0, 1);
    ArtefactCheck check(order);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::init_segment, kRung, 0, "garbage")), std::nullopt);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::segment, kRung, 1, "garbage")), std::nullopt);
    EXPECT_EQ(check.missing(), std::string("the init segment of ") + kRung);
}

TEST(ArtefactCheck, Size_is_bounded_by_kind) {
    const auto order = video_order(0, 1);
    const ArtefactCheck check(order);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::init_segment, kRung, 0), 1 << 20), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::init_segment, kRung, 0), 0), std::nullopt);
    const media::WorkOrder poster{media::PosterWork{}, ten_seconds()};
    EXPECT_NE(
        ArtefactCheck(poster).head_fault(artefact(ArtefactKind::image, "poster.jpg", 0), limits::kSegmentBytesMax),
        std::nullopt);
}

TEST(ArtefactCheck, Index_comes_once_and_each_text_track_once) {
    const media::WorkOrder order{media::IndexWork{}, std::nullopt};
    ArtefactCheck check(order);
    EXPECT_EQ(check.missing(), "an index");
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::cues, "2", 0)), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::cues, "2", 0), 2), std::nullopt);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::cues, "3", 0), 2), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::cues, "en", 0), 2), std::nullopt);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::index, "", 0, "[1]")), std::nullopt);
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::index, "", 0)), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::index, "", 0), 2), std::nullopt);
    EXPECT_EQ(check.missing(), std::nullopt);
}

TEST(ArtefactCheck, Poster_must_be_a_jpeg) {
    const media::WorkOrder order{media::PosterWork{}, ten_seconds()};
    ArtefactCheck check(order);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::image, "poster.jpg", 0, "<svg onload=x>")), std::nullopt);
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::image, "poster.jpg", 0, "\xFF\xD8\xFF\xE0 ")), std::nullopt);
    EXPECT_EQ(check.missing(), std::nullopt);
}

constexpr const char* kLook = R"({"first_frame":0,"end_frame":100,"first_tile":0,"tiles":[],"black":[]})";
constexpr const char* kJpeg = "\xFF\xD8\xFF\xE0 ";

TEST(ArtefactCheck, Looks_come_only_where_they_are_asked_for_and_each_once) {
    auto order = video_order(0, 1);
    EXPECT_NE(ArtefactCheck(order).head_fault(artefact(ArtefactKind::figures, "look", 0), 90), std::nullopt);
    EXPECT_NE(ArtefactCheck(order).head_fault(artefact(ArtefactKind::image, "strip", 0), 90), std::nullopt);
    std::get<media::VideoWork>(order.work).looks = true;
    ArtefactCheck check(order);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::image, "strip", 0), 90), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "strip", 0), limits::kSheetBytesMax + 1), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "strip", 250), 90), std::nullopt) << "behind the end";
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "poster.jpg", 0), 90), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::figures, "levels", 0), 90), std::nullopt);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::figures, "look", 0, "{}")), std::nullopt);
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::figures, "look", 0, kLook)), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::figures, "look", 0), 90), std::nullopt);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::figures, "look", 100), 90), std::nullopt);
}

TEST(ArtefactCheck, Work_is_whole_without_its_figures) {
    const media::WorkOrder looks{media::LookWork{0, 2}, ten_seconds()};
    EXPECT_EQ(ArtefactCheck(looks).missing(), std::nullopt);
}

TEST(ArtefactCheck, Levels_are_of_the_piece_that_was_ordered) {
    for (const media::Work& work : {media::Work(media::AudioWork{{"a-1-en-2", 64, 128}, true}),
                                    media::Work(media::LevelsWork{{"a-1-en-2", 64, 128}})}) {
        const media::WorkOrder order{work, ten_seconds()};
        ArtefactCheck check(order);
        EXPECT_NE(check.head_fault(artefact(ArtefactKind::figures, "levels", 0), 90), std::nullopt);
        EXPECT_EQ(check.head_fault(artefact(ArtefactKind::figures, "levels", 64), 90), std::nullopt);
        EXPECT_NE(check.content_fault(artefact(ArtefactKind::figures, "levels", 64, R"({"levels":[1]})")),
                  std::nullopt);
    }
    const media::WorkOrder order{media::LevelsWork{{"a-1-en-2", 0, 2}}, ten_seconds()};
    EXPECT_EQ(ArtefactCheck(order).missing(), std::nullopt);
    EXPECT_NE(ArtefactCheck(order).head_fault(artefact(ArtefactKind::segment, "a-1-en-2", 1), 90), std::nullopt);
}

TEST(ArtefactCheck, Every_sheet_must_come_and_the_preview_may) {
    const media::WorkOrder order{media::SheetsWork{{}, {0}}, ten_seconds()};
    ArtefactCheck check(order);
    EXPECT_EQ(check.missing(), "the image storyboard-1.jpg");
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "storyboard-2.jpg", 0), 90), std::nullopt);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::image, "storyboard-1.jpg", 0, "GIF89a")), std::nullopt);
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::image, "storyboard-1.jpg", 0, kJpeg)), std::nullopt);
    EXPECT_EQ(check.missing(), std::nullopt);
    EXPECT_EQ(check.head_fault(artefact(ArtefactKind::image, "preview.webp", 0), 90), std::nullopt);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::image, "preview.webp", 0, kJpeg)), std::nullopt);
    const std::string webp("RIFF\x06\0\0\0WEBP  ", 14);
    EXPECT_NE(check.content_fault(artefact(ArtefactKind::image, "preview.webp", 0, webp + "more")), std::nullopt);
    EXPECT_EQ(check.content_fault(artefact(ArtefactKind::image, "preview.webp", 0, webp)), std::nullopt);
    EXPECT_NE(check.head_fault(artefact(ArtefactKind::image, "preview.webp", 0), 90), std::nullopt) << "twice";
}

}  // namespace
}  // namespace movio::sandbox
