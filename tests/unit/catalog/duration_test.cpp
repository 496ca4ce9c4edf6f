#include "catalog/duration.hpp"

#include <gtest/gtest.h>

#include "catalog/video_text.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

// As django.utils.dateparse.parse_duration answers.
TEST(Duration, Is_read_as_django_reads_it) {
    const std::pair<const char*, std::int64_t> cases[] = {
        {"55", 55 * kSecond},
        {"99:99", (99 * 60 + 99) * kSecond},
        {"01:02:03", 3723 * kSecond},
        {"1:2:3.5", 3723 * kSecond + 500'000},
        {"15:30.0000011", 930 * kSecond + 1},
        {"10,25", 10 * kSecond + 250'000},
        {"4 15:30", 4 * kDay + 930 * kSecond},
        {"3 days, 4:05:06", 3 * kDay + 14'706 * kSecond},
        {"1 day, 0", kDay},
        {"-4 0:0:1", -4 * kDay + kSecond},
        {"-15", -15 * kSecond},
        {"PT55S", 55 * kSecond},
        {"P4DT1H15M20.5S", 4 * kDay + 4520 * kSecond + 500'000},
        {"P4Y", -1},
        {"-P1D", -kDay},
        {"+PT0.000005S", 5},
        {"PT1,5H", 5400 * kSecond},
        {"P", 0},
        {"PT", 0},
        {"P1.5D", kDay + kDay / 2},
        {"3 days 04:05:06.7", 3 * kDay + 14'706 * kSecond + 700'000},
        {"3 days -04:05:06", 3 * kDay - 14'706 * kSecond},
        {"1 day", kDay},
    };
    for (const auto& [text, wanted] : cases) {
        const auto found = parse_duration(text);
        if (std::string_view(text) == "P4Y")
            EXPECT_FALSE(found);
        else
            EXPECT_EQ(found, wanted) << text;
    }
}

TEST(Duration, Anything_else_is_none) {
    for (const auto* text : {"",
                             " ",
                             "abc",
                             "1:2:3:4",
                             "1:",
                             ":1",
                             "1.",
                             "1.2.3",
                             "5 ",
                             " 5",
                             "1:2:3 4",
                             "--5",
                             "PT1",
                             "T1S",
                             "P1S",
                             "P1H",
                             "PT1S1M",
                             "PT1D",
                             "1h",
                             "1.1234567890123",
                             "0x10",
                             "1e3",
                             "PT.5S",
                             "3 weeks",
                             "3 days,",
                             "NaN",
                             "99999999999999999999",
                             "999999999 0",
                             "1\n"})
        EXPECT_FALSE(parse_duration(text)) << '"' << text << '"';
}

TEST(Duration, Is_written_as_django_writes_it) {
    EXPECT_EQ(duration_text(0), "00:00:00");
    EXPECT_EQ(duration_text(3723 * kSecond + 500'000), "01:02:03.500000");
    EXPECT_EQ(duration_text(kDay - 1), "23:59:59.999999");
    EXPECT_EQ(duration_text(kDay), "1 00:00:00");
    EXPECT_EQ(duration_text(12 * kDay + 5 * kSecond), "12 00:00:05");
    EXPECT_EQ(duration_text(-kSecond), "-1 23:59:59");
}

TEST(VideoText, Filenames_lose_their_folders_and_their_last_extension) {
    const auto split = [](std::string_view name) {
        const auto parts = split_filename(name);
        return parts.stem + "|" + parts.extension;
    };
    EXPECT_EQ(split("film.mkv"), "film|.mkv");
    EXPECT_EQ(split("/a/b.c/film.final.mp4"), "film.final|.mp4");
    EXPECT_EQ(split("C:\\films\\a.avi"), "a|.avi");
    EXPECT_EQ(split(".mkv"), ".mkv|");
    EXPECT_EQ(split("..mkv"), "..mkv|");
    EXPECT_EQ(split("film"), "film|");
    EXPECT_EQ(split("film."), "film|.");
    EXPECT_EQ(split(""), "|");
}

TEST(VideoText, Characters_are_counted_and_cut_whole) {
    EXPECT_EQ(characters("তীস্তা"), 6U);
    EXPECT_EQ(first_characters("éàü", 2), "éà");
    EXPECT_EQ(first_characters("é", 5), "é");
    EXPECT_EQ(trimmed("\t a b \r\n"), "a b");
    EXPECT_EQ(trimmed(" \n"), "");
}

}  // namespace
}  // namespace movio::catalog
