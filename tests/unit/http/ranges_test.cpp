#include "http/ranges.hpp"

#include <gtest/gtest.h>

namespace movio::http {
namespace {

constexpr std::int64_t kBytes = 1000;
constexpr std::string_view kEtag = "\"abc-1000\"";

struct Case {
    std::string_view name;
    std::string_view range;
    Part part;
    std::int64_t offset = 0;
    std::int64_t length = kBytes;
};

Selection select(const Headers& headers, std::int64_t bytes = kBytes, Method method = Method::get) {
    return select_part(method, headers, bytes, kEtag);
}

Headers with(std::string_view name, std::string_view value) {
    Headers headers;
    headers.add(name, value);
    return headers;
}

class RangeField : public ::testing::TestWithParam<Case> {};

TEST_P(RangeField, Selects_as_rfc_9110_section_14_says) {
    const auto& expected = GetParam();
    const auto selected = select(with("Range", expected.range));
    EXPECT_EQ(selected.part, expected.part) << expected.range;
    if (expected.part == Part::range_not_satisfiable) return;
    EXPECT_EQ(selected.offset, expected.offset) << expected.range;
    EXPECT_EQ(selected.length, expected.length) << expected.range;
}

INSTANTIATE_TEST_SUITE_P(
    All, RangeField,
    ::testing::Values(
        Case{"first_byte", "bytes=0-0", Part::range, 0, 1}, Case{"middle", "bytes=100-199", Part::range, 100, 100},
        Case{"open", "bytes=900-", Part::range, 900, 100}, Case{"suffix", "bytes=-100", Part::range, 900, 100},
        Case{"suffix_longer_than_all", "bytes=-5000", Part::range, 0, 1000},
        Case{"last_beyond_end", "bytes=990-5000", Part::range, 990, 10},
        Case{"whole_as_range", "bytes=0-999", Part::range, 0, 1000},
        Case{"unit_in_capitals", "BYTES=0-0", Part::range, 0, 1}, Case{"spaces", "bytes= 0 - 9 ", Part::range, 0, 10},
        Case{"empty_list_items", "bytes=,0-9,", Part::range, 0, 10},
        Case{"first_at_end", "bytes=1000-", Part::range_not_satisfiable},
        Case{"first_beyond_end", "bytes=5000-6000", Part::range_not_satisfiable},
        Case{"suffix_of_zero", "bytes=-0", Part::range_not_satisfiable},
        Case{"first_overflows", "bytes=99999999999999999999-", Part::range_not_satisfiable},
        Case{"last_overflows", "bytes=0-99999999999999999999", Part::range, 0, 1000},
        Case{"several", "bytes=0-9,20-29", Part::whole}, Case{"reversed", "bytes=9-0", Part::whole},
        Case{"other_unit", "items=0-9", Part::whole}, Case{"no_unit", "0-9", Part::whole},
        Case{"no_dash", "bytes=5", Part::whole}, Case{"only_dash", "bytes=-", Part::whole},
        Case{"letters", "bytes=a-b", Part::whole}, Case{"negative", "bytes=--5", Part::whole},
        Case{"sign", "bytes=+1-5", Part::whole}, Case{"hexadecimal", "bytes=0x1-5", Part::whole},
        Case{"nothing", "bytes=", Part::whole}, Case{"empty", "", Part::whole}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(SelectPart, Without_range_is_whole) { EXPECT_EQ(select({}).part, Part::whole); }

TEST(SelectPart, Two_range_fields_are_ignored) {
    auto headers = with("Range", "bytes=0-1");
    headers.add("Range", "bytes=2-3");
    EXPECT_EQ(select(headers).part, Part::whole);
}

TEST(SelectPart, Range_counts_for_get_alone) {
    EXPECT_EQ(select(with("Range", "bytes=0-0"), kBytes, Method::head).part, Part::whole);
    EXPECT_EQ(select(with("Range", "bytes=0-0"), kBytes, Method::post).part, Part::whole);
}

TEST(SelectPart, Empty_representation_has_no_satisfiable_first_byte) {
    EXPECT_EQ(select(with("Range", "bytes=0-"), 0).part, Part::range_not_satisfiable);
    EXPECT_EQ(select(with("Range", "bytes=-1"), 0).part, Part::whole);
}

TEST(SelectPart, If_range_must_match_strongly) {
    auto headers = with("Range", "bytes=0-0");
    headers.set("If-Range", kEtag);
    EXPECT_EQ(select(headers).part, Part::range);
    headers.set("If-Range", "\"other\"");
    EXPECT_EQ(select(headers).part, Part::whole);
    headers.set("If-Range", "W/" + std::string(kEtag));
    EXPECT_EQ(select(headers).part, Part::whole);
    headers.set("If-Range", "Wed, 21 Oct 2026 07:28:00 GMT");
    EXPECT_EQ(select(headers).part, Part::whole);
}

TEST(SelectPart, If_none_match_is_weak_and_comes_before_range) {
    auto headers = with("If-None-Match", "\"x\", W/\"abc-1000\"");
    headers.set("Range", "bytes=0-0");
    EXPECT_EQ(select(headers).part, Part::not_modified);
    EXPECT_EQ(select(with("If-None-Match", "*")).part, Part::not_modified);
    EXPECT_EQ(select(with("If-None-Match", "\"x,y\"")).part, Part::whole);
    EXPECT_EQ(select(with("If-None-Match", "abc-1000")).part, Part::whole);
}

TEST(SelectPart, If_match_is_strong) {
    EXPECT_EQ(select(with("If-Match", kEtag)).part, Part::whole);
    EXPECT_EQ(select(with("If-Match", "*")).part, Part::whole);
    EXPECT_EQ(select(with("If-Match", "\"x\"")).part, Part::precondition_failed);
    EXPECT_EQ(select(with("If-Match", "W/\"abc-1000\"")).part, Part::precondition_failed);
}

}  // namespace
}  // namespace movio::http
