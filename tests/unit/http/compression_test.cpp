#include "http/compression.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace movio::http {
namespace {

TEST(AcceptsGzip, Follows_the_weights) {
    for (const auto* yes : {"gzip", "GZIP", "deflate, gzip, br", "gzip;q=0.5", "gzip; q=1.0", "*", "*;q=0.1", "x-gzip",
                            "identity;q=0.5, gzip;q=0.8"})
        EXPECT_TRUE(accepts_gzip(yes)) << yes;
    for (const auto* no : {"", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "identity",
                           "gzip;q=0.2, identity;q=0.9", "gzip;q=x", "gzipped"})
        EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(IsCompressible, Text_is_and_media_is_not) {
    for (const auto* yes : {"application/json", "application/json; charset=utf-8", "application/dash+xml",
                            "application/vnd.apple.mpegurl", "application/problem+json", "text/html",
                            "text/vtt; charset=utf-8", "image/svg+xml"})
        EXPECT_TRUE(is_compressible(yes)) << yes;
    for (const auto* no : {"video/mp4", "video/iso.segment", "audio/mp4", "image/jpeg", "application/octet-stream",
                           "text/event-stream", "", "font/woff2"})
        EXPECT_FALSE(is_compressible(no)) << no;
}

std::string inflated(std::string_view packed, std::size_t bytes) {
    std::string out(bytes, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST(Gzip, Comes_back_whole) {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919 % 10'007);
    for (const int level : {1, 3, 9}) EXPECT_EQ(inflated(gzip(text, level), text.size() + 1), text);
    EXPECT_EQ(inflated(gzip("", 3), 1), "");
}

}  // namespace
}  // namespace movio::http
