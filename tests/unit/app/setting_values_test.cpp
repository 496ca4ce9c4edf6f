#include "app/setting_values.hpp"

#include <gtest/gtest.h>

namespace movio::app {
namespace {

TEST(ListenAddress, Host_and_port_are_told_apart) {
    EXPECT_EQ(parse_listen_address("127.0.0.1:8000")->port, 8000);
    EXPECT_EQ(parse_listen_address("[::1]:80")->host, "::1");
    EXPECT_EQ(parse_listen_address(":0")->host, "0.0.0.0");
    for (const char* bad : {"", "127.0.0.1", "host:", "host:x", "host:70000", "host:-1"})
        EXPECT_FALSE(parse_listen_address(bad)) << bad;
}

TEST(Proxies, Are_addresses_in_their_usual_spelling) {
    const auto proxies = parse_proxies("10.0.0.1, FD00:0::1,");
    ASSERT_TRUE(proxies);
    EXPECT_EQ(*proxies, (std::vector<std::string>{"10.0.0.1", "fd00::1"}));
    EXPECT_TRUE(parse_proxies("")->empty());
    for (const char* bad : {"proxy.example", "10.0.0.0/8", "10.0.0.1 10.0.0.2"})
        EXPECT_FALSE(parse_proxies(bad)) << bad;
}

TEST(Origins, Have_a_scheme_and_no_path) {
    const auto origins = parse_origins("https://films.example,http://localhost:3000");
    ASSERT_TRUE(origins);
    EXPECT_EQ(*origins, (std::vector<std::string>{"https://films.example", "http://localhost:3000"}));
    EXPECT_EQ(parse_origins("*")->size(), 1U);
    for (const char* bad : {"films.example", "https://", "https://films.example/", "https://*.example", "*,http://a"})
        EXPECT_FALSE(parse_origins(bad)) << bad;
}

TEST(RoleValues, Have_three_parts) {
    const auto said = split_role_value("viewer.search=60/60");
    ASSERT_TRUE(said);
    EXPECT_EQ(said->role, "viewer");
    EXPECT_EQ(said->kind, "search");
    EXPECT_EQ(said->value, "60/60");
    EXPECT_EQ(split_role_value("a.b=1.5")->value, "1.5");
    for (const char* bad : {"", "viewer", "viewer.search", "search=1", "viewer=a.b"})
        EXPECT_FALSE(split_role_value(bad)) << bad;
}

TEST(WholeNumbers, Are_digits_within_their_bounds) {
    EXPECT_EQ(parse_whole_number("0", 0, 5), 0);
    EXPECT_EQ(parse_whole_number("5", 0, 5), 5);
    for (const char* bad : {"", "6", "-1", " 1", "1 ", "1x", "99999999999999999999"})
        EXPECT_FALSE(parse_whole_number(bad, 0, 5)) << bad;
}

TEST(Rungs, Are_sorted_and_checked) {
    const auto rungs = parse_rungs("720:2400,360:800");
    ASSERT_TRUE(rungs);
    EXPECT_EQ((*rungs)[0].height, 360);
    EXPECT_EQ((*rungs)[1].cap_kbps, 2400);
    for (const char* bad : {"", "720", "720:", ":5", "721:800", "720:800;360:1", "10:800", "720:1", "720:800,720:900"})
        EXPECT_FALSE(parse_rungs(bad)) << bad;
}

}  // namespace
}  // namespace movio::app
