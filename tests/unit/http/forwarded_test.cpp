#include "http/forwarded.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace movio::http {
namespace {

const std::vector<std::string> kProxies{"127.0.0.1", "10.0.0.1", "fd00::1"};

std::string client_of(std::string_view chain, const std::string& peer = "127.0.0.1") {
    return client_address(chain, peer, kProxies);
}

TEST(ClientAddress, Is_the_peer_where_that_is_no_proxy_of_ours) {
    EXPECT_EQ(client_of("203.0.113.9", "198.51.100.1"), "198.51.100.1");
    EXPECT_EQ(client_of("127.0.0.1", "198.51.100.1"), "198.51.100.1");
    EXPECT_EQ(client_address("203.0.113.9", "127.0.0.1", {}), "127.0.0.1");
    EXPECT_EQ(client_of("203.0.113.9", ""), "") << "a Unix-domain socket";
}

TEST(ClientAddress, Is_the_last_that_is_not_ours_whatever_stands_before_it) {
    EXPECT_EQ(client_of("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client_of("6.6.6.6, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client_of("6.6.6.6,203.0.113.9 , 10.0.0.1"), "203.0.113.9");
    EXPECT_EQ(client_of("10.0.0.1, 203.0.113.9, 10.0.0.1, fd00::1"), "203.0.113.9");
    EXPECT_EQ(client_of("127.0.0.1, 6.6.6.6, 203.0.113.9"), "203.0.113.9");
}

TEST(ClientAddress, Is_the_first_where_all_are_ours) {
    EXPECT_EQ(client_of(""), "127.0.0.1");
    EXPECT_EQ(client_of(" , ,"), "127.0.0.1");
    EXPECT_EQ(client_of("10.0.0.1, 127.0.0.1"), "10.0.0.1");
}

TEST(ClientAddress, Is_known_in_every_spelling) {
    EXPECT_EQ(client_of("6.6.6.6, FD00:0::1"), "6.6.6.6");
    EXPECT_EQ(client_of("6.6.6.6, ::ffff:10.0.0.1"), "6.6.6.6");
    EXPECT_EQ(client_of("2001:DB8::0:9"), "2001:db8::9");
    EXPECT_EQ(client_of("[2001:db8::9]:4711"), "2001:db8::9");
    EXPECT_EQ(client_of("203.0.113.9:4711"), "203.0.113.9");
    EXPECT_EQ(client_of("6.6.6.6, 10.0.0.1:4711"), "6.6.6.6");
}

TEST(ClientAddress, Is_what_the_proxy_wrote_where_that_is_no_address) {
    EXPECT_EQ(client_of("10.0.0.1, unknown"), "unknown");
    EXPECT_EQ(client_of("[, 6.6.6.6, ["), "[");
    EXPECT_EQ(client_of("6.6.6.6, _hidden:1"), "_hidden:1");
}

}  // namespace
}  // namespace movio::http
