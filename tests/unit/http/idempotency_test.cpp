#include "http/idempotency.hpp"

#include <gtest/gtest.h>

namespace movio::http {
namespace {

TEST(IdempotencyKey, Is_a_structured_string_or_its_bare_text) {
    EXPECT_EQ(idempotency_key(R"("8e03978e-40d5-43dd-bc93-6894a57f9324")"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
    EXPECT_EQ(idempotency_key("8e03978e-40d5"), "8e03978e-40d5");
    EXPECT_EQ(idempotency_key(R"("a \"quoted\" \\ key")"), R"(a "quoted" \ key)");
    EXPECT_EQ(idempotency_key(std::string(255, 'x')), std::string(255, 'x'));
    for (const std::string& bad :
         {std::string(), std::string(R"("")"), std::string(256, 'x'), std::string("a\x01"), std::string("clé"),
          std::string(R"("a"b")"), std::string(R"("a\b")"), std::string(R"("a\")"), std::string(R"(")")})
        EXPECT_FALSE(idempotency_key(bad)) << bad;
}

TEST(IdempotencyKey, Is_for_writes_of_v2_by_users) {
    EndpointDescription endpoint{.method = Method::patch, .path = "/api/v2/videos/{id}", .access = Access::user};
    EXPECT_TRUE(takes_idempotency_key(endpoint));
    for (const auto method : {Method::get, Method::put, Method::options}) {
        endpoint.method = method;
        EXPECT_FALSE(takes_idempotency_key(endpoint));
    }
    endpoint.method = Method::post;
    endpoint.access = Access::everyone;
    EXPECT_FALSE(takes_idempotency_key(endpoint)) << "nobody is there whose key it could be";
    endpoint.access = Access::admin;
    EXPECT_TRUE(takes_idempotency_key(endpoint));
    endpoint.body = BodyKind::stream;
    EXPECT_FALSE(takes_idempotency_key(endpoint));
    endpoint.body = BodyKind::json;
    endpoint.path = "/api/v1/auth/login/";
    EXPECT_FALSE(takes_idempotency_key(endpoint));
}

}  // namespace
}  // namespace movio::http
