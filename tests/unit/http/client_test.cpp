#include "http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

class UnixClient : public ::testing::Test {
protected:
    const movio::test::TempDir folder;
    const std::filesystem::path path = folder / "admin.sock";
    TestServer test{[this](ServerOptions& options, Router&) {
        options.unix_path = path;
        options.host.clear();
    }};
};

TEST_F(UnixClient, Socket_is_for_its_owner_alone) {
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(UnixClient, Get_and_post_work) {
    const auto hello = request(path, {.target = "/hello?name=x"});
    ASSERT_TRUE(hello) << hello.error().message;
    EXPECT_EQ(hello->status, 200);
    EXPECT_EQ(hello->body, R"({"hello":"x"})");
    EXPECT_EQ(hello->headers.find("content-type"), "application/json");
    const auto echo = request(path, {.method = "POST", .target = "/echo", .body = "some text"});
    ASSERT_TRUE(echo);
    EXPECT_EQ(echo->body, "some text");
    EXPECT_EQ(request(path, {.method = "HEAD", .target = "/hello"})->status, 200);
}

TEST_F(UnixClient, Body_is_streamed_from_a_source_with_and_without_length) {
    for (const bool announced : {true, false}) {
        std::size_t left = 500'000;
        ClientRequest upload{.method = "POST", .target = "/echo"};
        if (announced) upload.body_bytes = 500'000;
        upload.body_source = [&left](std::span<char> piece) {
            const auto bytes = std::min(left, piece.size());
            std::fill_n(piece.begin(), bytes, 'x');
            left -= bytes;
            return bytes;
        };
        const auto echo = request(path, upload);
        ASSERT_TRUE(echo) << echo.error().message;
        EXPECT_EQ(echo->body, std::string(500'000, 'x'));
    }
}

TEST_F(UnixClient, Refusal_of_a_body_is_received_while_it_is_sent) {
    ClientRequest upload{.method = "POST", .target = "/echo"};
    upload.body_bytes = 5LL << 30;
    upload.body_source = [](std::span<char> piece) {
        std::ranges::fill(piece, 'x');
        return piece.size();
    };
    const auto refused = request(path, upload);
    ASSERT_TRUE(refused) << refused.error().message;
    EXPECT_EQ(refused->status, 413);
}

TEST_F(UnixClient, Answer_is_streamed_and_can_be_left) {
    ClientRequest big{.target = "/big"};
    std::size_t received = 0;
    big.on_body = [&received](std::string_view piece) {
        received += piece.size();
        return true;
    };
    EXPECT_TRUE(request(path, big));
    EXPECT_EQ(received, 100'002U);
    big.on_body = [](std::string_view) { return false; };
    EXPECT_TRUE(request(path, big));
    big.target = "/nothing";
    EXPECT_THAT(request(path, big)->body, testing::HasSubstr("not-found"));
}

TEST_F(UnixClient, Nobody_there_is_unavailable_and_silence_a_timeout) {
    const auto absent = request(folder / "other.sock", {});
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::unavailable);
    EXPECT_THAT(absent.error().message, testing::HasSubstr("other.sock"));
    const auto late = request(path, {.target = "/slow/3000"}, std::chrono::seconds(1));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timeout);
}

TEST_F(UnixClient, Socket_left_by_a_killed_server_is_replaced_and_a_stopped_one_leaves_none) {
    TestServer again([this](ServerOptions& options, Router&) { options.unix_path = path; });
    EXPECT_EQ(request(path, {.target = "/hello"})->status, 200);
    again.server().stop();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(UnixListener, Too_long_a_path_is_said) {
    EXPECT_THROW(
        TestServer([](ServerOptions& options, Router&) { options.unix_path = "/tmp/" + std::string(200, 'x'); }),
        Failure);
}

}  // namespace
}  // namespace movio::http::test
