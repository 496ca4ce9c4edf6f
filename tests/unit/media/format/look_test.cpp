#include "media/format/look.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "golden/media_films.hpp"

namespace movio::media {
namespace {

constexpr PictureFigures kGood{110, 50, 90, 20};
constexpr PictureFigures kFair{100, 40, 9, 20};
constexpr PictureFigures kBlack{2, 3, 1, 1000};
constexpr PictureFigures kBlurred{110, 40, 2, 0};
constexpr PictureFigures kTitlesOnBlack{20, 50, 60, 850};

Plan film(std::int64_t frames) {
    return make_plan(test::index_of(test::picture_track(640, 360, {25, 1}, frames)), {}).value();
}

TEST(Poster, is_neither_black_nor_blank_nor_blurred) {
    EXPECT_EQ(poster_score(kBlack), 0);
    EXPECT_EQ(poster_score(kBlurred), 0);
    EXPECT_EQ(poster_score({118, 58, 6, 20}), 0) << "blurred, with hard contrast";
    EXPECT_EQ(poster_score(kTitlesOnBlack), 0);
    EXPECT_EQ(poster_score({250, 2, 0, 0}), 0);
    EXPECT_GT(poster_score(kGood), poster_score(kFair));
    EXPECT_TRUE(is_good_poster(kGood));
    EXPECT_FALSE(is_good_poster(kFair));
}

TEST(Poster, is_the_best_of_the_first_two_thirds) {
    EXPECT_EQ(choose_poster_tile({kBlack, kFair, std::nullopt, kBlurred, kGood, kGood}), 1);
    EXPECT_EQ(choose_poster_tile({kGood, kFair, kBlack, kBlack, kBlack, kBlack}), 1) << "the first is often a logo";
    EXPECT_EQ(choose_poster_tile({kGood, kBlack, kBlack}), 0) << "better the first than none";
    EXPECT_EQ(choose_poster_tile({kBlack, kBlack, kBlack, kFair}), 3);
    EXPECT_EQ(choose_poster_tile({kGood}), 0);
    EXPECT_EQ(choose_poster_tile({kBlack, kBlurred}), std::nullopt);
    EXPECT_EQ(choose_poster_tile({}), std::nullopt);
}

TEST(Preview, takes_the_best_of_each_part_of_the_film) {
    std::vector<std::optional<PictureFigures>> figures(120, kFair);
    figures[7] = kGood;
    for (std::size_t tile = 10; tile < 20; ++tile) figures[tile] = kBlack;
    const auto chosen = choose_preview_tiles(figures);
    ASSERT_EQ(chosen.size(), limits::kPreviewPicturesMax - 1) << "a part that is all black has none";
    EXPECT_EQ(chosen[0], 7);
    EXPECT_EQ(chosen[1], 20);
    EXPECT_TRUE(choose_preview_tiles({}).empty());
    EXPECT_EQ(choose_preview_tiles({kGood, kGood}), (std::vector<std::int64_t>{0, 1}));
}

TEST(BlackStretches, go_on_from_one_look_to_the_next) {
    const auto plan = film(500);
    const Look first{{0, 200}, 0, {}, {{10, 15}, {180, 200}}};
    const Look second{{200, 500}, 2, {}, {{200, 230}, {490, 500}}};
    EXPECT_EQ(black_stretches(plan, {second, first}), (std::vector<Stretch>{{7200, 9200}}))
        << "those of less than half a second are cuts";
    EXPECT_EQ(black_stretches(plan, {first}), std::nullopt) << "not all was looked at";
    EXPECT_EQ(black_stretches(plan, {}), std::nullopt);
}

TEST(LookJson, comes_back_as_it_was) {
    const Look look{{100, 300}, 1, {kGood, kBlack}, {{100, 101}, {150, 300}}};
    const auto again = look_from_json(to_json(look));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(to_json(*again), to_json(look));
    EXPECT_EQ(again->tiles.at(1).black, 1000);
}

TEST(LookJson, nonsense_is_refused) {
    const auto with = [](const std::string& tiles, const std::string& black) {
        return look_from_json(R"({"first_frame":5,"end_frame":9,"first_tile":0,"tiles":)" + tiles + R"(,"black":)" +
                              black + "}");
    };
    EXPECT_TRUE(with("[]", "[[5,9]]"));
    EXPECT_FALSE(with("[[1,2,3]]", "[]"));
    EXPECT_FALSE(with("[[1,2,3,1001]]", "[]"));
    EXPECT_FALSE(with("[[256,2,3,4]]", "[]"));
    EXPECT_FALSE(with("[]", "[[5,10]]"));
    EXPECT_FALSE(with("[]", "[[4,6]]"));
    EXPECT_FALSE(with("[]", "[[6,8],[7,9]]"));
    EXPECT_FALSE(with("[]", "[[6]]"));
}

}  // namespace
}  // namespace movio::media
