#include "http/static_files.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

const std::string kScript = "let x = 1;" + std::string(5000, ' ') + "x;";
const std::array kFiles{
    embedded::File{"index.html", "<!doctype html><title>Movio</title>"},
    embedded::File{"assets/app-Bx3f.js", kScript},
    embedded::File{"icon.png", "\x89PNG"},
    embedded::File{"doc/index.html", "<!doctype html><title>API</title>"},
    embedded::File{"examples/player.html", "<!doctype html><script>play()</script>"},
};

class StaticFilesTest : public ::testing::Test {
protected:
    StaticFilesTest()
        : test([](ServerOptions&, Router& router) {
              router.add(static_files(
                  kFiles, {.path = "/{path...}", .fallback = "index.html", .media_origin = "https://cdn.example"}));
          }),
          client(test.port()) {}

    TestServer test;
    RawClient client;
};

TEST_F(StaticFilesTest, Page_has_type_etag_and_security_fields) {
    const auto page = client.ask(request_text("GET", "/index.html"));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("cache-control"), "no-cache");
    EXPECT_EQ(page.header("referrer-policy"), "same-origin");
    EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
    EXPECT_THAT(page.header("content-security-policy"), HasSubstr("connect-src 'self' https://cdn.example"));
    EXPECT_EQ(client.ask(request_text("GET", "/index.html", "If-None-Match: " + page.header("etag") + "\r\n")).status,
              304);
}

TEST_F(StaticFilesTest, No_page_may_be_framed) {
    for (const char* path : {"/", "/watch/0189", "/doc/", "/examples/player.html"})
        EXPECT_THAT(client.ask(request_text("GET", path)).header("content-security-policy"),
                    EndsWith("; frame-ancestors 'none'"))
            << path;
}

TEST(PagePolicy, Names_who_may_frame_the_page) {
    EXPECT_THAT(page_policy("", "https://a.example https://b.example"),
                EndsWith("; frame-ancestors https://a.example https://b.example"));
    EXPECT_THAT(page_policy("https://cdn.example", "*"), HasSubstr("media-src 'self' blob: https://cdn.example;"));
}

TEST_F(StaticFilesTest, One_file_pages_may_run_their_script_and_reach_any_origin) {
    const auto policy = client.ask(request_text("GET", "/examples/player.html")).header("content-security-policy");
    EXPECT_THAT(policy, HasSubstr("script-src 'unsafe-inline'"));
    EXPECT_THAT(policy, HasSubstr("connect-src *"));
    EXPECT_THAT(client.ask(request_text("GET", "/")).header("content-security-policy"), HasSubstr("script-src 'self'"));
}

TEST_F(StaticFilesTest, Hashed_names_never_change) {
    const auto plain = client.ask(request_text("GET", "/assets/app-Bx3f.js"));
    EXPECT_EQ(plain.body, kScript);
    EXPECT_THAT(plain.header("cache-control"), HasSubstr("immutable"));
    const auto packed = client.ask(request_text("GET", "/assets/app-Bx3f.js", "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(packed.header("etag"), "W/" + plain.header("etag"));
    EXPECT_LT(packed.body.size(), kScript.size());
    EXPECT_EQ(client.ask(request_text("GET", "/assets/app-Bx3f.js", "If-None-Match: " + packed.header("etag") + "\r\n"))
                  .status,
              304);
}

TEST_F(StaticFilesTest, Pages_of_the_app_get_the_one_page_and_missing_files_404) {
    EXPECT_THAT(client.ask(request_text("GET", "/")).body, HasSubstr("Movio"));
    EXPECT_THAT(client.ask(request_text("GET", "/watch/0189")).body, HasSubstr("Movio"));
    EXPECT_EQ(client.ask(request_text("GET", "/assets/old.js")).status, 404);
    EXPECT_EQ(client.ask(request_text("GET", "/.env")).status, 404);
}

TEST_F(StaticFilesTest, Folders_show_their_own_page_where_they_have_one) {
    const auto page = client.ask(request_text("GET", "/doc/"));
    EXPECT_THAT(page.body, HasSubstr("API"));
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    EXPECT_THAT(client.ask(request_text("GET", "/doc/problems/no-space")).body, HasSubstr("Movio"));
    EXPECT_THAT(client.ask(request_text("GET", "/watch/")).body, HasSubstr("Movio"));
}

TEST(ContentType, Follows_the_ending) {
    EXPECT_EQ(content_type_of("a/b.M4S"), "video/iso.segment");
    EXPECT_EQ(content_type_of("main.mpd"), "application/dash+xml");
    EXPECT_EQ(content_type_of("noending"), "application/octet-stream");
}

}  // namespace
}  // namespace movio::http::test
