#include "media/format/avc.hpp"

#include <gmock/gmock.h>

#include "media/format/hex.hpp"
#include "support/media_segments.hpp"

namespace movio::media {
namespace {

using test::bytes_of;

std::vector<std::string> hex(const std::vector<ByteView>& units) {
    std::vector<std::string> digits;
    for (const auto unit : units) digits.push_back(to_hex(unit));
    return digits;
}

TEST(AnnexB, splits_at_both_start_codes) {
    const auto stream = bytes_of({0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 0, 0, 3, 1});
    EXPECT_THAT(hex(split_annex_b(stream)), testing::ElementsAre("670102", "6803", "6500000301"));
    EXPECT_THAT(split_annex_b({}), testing::IsEmpty());
    EXPECT_THAT(split_annex_b(bytes_of({0, 0, 1})), testing::IsEmpty());
    EXPECT_THAT(split_annex_b(bytes_of({1, 2, 3})), testing::IsEmpty());
}

TEST(AnnexB, sample_keeps_only_slices) {
    const auto unit =
        bytes_of({0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x06, 5, 0, 0, 1, 0x65, 7, 8, 0, 0, 1, 0x65, 9});
    EXPECT_EQ(to_hex(to_avc_sample(unit)),
              "00000003"
              "650708"
              "00000002"
              "6509");
}

TEST(LengthPrefixed, refuses_lengths_that_lead_out) {
    EXPECT_THAT(hex(split_length_prefixed(bytes_of({0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 0x41})).value()),
                testing::ElementsAre("6501", "41"));
    EXPECT_FALSE(split_length_prefixed(bytes_of({0, 0, 0, 3, 0x65, 1})).has_value());
    EXPECT_FALSE(split_length_prefixed(bytes_of({0xFF, 0xFF, 0xFF, 0xFF, 0x65, 1})).has_value());
    EXPECT_FALSE(split_length_prefixed(bytes_of({0, 0, 0, 0})).has_value());
    EXPECT_FALSE(split_length_prefixed(bytes_of({0, 0, 1})).has_value());
}

TEST(AvcConfig, holds_both_parameter_sets) {
    const auto main = make_avc_config(bytes_of({0, 0, 0, 1, 0x67, 77, 0x40, 30, 1, 0, 0, 0, 1, 0x68, 0xEE}));
    ASSERT_TRUE(main.has_value());
    EXPECT_EQ(to_hex(*main),
              "014d401effe10005"
              "674d401e01"
              "010002"
              "68ee");
    EXPECT_EQ(codecs_of_avc_config(*main), "avc1.4d401e");
    const auto high = make_avc_config(bytes_of({0, 0, 1, 0x67, 100, 0, 31, 1, 0, 0, 1, 0x68, 0xEE}));
    ASSERT_TRUE(high.has_value());
    EXPECT_EQ(to_hex(*high),
              "0164001fffe10005"
              "6764001f01"
              "010002"
              "68ee"
              "fdf8f800");
}

TEST(AvcConfig, needs_exactly_one_of_each) {
    EXPECT_FALSE(make_avc_config({}).has_value());
    EXPECT_FALSE(make_avc_config(bytes_of({0, 0, 1, 0x67, 77, 0x40, 30, 1})).has_value());
    EXPECT_FALSE(
        make_avc_config(bytes_of({0, 0, 1, 0x67, 77, 0x40, 30, 1, 0, 0, 1, 0x68, 1, 0, 0, 1, 0x68, 2})).has_value());
}

}  // namespace
}  // namespace movio::media
