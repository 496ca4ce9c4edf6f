#include "uploads/sniff.hpp"

#include <gtest/gtest.h>

namespace movio::uploads {
namespace {

using std::string_view_literals::operator""sv;

std::string sniffed(std::string_view head, bool whole = false) {
    return std::string(not_a_video(as_bytes(head), whole).value_or("passes"));
}

std::string padded(std::string_view head) { return std::string(head) + std::string(5000, '\x80'); }

TEST(Sniff, What_plainly_is_something_else_is_named) {
    EXPECT_EQ(sniffed("%PDF-1.7\n%\xE2\xE3\xCF\xD3"), "a PDF document");
    EXPECT_EQ(sniffed(padded("PK\x03\x04\x14")), "a ZIP archive or an office document");
    EXPECT_EQ(sniffed(padded("\x7F"
                             "ELF\x02")),
              "a program");
    std::string windows = "MZ" + std::string(126, '\0');
    windows[0x3C] = '\x40';
    windows.replace(0x40, 2, "PE");
    EXPECT_EQ(sniffed(windows), "a program");
    EXPECT_EQ(sniffed(padded("\xFF\xD8\xFF\xE0\0\x10JFIF"sv)), "a picture");
    EXPECT_EQ(sniffed("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\0IDAT\0\0"sv), "a picture");
    EXPECT_EQ(sniffed("RIFF\x10\0\0\0WEBPVP8 \0\0\0\0\0\0\0"sv), "a picture");
    EXPECT_EQ(sniffed("GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\0;"sv, true), "a picture");
    EXPECT_EQ(sniffed("\0\0\0\x18"
                      "ftypheic\0\0\0\0"sv),
              "a picture");
    EXPECT_EQ(sniffed("\x1F\x8B\x08\0"sv), "a compressed file");
}

TEST(Sniff, Texts_are_told_apart_by_what_they_begin_with) {
    EXPECT_EQ(sniffed("this is no video at all", true), "a text");
    EXPECT_EQ(sniffed("x", true), "a text");
    EXPECT_EQ(sniffed("\xEF\xBB\xBFতীস্তা একটি নদীর নাম\r\n", true), "a text");
    EXPECT_EQ(sniffed("\xFF\xFEh\0i\0"sv, true), "a text");
    EXPECT_EQ(sniffed("<!DOCTYPE HTML><html>", true), "an HTML page");
    EXPECT_EQ(sniffed("\n\n<HTML><head>", true), "an HTML page");
    EXPECT_EQ(sniffed("<?xml version=\"1.0\"?><svg xmlns=\"x\"/>", true), "a picture");
    EXPECT_EQ(sniffed("#!/bin/sh\nexit 0\n", true), "a program");
    EXPECT_EQ(sniffed("#EXTM3U\n#EXT-X-VERSION:3\n", true), "a text");
}

TEST(Sniff, A_character_cut_by_the_end_of_the_head_is_no_fault_of_the_text) {
    std::string text = "a";
    while (text.size() < 2 * kSniffBytes) text += "ক";
    for (std::size_t length = kSniffBytes - 4; length <= kSniffBytes; ++length)
        EXPECT_EQ(sniffed(text.substr(0, length)), "a text") << length;
    EXPECT_EQ(sniffed("caf\xE9", true), "passes") << "another encoding is in doubt";
}

TEST(Sniff, Video_sound_and_what_is_in_doubt_pass) {
    for (const auto head : {"\0\0\0\x20"
                            "ftypisom\0\0\2\0"sv,
                            "\x1A\x45\xDF\xA3\x01\0"sv,
                            "RIFF\0\0\0\0AVI LIST"sv,
                            "FLV\x01\x05\0\0\0\x09"sv,
                            "OggS\0\x02"sv,
                            "\0\0\x01\xBA\x44"sv,
                            "\0\0\x01\0"sv,
                            "G@\0\x10\0\0"sv,
                            "ID3\x04\0\0"sv,
                            "fLaC\0\0\0\x22"sv,
                            "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv,
                            "RIFF\x10\0\0\0WAVEfmt "sv,
                            "MZ\0\0"sv,
                            "BM\0\0\0\0"sv,
                            "\xFF\xFB\x90\0"sv,
                            "GIF89a\1\0\1\0\0\0\0!\xFF\x0BNETSCAPE2.0\3\1\0\0\0"sv,
                            "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x08"
                            "acTL\0\0\0\0IDAT"sv,
                            "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x08iCCP"sv,
                            "RIFF\x10\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0"sv,
                            "YUV4MPEG2 W352 H288"sv,
                            ""sv,
                            "\0"sv})
        EXPECT_EQ(sniffed(head, true), "passes") << head;
    // Not seen to its end, a GIF may move.
    EXPECT_EQ(sniffed(padded("GIF89a\1\0\1\0")), "passes");
}

}  // namespace
}  // namespace movio::uploads
