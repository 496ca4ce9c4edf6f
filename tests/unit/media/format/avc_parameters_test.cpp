#include "media/format/avc_parameters.hpp"

#include <random>

#include <gtest/gtest.h>

#include "media/format/hex.hpp"

namespace movio::media {
namespace {

// Written by x264: sets of real streams.
const std::string kHigh = "6764001eacd940a02ff97011000003000100000300320f162d96";
const std::string kHighPicture = "68ebe3cb22c0";
const std::string kOtherPicture = "68fba3cb22c0";
const std::string kBaseline1080 = "6742c028da01e0089f97011000000300100000030320f1832a";

Bytes unhex(const std::string& digits) { return from_hex(digits).value(); }

struct SequenceCase {
    std::string name;
    std::string digits;
    int profile, level, width, height, chroma_format, bit_depth;
    bool frames_only, square_pixels;
};

class Sequence : public testing::TestWithParam<SequenceCase> {};

TEST_P(Sequence, is_read) {
    const auto& expected = GetParam();
    const auto sequence = read_avc_sequence(unhex(expected.digits));
    ASSERT_TRUE(sequence);
    EXPECT_EQ(sequence->profile, expected.profile);
    EXPECT_EQ(sequence->level, expected.level);
    EXPECT_EQ(sequence->width, expected.width);
    EXPECT_EQ(sequence->height, expected.height);
    EXPECT_EQ(sequence->chroma_format, expected.chroma_format);
    EXPECT_EQ(sequence->bit_depth, expected.bit_depth);
    EXPECT_EQ(sequence->frames_only, expected.frames_only);
    EXPECT_EQ(sequence->square_pixels, expected.square_pixels);
}

INSTANTIATE_TEST_SUITE_P(
    Encoded, Sequence,
    testing::Values(SequenceCase{"high", kHigh, 100, 30, 640, 360, 1, 8, true, true},
                    SequenceCase{"cropped_baseline", kBaseline1080, 66, 40, 1920, 1080, 1, 8, true, true},
                    SequenceCase{"anamorphic", "674d401eeca05a09360820000003002000000641e2c5b2c0", 77, 30, 720, 576, 1,
                                 8, true, false},
                    SequenceCase{"anamorphic_in_numbers",
                                 "6764001eacd940a02ff97ff000700051000003000100000300320f162d96", 100, 30, 640, 360, 1,
                                 8, true, false},
                    SequenceCase{"interlaced", "6764001eacd940b424d8088000000300800000190f8a14cb", 100, 30, 720, 576, 1,
                                 8, false, true},
                    SequenceCase{"ten_bits", "676e001ea6cd940a02ff97011000000300100000030320f162d960", 110, 30, 640,
                                 360, 1, 10, true, true},
                    SequenceCase{"full_colour", "67f4001e919b281405ff1380880000030008000003019078b16cb0", 244, 30, 640,
                                 360, 3, 8, true, true}),
    [](const auto& test) { return test.param.name; });

TEST(AvcPicture, says_whose_it_is) {
    const auto picture = read_avc_picture(unhex(kHighPicture));
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->id, 0);
    EXPECT_EQ(picture->sequence_id, 0);
    EXPECT_EQ(picture->slice_groups, 1);
    // pps_id 0, sps_id 0, CAVLC, no bottom field, num_slice_groups_minus1 1.
    EXPECT_EQ(read_avc_picture(unhex("68c4"))->slice_groups, 2);
    EXPECT_FALSE(read_avc_picture(unhex(kHigh)));
    EXPECT_FALSE(read_avc_sequence(unhex(kHighPicture)));
}

TEST(AvcParameterSets, an_id_has_one_content_for_ever) {
    AvcParameterSets sets;
    EXPECT_TRUE(sets.add(unhex(kHigh)));
    EXPECT_TRUE(sets.add(unhex(kHighPicture)));
    EXPECT_TRUE(sets.add(unhex(kHigh + "0000"))) << "zeros at the end are padding";
    EXPECT_EQ(sets.sequences().size(), 1U);
    EXPECT_TRUE(sets.holds(unhex(kHighPicture + "00")));
    EXPECT_FALSE(sets.holds(unhex(kOtherPicture)));
    EXPECT_FALSE(sets.add(unhex(kOtherPicture)));
    EXPECT_FALSE(sets.add(unhex(kBaseline1080)));
    EXPECT_FALSE(sets.add({}));
}

TEST(AvcConfig, comes_back_as_written) {
    AvcParameterSets sets;
    ASSERT_TRUE(sets.add(unhex(kHigh)));
    ASSERT_TRUE(sets.add(unhex(kHighPicture)));
    const auto record = write_avc_config(sets);
    EXPECT_EQ(to_hex(record), "0164001effe1001a" + kHigh + "010006" + kHighPicture + "fdf8f800");
    const auto config = read_avc_config(record);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->length_bytes, 4);
    EXPECT_TRUE(config->sets.holds(unhex(kHigh)));
    EXPECT_TRUE(config->sets.holds(unhex(kHighPicture)));
    // Writers that leave out the end for High, and lengths of two bytes.
    auto shorter = Bytes(record.begin(), record.end() - 4);
    shorter[4] = std::byte{0xFD};
    ASSERT_TRUE(read_avc_config(shorter));
    EXPECT_EQ(read_avc_config(shorter)->length_bytes, 2);
}

TEST(AvcConfig, every_truncation_and_any_damage_does_no_harm) {
    AvcParameterSets sets;
    ASSERT_TRUE(sets.add(unhex(kHigh)) && sets.add(unhex(kHighPicture)));
    const auto record = write_avc_config(sets);
    for (std::size_t size = 0; size + 4 < record.size(); ++size)
        EXPECT_FALSE(read_avc_config(Bytes(record.begin(), record.begin() + static_cast<long>(size)))) << size;
    const auto sequence = unhex(kHigh);
    for (std::size_t size = 0; size < sequence.size() - 10; ++size)
        (void)read_avc_sequence(Bytes(sequence.begin(), sequence.begin() + static_cast<long>(size)));
    EXPECT_FALSE(read_avc_sequence(Bytes(sequence.begin(), sequence.begin() + 6)));
    std::mt19937 random(5);
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = record;
        for (int change = 0; change <= round % 4; ++change)
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        if (const auto config = read_avc_config(damaged)) {
            for (const auto& unit : config->sets.sequences()) EXPECT_GT(read_avc_sequence(unit)->width, 0);
        }
    }
}

}  // namespace
}  // namespace movio::media
