#include "http/router.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace movio::http {
namespace {

class Nothing final : public Endpoint {
public:
    using Endpoint::Endpoint;
    Awaitable<Response> handle(Request&) override { co_return Response{}; }
};

void add(Router& router, Method method, std::string path) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    router.add(std::make_unique<Nothing>(std::move(description)));
}

class RouterTest : public ::testing::Test {
protected:
    RouterTest() {
        add(router, Method::get, "/");
        add(router, Method::get, "/api/v2/videos");
        add(router, Method::post, "/api/v2/videos");
        add(router, Method::get, "/api/v2/videos/{id}");
        add(router, Method::patch, "/api/v2/videos/{video}");
        add(router, Method::get, "/api/v2/videos/{id}/events");
        add(router, Method::get, "/api/v2/videos/latest");
        add(router, Method::get, "/media/{access}/{key...}");
        add(router, Method::get, "/media/status");
        add(router, Method::get, "/{path...}");
    }

    // The template found, or "404", or "405 " and Allow.
    std::string find(Method method, std::vector<std::string> segments, Parameters* path = nullptr) {
        const auto found = router.find(method, segments);
        if (std::holds_alternative<Router::NotFound>(found)) return "404";
        if (const auto* others = std::get_if<Router::OtherMethods>(&found)) return "405 " + others->allow;
        if (path != nullptr) *path = std::get<Router::Found>(found).path;
        return std::get<Router::Found>(found).endpoint->description().path;
    }

    Router router;
};

TEST_F(RouterTest, Text_wins_over_name_and_name_over_rest) {
    EXPECT_EQ(find(Method::get, {""}), "/");
    EXPECT_EQ(find(Method::get, {"api", "v2", "videos"}), "/api/v2/videos");
    EXPECT_EQ(find(Method::get, {"api", "v2", "videos", "latest"}), "/api/v2/videos/latest");
    EXPECT_EQ(find(Method::get, {"api", "v2", "videos", "7"}), "/api/v2/videos/{id}");
    EXPECT_EQ(find(Method::get, {"media", "status"}), "/media/status");
    EXPECT_EQ(find(Method::get, {"about"}), "/{path...}");
}

TEST_F(RouterTest, Parts_are_named_by_the_endpoint_that_is_found) {
    Parameters path;
    EXPECT_EQ(find(Method::patch, {"api", "v2", "videos", "7"}, &path), "/api/v2/videos/{video}");
    EXPECT_EQ(path.find("video"), "7");
    Parameters media;
    EXPECT_EQ(find(Method::get, {"media", "o", "id", "1", "v-h264-360", "init.mp4"}, &media),
              "/media/{access}/{key...}");
    EXPECT_EQ(media.find("access"), "o");
    EXPECT_EQ(media.find("key"), "id/1/v-h264-360/init.mp4");
}

TEST_F(RouterTest, A_dead_end_falls_back_to_the_rest_above_it) {
    EXPECT_EQ(find(Method::get, {"api", "v2", "unknown"}), "/{path...}");
    EXPECT_EQ(find(Method::get, {"media", "o"}), "/{path...}");
}

TEST_F(RouterTest, A_name_takes_no_empty_part) {
    EXPECT_EQ(find(Method::get, {"api", "v2", "videos", ""}), "/{path...}");
}

TEST_F(RouterTest, Other_methods_are_405_with_allow_and_head_is_get) {
    EXPECT_EQ(find(Method::del, {"api", "v2", "videos"}), "405 GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find(Method::head, {"api", "v2", "videos"}), "/api/v2/videos");
    EXPECT_EQ(find(Method::options, {"api", "v2", "videos", "7"}), "405 GET, HEAD, PATCH, OPTIONS");
}

TEST_F(RouterTest, Template_with_a_last_slash_answers_without_it) {
    add(router, Method::post, "/api/v1/login/");
    add(router, Method::get, "/api/v1/{id}/");
    EXPECT_EQ(find(Method::post, {"api", "v1", "login", ""}), "/api/v1/login/");
    EXPECT_EQ(find(Method::post, {"api", "v1", "login"}), "/api/v1/login/");
    EXPECT_EQ(find(Method::get, {"api", "v1", "login"}), "405 POST, OPTIONS");
    Parameters path;
    EXPECT_EQ(find(Method::get, {"api", "v1", "7"}, &path), "/api/v1/{id}/");
    EXPECT_EQ(path.find("id"), "7");
    EXPECT_EQ(find(Method::get, {"api", "v1", "7", ""}), "/api/v1/{id}/");
    EXPECT_THROW(add(router, Method::post, "/api/v1/login"), Failure);
    EXPECT_EQ(std::ranges::count(router.descriptions(), "/api/v1/login/", &EndpointDescription::path), 1);
}

TEST(Router, Without_a_route_is_404_and_a_second_endpoint_is_a_bug) {
    Router router;
    EXPECT_TRUE(std::holds_alternative<Router::NotFound>(router.find(Method::get, {"x"})));
    add(router, Method::get, "/x/{a}");
    EXPECT_THROW(add(router, Method::get, "/x/{b}"), Failure);
    EXPECT_THROW(add(router, Method::get, "x"), Failure);
    EXPECT_EQ(router.descriptions().size(), 1U);
}

}  // namespace
}  // namespace movio::http
