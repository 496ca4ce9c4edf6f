#include "media/format/captions/formats.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "media/format/captions/captions.hpp"
#include "media/format/captions/charset.hpp"
#include "media/format/captions/cue_settings.hpp"
#include "media/format/captions/cue_times.hpp"
#include "support/media_cues.hpp"

namespace movio::media {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Each cue as one line: "start-end settings|text", line breaks as '/'.
std::vector<std::string> lines_of(const MediaResult<Captions>& captions) {
    if (!captions) return {"error: " + captions.error().message};
    std::vector<std::string> lines;
    for (const auto& cue : captions->cues) {
        auto text = cue.text;
        for (auto& c : text)
            if (c == '\n') c = '/';
        lines.push_back(std::to_string(cue.start_ms) + "-" + std::to_string(cue.end_ms) + " " + cue.settings + "|" +
                        text);
    }
    return lines;
}

TEST(SubRip, ordinary_file) {
    EXPECT_THAT(
        lines_of(parse_subrip(
            "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\nthere\r\n\r\n2\r\n00:01:00,000 --> 01:00:00,000\r\n<i>Bye</i>\r\n")),
        ElementsAre("1000-2500 |Hello/there", "60000-3600000 |<i>Bye</i>"));
}

TEST(SubRip, takes_what_is_found_in_the_wild) {
    EXPECT_THAT(lines_of(parse_subrip(
                    "1\n0:0:1.5 --> 0:0:2 X1:100 X2:200\na\n\n\nb\n\n12\n00:00:03,000 --> 00:00:04,000\n{\\an8}c\n\n"
                    "00:00:05,000 --> 00:00:06,000\n1984\n")),
                ElementsAre("1500-2000 |a/b", "3000-4000 line:0|c", "5000-6000 |1984"));
}

TEST(SubRip, sorts_by_start_keeps_overlaps_and_drops_what_cannot_be_shown) {
    const auto captions = parse_subrip(
        "1\n00:00:05,000 --> 00:00:06,000\nlater\n\n2\n00:00:01,000 --> 00:00:09,000\nfirst\n\n"
        "3\n00:00:01,000 --> 00:00:02,000\nsecond\n\n4\n00:00:07,000 --> 00:00:07,000\nnever\n\n5\n00:00:08,000 --> 00:00:09,000\n\n");
    EXPECT_THAT(lines_of(captions), ElementsAre("1000-9000 |first", "1000-2000 |second", "5000-6000 |later"));
    EXPECT_EQ(captions->dropped, 2);
}

TEST(WebVtt, reads_cues_and_nothing_else) {
    EXPECT_THAT(
        lines_of(parse_webvtt(
            "WEBVTT - title\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:0\n\nSTYLE\n::cue { color: red }\n\nNOTE\nno cue\n\n"
            "REGION\nid:x\n\nid-1\n00:01.000 --> 00:02.000 align:start line:0 region:x position:10%,line-left\n<v Bob>Hi\nyou\n\n"
            "100:00:00.000 --> 100:00:01.000\ntoo late\n\n00:03.000 --> 00:04.000\nno blank line\n00:05.000 --> 00:06.000\nbehind\n")),
        ElementsAre("1000-2000 line:0 position:10%,line-left align:start|<v Bob>Hi/you</v>", "3000-4000 |no blank line",
                    "5000-6000 |behind"));
}

TEST(WebVtt, packets_keep_their_settings) {
    EXPECT_THAT(lines_of(parse_webvtt_packets({{1000, 2000, "<b>x</b>", "line:10% bogus:1 align:up", "7"}})),
                ElementsAre("1000-2000 line:10%|<b>x</b>"));
}

TEST(Ass, file_with_its_own_format) {
    EXPECT_THAT(
        lines_of(parse_ass(
            "[Script Info]\nTitle: x\n[V4+ Styles]\nDialogue: no\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
            "Dialogue: 0,0:00:01.50,0:00:02.00,Default,Ann,0,0,0,,{\\i1}Hello, you{\\i0}\\Nthere\n"
            "Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,not shown\n"
            "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\an7}{\\p1}m 0 0 l 9 9{\\p0}\n"
            "Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,{\\an9}corner\n")),
        ElementsAre("1500-2000 |<v Ann><i>Hello, you</i>/there</v>", "7000-8000 line:0 align:right|corner"));
}

TEST(Ass, packets_of_matroska) {
    EXPECT_THAT(lines_of(parse_ass_packets(
                    {{0, 500, "0,0,Default ,Olly,,,,,This is, the first", "", ""}, {600, 700, "1,0,Default", "", ""}})),
                ElementsAre("0-500 |<v Olly>This is, the first</v>"));
}

std::string tx3g(std::string_view text, std::string_view boxes = {}) {
    std::string sample;
    sample += static_cast<char>(text.size() >> 8);
    sample += static_cast<char>(text.size() & 0xFF);
    sample += text;
    sample += boxes;
    return sample;
}

TEST(Tx3g, styles_count_characters) {
    const std::string_view style("\0\0\0\x16styl\0\x01\0\x01\0\x03\0\x01\x02\x10\xff\xff\xff\xff", 22);
    EXPECT_THAT(lines_of(parse_tx3g_packets({{0, 900, tx3g("éüöx", style), "", ""}})),
                ElementsAre("0-900 |é<i>üö</i>x"));
}

TEST(Tx3g, empty_samples_are_gaps_and_damage_is_harmless) {
    EXPECT_THAT(lines_of(parse_tx3g_packets({{0, 900, tx3g(""), "", ""},
                                             {1000, 1100, "\x7F", "", ""},
                                             {2000, 2100,
                                              std::string("\xFF\xFF"
                                                          "abc"),
                                              "", ""},
                                             {3000, 3100, tx3g("x", "\xFF\xFF\xFF\xFFstyl"), "", ""},
                                             {4000, 4100, tx3g(std::string_view("\xFE\xFF\0A\0\n\0B", 8)), "", ""}})),
                ElementsAre("2000-2100 |abc", "3000-3100 |x", "4000-4100 |A/B"));
}

TEST(Ttml, nested_times_and_styles) {
    EXPECT_THAT(
        lines_of(parse_ttml(
            "<?xml version='1.0'?><tt xmlns='http://www.w3.org/ns/ttml' xmlns:tts='x' ttp:frameRate='25' xmlns:ttp='y'><head/><body begin='1s'><div>\n"
            "<p begin='00:00:01.500' end='00:00:02:05'>one<br/>\n  <span tts:fontStyle='italic'>two</span></p>\n"
            "<p begin='50f' dur='500ms'>three &amp; &lt;four&gt;</p></div></body></tt>")),
        ElementsAre("2500-3200 |one/<i>two</i>", "3000-3500 |three &amp; &lt;four&gt;"));
}

TEST(Ttml, other_xml_is_refused) {
    EXPECT_FALSE(parse_ttml("<?xml version='1.0'?><html/>").has_value());
    EXPECT_FALSE(parse_ttml("<tt><body>").has_value());
    EXPECT_FALSE(parse_ttml(std::string(5U << 20, ' ')).has_value());
}

TEST(Ttml, deep_nesting_is_harmless) {
    std::string text = "<tt><body>";
    for (int i = 0; i < 200'000; ++i) text += "<div>";
    for (int i = 0; i < 200'000; ++i) text += "</div>";
    EXPECT_TRUE(parse_ttml(text + "</body></tt>").has_value());
    text = "<tt><body><p begin='0s' end='1s'>";
    for (int i = 0; i < 200'000; ++i) text += "<span>";
    text += "x";
    for (int i = 0; i < 200'000; ++i) text += "</span>";
    EXPECT_TRUE(parse_ttml(text + "</p></body></tt>").has_value());
}

TEST(CueTimes, are_generous_and_bounded) {
    const auto time = [](std::string_view text) { return take_time(text).value_or(-1); };
    EXPECT_EQ(time("01:02:03,004"), 3'723'004);
    EXPECT_EQ(time("02:03.4567"), 123'456);
    EXPECT_EQ(time("1:00"), 60'000);
    EXPECT_EQ(time("00:61:00"), -1);
    EXPECT_EQ(time("12345678901:00:00"), -1);
    EXPECT_EQ(time("x"), -1);
    EXPECT_EQ(format_time(3'723'004), "01:02:03.004");
    EXPECT_EQ(format_time(360'000'000), "100:00:00.000");
}

TEST(CueSettings, only_the_closed_list_survives) {
    EXPECT_EQ(clean_settings("align:center size:50% line:-1 vertical:rl position:33.3%,center"),
              "vertical:rl line:-1 position:33.3%,center size:50% align:center");
    for (const auto* bad : {"size:101%", "size:-1%", "line:1.5", "line:5%,left", "position:10", "align:centre",
                            "region:x", "size:100.5%", "line:", ":", "line:99999999"})
        EXPECT_EQ(clean_settings(bad), "") << bad;
}

TEST(CaptionFile, kinds_are_told_apart_by_content) {
    const auto first = [](std::string_view text) { return lines_of(captions_from_file(as_bytes(text))).at(0); };
    EXPECT_EQ(first("\xEF\xBB\xBFWEBVTT\n\n00:01.000 --> 00:02.000\nv"), "1000-2000 |v");
    EXPECT_EQ(first("\n\n1\n00:00:01,000 --> 00:00:02,000\ns"), "1000-2000 |s");
    EXPECT_EQ(first("[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,a"), "1000-2000 |a");
    EXPECT_EQ(first("<tt><body><p begin='1s' end='2s'>t</p></body></tt>"), "1000-2000 |t");
    EXPECT_THAT(first("just words"), HasSubstr("no subtitles"));
    EXPECT_THAT(first(""), HasSubstr("no subtitles"));
    EXPECT_THAT(first("WEBVTT\n"), HasSubstr("no subtitle that can be shown"));
}

TEST(CaptionFile, encodings_become_utf8) {
    const auto read = [](std::string_view text) { return lines_of(captions_from_file(as_bytes(text))).at(0); };
    std::string little = "\xFF\xFE";
    std::string big;
    for (const char c : std::string_view("1\n00:00:01,000 --> 00:00:02,000\nAbc\n")) {
        little += std::string{c, '\0'};
        big += std::string{'\0', c};
    }
    EXPECT_EQ(read(little), "1000-2000 |Abc");
    EXPECT_EQ(read(big), "1000-2000 |Abc");
    std::string latin;
    for (int i = 0; i < 40; ++i)
        latin +=
            "1\n00:00:01,000 --> 00:00:02,000\nLa m\xE8re s'est lev\xE9"
            "e \xE0 l'\xE9t\xE9, o\xF9 \xE7"
            "a?\n\n";
    EXPECT_EQ(read(latin), "1000-2000 |La mère s'est levée à l'été, où ça?");
    std::string cyrillic;
    for (int i = 0; i < 40; ++i)
        cyrillic +=
            "1\n00:00:01,000 --> 00:00:02,000\n\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0? \xD5\xEE\xF0\xEE\xF8\xEE\n\n";
    EXPECT_EQ(read(cyrillic), "1000-2000 |Привет, как дела? Хорошо");
}

TEST(CaptionPackets, a_track_has_one_encoding) {
    const std::vector<RawCue> packets{{0, 1000, "plain", "", ""}, {1000, 2000, "d\xE9j\xE0 vu", "", ""}};
    EXPECT_THAT(lines_of(captions_from_packets("subrip", packets)), ElementsAre("0-1000 |plain", "1000-2000 |déjà vu"));
    EXPECT_EQ(captions_from_packets("dvb_subtitle", packets).error().code, ErrorCode::codec_unsupported);
}

TEST(CaptionPackets, what_begins_before_time_zero_begins_at_it) {
    EXPECT_THAT(lines_of(captions_from_packets("subrip", {{-500, 1000, "a", "", ""}, {-900, -100, "b", "", ""}})),
                ElementsAre("0-1000 |a"));
}

TEST(CaptionFile, a_million_cues_are_refused) {
    std::string text = "WEBVTT\n\n";
    for (int i = 0; i < 450'000; ++i) text += "00:01.000 --> 00:02.000\nx\n\n";
    const auto captions = captions_from_file(as_bytes(text));
    ASSERT_FALSE(captions.has_value());
    EXPECT_EQ(captions.error().code, ErrorCode::too_large);
    EXPECT_EQ(captions_from_file(Bytes(limits::kCaptionFileBytesMax + 1)).error().code, ErrorCode::too_large);
}

TEST(CaptionFile, endless_lines_and_open_tags_take_no_time) {
    for (const auto* piece : {"<", "&", "{\\", "<i>", "\n", "00:", "[Events]\nDialogue:", "00:00 --> 00:01"}) {
        std::string text = "WEBVTT\n\n00:01.000 --> 00:02.000\n";
        while (text.size() < (8U << 20)) text += piece;
        (void)captions_from_file(as_bytes(text));
        (void)parse_subrip(text);
        (void)parse_ass("[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,," + text);
    }
}

TEST(ToWebVtt, what_is_written_reads_back_the_same) {
    const auto captions = parse_webvtt(
        "WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n<v A&amp;B>a &lt;b&gt; --> <i>c</i>\nd\n\n00:01.500 --> 00:03.000\ne");
    const auto text = to_webvtt(captions->cues);
    EXPECT_TRUE(text.starts_with(
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:01.000 --> 00:00:02.000 line:0\n"));
    EXPECT_EQ(parse_webvtt(text)->cues, captions->cues);
}

class Sintel : public testing::TestWithParam<std::string> {};

TEST_P(Sintel, real_file_keeps_every_cue) {
    const auto* root = std::getenv("MOVIO_TEST_DATA");
    const auto path = std::filesystem::path(root ? root : MOVIO_SOURCE_DIR "/../shared") / "media" /
                      ("sintel-" + GetParam() + ".vtt");
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto captions = captions_from_file(as_bytes(text));
    ASSERT_TRUE(captions.has_value());
    std::size_t arrows = 0;
    for (auto at = text.find("-->"); at != std::string::npos; at = text.find("-->", at + 1)) ++arrows;
    EXPECT_EQ(captions->cues.size(), arrows);
    EXPECT_EQ(captions->dropped, 0);
    EXPECT_EQ(captions->cues[0].text, "<v Test>[Test]</v>");
    EXPECT_EQ(captions->cues[1].start_ms, 18'700);
    for (const auto& cue : captions->cues) EXPECT_TRUE(test::is_closed_subset(cue.text)) << cue.text;
    EXPECT_EQ(captions_from_file(as_bytes(to_webvtt(captions->cues)))->cues, captions->cues);
}

INSTANTIATE_TEST_SUITE_P(Languages, Sintel, testing::Values("en", "de", "es"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace movio::media
