#include "access/endpoints/v1_refusals.hpp"

#include <gtest/gtest.h>

namespace movio::access {
namespace {

http::Refusal refusal(ErrorCode code, std::string_view instance = {}, std::int64_t retry_after_s = 0) {
    return {.error = {code, "A message.", {}},
            .status = info(code).http_status,
            .instance = instance,
            .retry_after_s = retry_after_s};
}

std::string body_of(const std::optional<http::Response>& response) {
    return response ? std::get<std::string>(response->body) : "none";
}

TEST(V1CommonRefusal, Token_that_does_not_count) {
    const auto response = v1_common_refusal(refusal(ErrorCode::unauthorized, "jwt-signature-expired"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 401);
    EXPECT_EQ(response->headers.find("content-type"), "application/json");
    EXPECT_EQ(body_of(response), R"({"status":"error","detail":"jwt-signature-expired",)"
                                 R"("message":"The access token has run out. Log in again."})");
    for (const std::string_view instance : {"jwt-header-malformed", "jwt-decode-error"})
        EXPECT_EQ(JsonView::parse(body_of(v1_common_refusal(refusal(ErrorCode::unauthorized, instance))))
                      ->text_or("detail", ""),
                  instance);
}

TEST(V1CommonRefusal, Too_many_requests) {
    EXPECT_EQ(body_of(v1_common_refusal(refusal(ErrorCode::rate_limited, {}, 7))),
              R"({"status":"error","detail":"rate-limit-exceeded","message":"A message.","data":{"wait_time":7}})");
}

TEST(V1CommonRefusal, All_else_is_the_endpoints_own) {
    EXPECT_EQ(body_of(v1_common_refusal(refusal(ErrorCode::unauthorized))), "none");
    EXPECT_EQ(body_of(v1_common_refusal(refusal(ErrorCode::invalid, "jwt-decode-error"))), "none");
    EXPECT_EQ(body_of(v1_common_refusal(refusal(ErrorCode::forbidden))), "none");
}

}  // namespace
}  // namespace movio::access
