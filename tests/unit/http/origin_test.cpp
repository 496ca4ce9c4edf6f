#include "http/origin.hpp"

#include <gtest/gtest.h>

namespace movio::http {
namespace {

TEST(Origin, Is_the_same_text_for_the_same_origin) {
    for (const auto* same : {"https://films.example", "https://films.example/", "https://films.example:443",
                             "HTTPS://Films.Example:443/path/of?x=http://other.example"})
        EXPECT_EQ(origin_of(same), "https://films.example") << same;
    EXPECT_EQ(origin_of("http://films.example:80/x"), "http://films.example");
    EXPECT_EQ(origin_of("http://films.example:443"), "http://films.example:443");
    EXPECT_EQ(origin_of("https://films.example:80"), "https://films.example:80");
    EXPECT_EQ(origin_of("http://[::1]:8000/x"), "http://[::1]:8000");
}

TEST(Origin, Of_what_is_no_address_is_empty) {
    for (const auto* none : {"", "null", "films.example", "/path"}) EXPECT_EQ(origin_of(none), "") << none;
}

}  // namespace
}  // namespace movio::http
