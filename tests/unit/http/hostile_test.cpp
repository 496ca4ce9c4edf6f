#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

// Requests that are nearly right: pieces of real ones, cut, doubled and changed.
class Mutator {
public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    std::string request() {
        static const std::vector<std::string> kPieces{"GET /hello HTTP/1.1\r\n",
                                                      "POST /echo HTTP/1.1\r\n",
                                                      "HEAD /file/x HTTP/1.0\r\n",
                                                      "OPTIONS * HTTP/1.1\r\n",
                                                      "Host: a\r\n",
                                                      "Content-Length: 5\r\n",
                                                      "Content-Length: 99999\r\n",
                                                      "Connection: close\r\n",
                                                      "Transfer-Encoding: chunked\r\n",
                                                      "Expect: 100-continue\r\n",
                                                      "Range: bytes=0-0,5-\r\n",
                                                      "If-None-Match: \"\r\n",
                                                      "Accept-Encoding: gzip;q=0.5,*\r\n",
                                                      "\r\n",
                                                      "\r\n",
                                                      "5\r\nhello\r\n",
                                                      "0\r\n\r\n",
                                                      "hello",
                                                      " folded\r\n",
                                                      "X-Request-Id: 12345678\r\n"};
        std::string out = kPieces[below(4)] + kPieces[4];
        const auto count = below(8);
        for (std::size_t i = 0; i < count; ++i) out += kPieces[below(kPieces.size())];
        out += "\r\n" + kPieces[below(kPieces.size())];
        const auto changes = below(4);
        for (std::size_t i = 0; i < changes; ++i) out[below(out.size())] = static_cast<char>(below(256));
        return out;
    }
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

private:
    std::mt19937 random_;
};

TEST(Hostile, Nearly_right_requests_do_no_harm) {
    TestServer test([](ServerOptions& options, Router&) {
        options.header_timeout = std::chrono::milliseconds(100);
        options.body_idle_timeout = std::chrono::milliseconds(100);
    });
    test.write_file("x", "some bytes");
    std::vector<std::jthread> clients;
    for (unsigned t = 0; t < 4; ++t)
        clients.emplace_back([port = test.port(), t] {
            Mutator mutator(t);
            for (int i = 0; i < 150; ++i) {
                RawClient client(port);
                for (std::size_t k = 0; k <= mutator.below(3); ++k) client.send(mutator.request());
                if (mutator.below(3) == 0)
                    client.vanish();
                else
                    client.receive_until([](const std::string& text) { return text.size() > 20; },
                                         std::chrono::milliseconds(300));
            }
        });
    clients.clear();
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).status, 200);
    for (int i = 0; i < 300 && test.server().connections() > 1; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(test.server().connections(), 1U);
}

}  // namespace
}  // namespace movio::http::test
