#include "access/endpoints/session_cookie.hpp"

#include <gtest/gtest.h>

namespace movio::access {
namespace {

std::optional<std::string> found(std::initializer_list<std::string_view> fields, std::string_view name = "movio") {
    http::Headers headers;
    for (const auto field : fields) headers.add("Cookie", field);
    const auto value = find_cookie(headers, name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

TEST(SessionCookie, Is_found_among_others) {
    EXPECT_EQ(found({"movio=abc"}), "abc");
    EXPECT_EQ(found({"a=b; movio=abc; c=d"}), "abc");
    EXPECT_EQ(found({"a=b;movio=abc"}), "abc");
    EXPECT_EQ(found({"a=b", "movio=x.y-z"}), "x.y-z");
    EXPECT_EQ(found({"movio=\"abc\""}), "abc");
    EXPECT_EQ(found({"movio=a=b"}), "a=b");
    EXPECT_EQ(found({"movio="}), "");
    EXPECT_EQ(found({"movio=first; movio=second"}), "first");
    EXPECT_EQ(found({" ;;=; movio ; movio=1"}), "1");
}

TEST(SessionCookie, Of_another_name_is_none) {
    EXPECT_EQ(found({}), std::nullopt);
    EXPECT_EQ(found({"Movio=abc; xmovio=abc; movio2=abc; movio"}), std::nullopt);
    EXPECT_EQ(found({"movio=abc"}, session_cookie_name("https")), std::nullopt) << "anybody may set the plain name";
    EXPECT_EQ(found({"__Host-movio=abc"}, session_cookie_name("http")), std::nullopt);
}

TEST(SessionCookie, Is_written_for_its_scheme) {
    EXPECT_EQ(session_cookie("http", "t", 60), "movio=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    EXPECT_EQ(session_cookie("https", "t", 60), "__Host-movio=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
    EXPECT_EQ(ended_session_cookie("http"), "movio=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

}  // namespace
}  // namespace movio::access
