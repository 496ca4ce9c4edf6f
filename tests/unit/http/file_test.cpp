#include <algorithm>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string pattern(std::size_t bytes) {
    std::string out(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<char>('a' + (i * i / 7) % 26);
    return out;
}

class FileBodyTest : public ::testing::Test {
protected:
    FileBodyTest() { test.write_file("film", content); }

    RawClient::Answer get(std::string_view lines = {}, std::string_view method = "GET") {
        RawClient client(test.port());
        return client.ask(request_text(method, "/file/film", lines), method == "HEAD");
    }

    const std::string content = pattern(300'000);
    const std::string etag = "\"1-v-h264-720-1-300000\"";
    TestServer test;
};

TEST_F(FileBodyTest, Whole_file_has_strong_etag_and_accepts_ranges) {
    const auto answer = get();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, content);
    EXPECT_EQ(answer.header("etag"), etag);
    EXPECT_EQ(answer.header("accept-ranges"), "bytes");
    EXPECT_EQ(answer.header("content-type"), "video/mp4");
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
    EXPECT_THAT(answer.header("access-control-expose-headers"), HasSubstr("Content-Range"));
    EXPECT_FALSE(get("Accept-Encoding: gzip\r\n").headers.has("content-encoding"));
}

TEST_F(FileBodyTest, Range_is_206_with_content_range) {
    const auto answer = get("Range: bytes=1000-200999\r\n");
    EXPECT_EQ(answer.status, 206);
    EXPECT_EQ(answer.header("content-range"), "bytes 1000-200999/300000");
    EXPECT_EQ(answer.header("content-length"), "200000");
    EXPECT_EQ(answer.body, content.substr(1000, 200'000));
    EXPECT_EQ(get("Range: bytes=-5\r\n").body, content.substr(299'995));
    EXPECT_EQ(get("Range: bytes=299990-\r\n").body, content.substr(299'990));
}

TEST_F(FileBodyTest, Several_ranges_get_the_whole) {
    const auto answer = get("Range: bytes=0-1,5-6\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, content);
}

TEST_F(FileBodyTest, Range_beyond_the_end_is_416_with_the_size) {
    const auto answer = get("Range: bytes=300000-\r\n");
    EXPECT_EQ(answer.status, 416);
    EXPECT_EQ(answer.header("content-range"), "bytes */300000");
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_THAT(answer.header("cache-control"), HasSubstr("no-store"));
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
}

TEST_F(FileBodyTest, If_range_decides_between_part_and_whole) {
    EXPECT_EQ(get("Range: bytes=0-0\r\nIf-Range: " + etag + "\r\n").status, 206);
    EXPECT_EQ(get("Range: bytes=0-0\r\nIf-Range: \"old\"\r\n").status, 200);
}

TEST_F(FileBodyTest, If_none_match_is_304_without_body) {
    RawClient client(test.port());
    const auto answer = client.ask(request_text("GET", "/file/film", "If-None-Match: " + etag + "\r\n"));
    EXPECT_EQ(answer.status, 304);
    EXPECT_EQ(answer.header("etag"), etag);
    EXPECT_THAT(answer.header("cache-control"), HasSubstr("immutable"));
    EXPECT_FALSE(answer.headers.has("content-length"));
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).status, 200);
}

TEST_F(FileBodyTest, If_match_of_something_else_is_412) { EXPECT_EQ(get("If-Match: \"old\"\r\n").status, 412); }

TEST_F(FileBodyTest, Head_tells_the_length_and_ignores_range) {
    const auto answer = get("Range: bytes=0-0\r\n", "HEAD");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "300000");
    EXPECT_EQ(answer.header("etag"), etag);
}

TEST_F(FileBodyTest, Missing_file_folder_and_pipe_are_404) {
    RawClient client(test.port());
    const auto missing = client.ask(request_text("GET", "/file/none"));
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.header("cache-control"), "no-store");
    std::filesystem::create_directory(test.folder() / "folder");
    EXPECT_EQ(client.ask(request_text("GET", "/file/folder")).status, 404);
    ASSERT_EQ(::mkfifo((test.folder() / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(client.ask(request_text("GET", "/file/pipe")).status, 404);
}

TEST_F(FileBodyTest, Empty_file_is_whole) {
    test.write_file("empty", "");
    RawClient client(test.port());
    const auto answer = client.ask(request_text("GET", "/file/empty"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "0");
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).status, 200);
}

TEST_F(FileBodyTest, Pipelined_files_keep_their_bounds) {
    RawClient client(test.port());
    std::string all;
    for (int i = 0; i < 50; ++i)
        all +=
            request_text("GET", "/file/film",
                         "Range: bytes=" + std::to_string(i * 5000) + "-" + std::to_string(i * 5000 + 4999) + "\r\n");
    client.send(all);
    for (std::size_t i = 0; i < 50; ++i) ASSERT_EQ(client.receive().body, content.substr(i * 5000, 5000)) << i;
}

TEST_F(FileBodyTest, Clients_that_vanish_do_no_harm) {
    test.write_file("large", pattern(16 << 20));
    // The test itself must not be what ignores the signal.
    struct sigaction action{};
    ::sigaction(SIGPIPE, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_IGN);
    for (int i = 0; i < 30; ++i) {
        RawClient client(test.port());
        client.set_receive_buffer(4096);
        client.send(request_text("GET", "/file/large"));
        client.receive_until([](const std::string& text) { return text.size() > 1000; });
        client.vanish();
    }
    for (int i = 0; i < 300 && test.server().connections() > 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(test.server().connections(), 0U);
    EXPECT_EQ(get().status, 200);
}

TEST_F(FileBodyTest, File_that_shrinks_while_it_is_sent_breaks_the_connection) {
    test.write_file("shrinking", pattern(32 << 20));
    RawClient client(test.port());
    client.send(request_text("GET", "/file/shrinking"));
    client.receive_until([](const std::string& text) { return text.size() > 1000; });
    std::filesystem::resize_file(test.folder() / "shrinking", 1000);
    const auto rest = client.receive_until([](const std::string&) { return false; }, 5s);
    EXPECT_LT(rest.size(), 32U << 20);
    for (int i = 0; i < 300 && test.server().connections() > 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(test.server().connections(), 0U);
}

TEST(BlobBodyTest, Pieces_are_put_together_and_ranged) {
    TestServer test;
    RawClient client(test.port());
    const auto whole = client.ask(request_text("GET", "/blob"));
    ASSERT_EQ(whole.body.size(), 1000U);
    EXPECT_EQ(whole.header("etag"), "\"blob-1000\"");
    EXPECT_EQ(whole.body.substr(0, 5), "abcde");
    const auto part = client.ask(request_text("GET", "/blob", "Range: bytes=100-799\r\n"));
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, whole.body.substr(100, 700));
    EXPECT_EQ(client.ask(request_text("HEAD", "/blob"), true).header("content-length"), "1000");
}

TEST(BlobBodyTest, Store_that_fails_midway_breaks_the_connection) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/failing", [](Request&) -> Awaitable<Response> {
            Response response;
            response.body = BlobBody{1000, "x", [](std::int64_t offset, std::size_t) -> Awaitable<Bytes> {
                                         if (offset > 0) throw Failure("the store is gone");
                                         co_return Bytes(100);
                                     }};
            co_return response;
        });
    });
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/failing")).body.size(), 100U);
    EXPECT_TRUE(client.is_closed_within(2s));
}

}  // namespace
}  // namespace movio::http::test
