#include "catalog/web_origin.hpp"

#include <gtest/gtest.h>

namespace movio::catalog {
namespace {

TEST(WebOrigin, Is_written_as_browsers_say_it) {
    EXPECT_EQ(web_origin("https://school.example"), "https://school.example");
    EXPECT_EQ(web_origin("HTTPS://School.Example:443/"), "https://school.example");
    EXPECT_EQ(web_origin("http://localhost:80"), "http://localhost");
    EXPECT_EQ(web_origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    EXPECT_EQ(web_origin("https://[::1]:8443"), "https://[::1]:8443");
    EXPECT_EQ(web_origin("http://[::1]"), "http://[::1]");
    EXPECT_EQ(web_origin("https://school.example:80"), "https://school.example:80");
}

TEST(WebOrigin, Is_nothing_that_could_mean_more) {
    for (const char* bad : {"",
                            "school.example",
                            "https://",
                            "https:///",
                            "ftp://school.example",
                            "https://school.example/course",
                            "https://*.school.example",
                            "*",
                            "https://a.example https://b.example",
                            "https://a.example;script-src",
                            "https://a.example\r\nX: y",
                            "https://user@a.example",
                            "https://a.example:0",
                            "https://a.example:080",
                            "https://a.example:",
                            "https://a.example:x",
                            "https://a.example:123456",
                            "https://.a.example",
                            "https://a..example",
                            "https://schule-m\xC3\xBCnchen.example",
                            "https://[::1",
                            "https://[]",
                            "null",
                            "'self'",
                            "https://a.example?x",
                            "https://a.example#x",
                            "https://a_b.example"})
        EXPECT_FALSE(web_origin(bad)) << bad;
    EXPECT_FALSE(web_origin("https://" + std::string(300, 'a')));
}

}  // namespace
}  // namespace movio::catalog
