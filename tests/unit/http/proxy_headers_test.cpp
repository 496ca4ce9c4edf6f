#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

// What an endpoint sees of X-User that a client on this machine sends.
std::string seen(std::vector<std::string> proxies, std::string_view lines) {
    TestServer test([&](ServerOptions& options, Router& router) {
        options.trusted_proxies = std::move(proxies);
        options.proxy_headers = {"X-User"};
        add_route(router, Method::get, "/who", [](Request& request) -> Awaitable<Response> {
            co_return text_response(
                200, "text/plain",
                request.head.headers.joined("x-user") + "|" + request.head.headers.joined("x-other"));
        });
    });
    RawClient client(test.port());
    return client.ask(request_text("GET", "/who", lines)).body;
}

TEST(ProxyHeaders, Come_from_trusted_proxies_alone) {
    constexpr auto kLines = "X-User: ada@example.org\r\nX-Other: kept\r\n";
    EXPECT_EQ(seen({"127.0.0.1"}, kLines), "ada@example.org|kept");
    EXPECT_EQ(seen({"192.0.2.1"}, kLines), "|kept");
    EXPECT_EQ(seen({}, kLines), "|kept");
}

TEST(ProxyHeaders, Whatever_a_client_calls_itself_it_is_no_proxy) {
    EXPECT_EQ(seen({"192.0.2.1"},
                   "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\nx-USER: eve@example.org\r\nX-User: "
                   "ada@example.org\r\n"),
              "|");
}

}  // namespace
}  // namespace movio::http::test
