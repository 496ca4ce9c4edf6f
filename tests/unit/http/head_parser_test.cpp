#include "http/head_parser.hpp"

#include <gtest/gtest.h>

namespace movio::http {
namespace {

using namespace std::string_view_literals;

struct Case {
    std::string_view name;
    std::string_view head;
    int status = 400;
};

class MalformedHead : public ::testing::TestWithParam<Case> {};

TEST_P(MalformedHead, Is_refused) {
    const auto parsed = parse_head(GetParam().head);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().status, GetParam().status) << parsed.error().message;
    EXPECT_FALSE(parsed.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedHead,
    ::testing::Values(
        Case{"length_and_coding",
             "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
        Case{"coding_and_length",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
        Case{"two_lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"},
        Case{"same_length_twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"},
        Case{"length_list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"},
        Case{"negative_length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n"},
        Case{"length_with_plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"},
        Case{"length_in_hexadecimal", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"},
        Case{"length_overflows", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"},
        Case{"length_empty", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"},
        Case{"length_above_int64", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775809\r\n\r\n", 413},
        Case{"two_codings",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
        Case{"coding_gzip", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        Case{"coding_gzip_chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
        Case{"coding_chunked_identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
             501},
        Case{"coding_xchunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
        Case{"coding_with_vertical_tab", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n"},
        Case{"coding_in_1_0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
        Case{"obs_fold", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"},
        Case{"obs_fold_tab", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n"},
        Case{"bare_lf", "GET / HTTP/1.1\nHost: a\r\n\r\n"}, Case{"bare_cr", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"},
        Case{"space_before_colon", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n"},
        Case{"field_without_colon", "GET / HTTP/1.1\r\nHost: a\r\nNonsense\r\n\r\n"},
        Case{"field_without_name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"},
        Case{"nul_in_value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"sv},
        Case{"nul_in_name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: a\r\n\r\n"sv}, Case{"no_host", "GET / HTTP/1.1\r\n\r\n"},
        Case{"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
        Case{"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        Case{"host_with_user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"}, Case{"no_version", "GET /\r\nHost: a\r\n\r\n"},
        Case{"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        Case{"not_http", "GET / HTTPS/1.1\r\nHost: a\r\n\r\n"}, Case{"tls_hello", "\x16\x03\x01\x02\r\n\r\n"sv},
        Case{"no_method", " / HTTP/1.1\r\nHost: a\r\n\r\n"}, Case{"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"target_with_space", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"target_not_absolute", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"target_fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"star_for_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"dots", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"encoded_dots", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"broken_escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"cut_escape", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"encoded_nul", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"not_utf8", "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"overlong_slash", "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n"},
        Case{"expectation", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: miracles\r\n\r\n", 417}),
    [](const auto& info) { return std::string(info.param.name); });

RequestHead parse(std::string_view text) {
    auto parsed = parse_head(text);
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
    return parsed ? std::move(parsed->head) : RequestHead{};
}

TEST(ParseHead, Reads_what_a_request_says) {
    const auto head = parse(
        "POST /a%2Fb/c?x=1&y=%C3%A9+z&x=2&flag HTTP/1.1\r\nHost: films.example:8000\r\nContent-Type: Application/JSON; "
        "charset=utf-8\r\ncontent-length: 12\r\nExpect: 100-Continue\r\nX-Empty:\r\n\r\n");
    EXPECT_EQ(head.method, Method::post);
    EXPECT_EQ(head.segments, (std::vector<std::string>{"a/b", "c"}));
    EXPECT_EQ(head.target, "/a%2Fb/c");
    EXPECT_EQ(head.query.all("x"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_EQ(head.query.find("y"), "\xc3\xa9 z");
    EXPECT_EQ(head.query.find("flag"), "");
    EXPECT_EQ(head.query.find("none"), std::nullopt);
    EXPECT_EQ(head.host, "films.example:8000");
    EXPECT_EQ(head.content_type(), "application/json");
    EXPECT_EQ(head.content_length, 12);
    EXPECT_TRUE(head.expects_continue);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_EQ(head.headers.find("x-EMPTY"), "");
}

TEST(ParseHead, Splits_slashes_at_the_ends) {
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").segments, (std::vector<std::string>{""}));
    EXPECT_EQ(parse("GET /a/ HTTP/1.1\r\nHost: a\r\n\r\n").segments, (std::vector<std::string>{"a", ""}));
    EXPECT_EQ(parse("GET //a HTTP/1.1\r\nHost: a\r\n\r\n").segments, (std::vector<std::string>{"", "a"}));
}

TEST(ParseHead, Takes_absolute_form_and_queries_as_browsers_send_them) {
    EXPECT_EQ(parse("GET http://x.example/a?b HTTP/1.1\r\nHost: a\r\n\r\n").segments, (std::vector<std::string>{"a"}));
    EXPECT_EQ(parse("GET /a?q=[x|y] HTTP/1.1\r\nHost: a\r\n\r\n").query.find("q"), "[x|y]");
}

TEST(HeadLength, Counts_the_empty_line) {
    EXPECT_EQ(head_length("GET / HTTP/1.1\r\nHost: a\r\n\r"), std::nullopt);
    EXPECT_EQ(head_length("A\r\n\r\nrest"), 5U);
}

// Gives the body in pieces of `step` bytes and collects what comes out.
std::optional<std::string> decode(std::string_view body, std::size_t step, std::size_t output_bytes) {
    auto parsed = parse_head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string input;
    std::string out;
    std::vector<char> piece(output_bytes);
    while (!parsed->chunks->is_done()) {
        const auto step_made = input.empty()
                                   ? ChunkedDecoder::Step{}
                                   : parsed->chunks->decode(input, piece).value_or(ChunkedDecoder::Step{99, 99});
        if (step_made.consumed == 99 && step_made.produced == 99) return std::nullopt;
        input.erase(0, step_made.consumed);
        out.append(piece.data(), step_made.produced);
        if (step_made.consumed + step_made.produced > 0) continue;
        if (body.empty()) return std::nullopt;
        input += body.substr(0, step);
        body.remove_prefix(std::min(step, body.size()));
    }
    return out;
}

TEST(ChunkedDecoder, Decodes_in_pieces_of_any_size) {
    constexpr auto kBody = "5;name=value\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"sv;
    for (const std::size_t step : {1U, 2U, 3U, 7U, 100U})
        for (const std::size_t output : {1U, 4U, 100U})
            EXPECT_EQ(decode(kBody, step, output), "hello 0123456789") << step;
}

TEST(ChunkedDecoder, Refuses_broken_coding) {
    for (const auto body :
         {"x\r\nhello\r\n"sv, "5\r\nhelloX\r\n0\r\n\r\n"sv, "-5\r\nhello\r\n0\r\n\r\n"sv, "0x5\r\nhello\r\n0\r\n\r\n"sv,
          "FFFFFFFFFFFFFFFFF\r\nhello\r\n"sv, "5\nhello\n0\n\n"sv, "5 \r\nhel"sv})
        EXPECT_EQ(decode(body, 100, 100), std::nullopt) << body;
}

}  // namespace
}  // namespace movio::http
