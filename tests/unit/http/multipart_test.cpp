#include "http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "support/coroutines.hpp"
#include "support/pieces_body.hpp"

namespace movio::http::test {
namespace {

using movio::test::PiecesBody;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Each part as "name|filename|type|content", or "!" and the message of the error that ends the reading.
Awaitable<std::vector<std::string>> read_parts(BodyReader& body, std::string_view boundary) {
    std::vector<std::string> out;
    MultipartReader reader(body, boundary);
    for (;;) {
        const auto part = co_await reader.next();
        if (!part) {
            out.push_back("!" + part.error().message);
            co_return out;
        }
        if (!*part) co_return out;
        out.push_back((*part)->name + "|" + (*part)->filename.value_or("-") + "|" + (*part)->content_type + "|");
        for (;;) {
            const auto piece = co_await reader.read();
            if (!piece) {
                out.push_back("!" + piece.error().message);
                co_return out;
            }
            if (piece->empty()) break;
            out.back() += as_text(*piece);
        }
    }
}

std::vector<std::string> parts_of(PiecesBody body, std::string_view boundary = "X") {
    return movio::test::run(read_parts(body, boundary));
}

std::string part(std::string_view lines, std::string_view content) {
    return "--X\r\n" + std::string(lines) + "\r\n\r\n" + std::string(content) + "\r\n";
}

std::string field(std::string_view name, std::string_view content) {
    return part("Content-Disposition: form-data; name=\"" + std::string(name) + "\"", content);
}

// The name that a Content-Disposition of these parameters gives to a file.
std::string filename_of(std::string_view parameters) {
    const auto parts =
        parts_of(PiecesBody(part("Content-Disposition: form-data; name=v; " + std::string(parameters), "") + "--X--"));
    return parts.empty() ? "" : parts.front();
}

TEST(Multipart, Parts_come_in_their_order_with_their_heads) {
    const auto body =
        part("Content-Disposition: form-data; name=\"video\"; filename=\"a b.mkv\"\r\nContent-Type: Video/MP4; a=b",
             "film") +
        field("title", "T") + field("empty", "") + "--X--\r\nwhat follows";
    EXPECT_THAT(parts_of(PiecesBody(body)), ElementsAre("video|a b.mkv|video/mp4|film", "title|-||T", "empty|-||"));
}

// Everything that looks like a delimiter and is none, wherever the bytes are cut.
TEST(Multipart, Reads_the_same_however_the_bytes_come) {
    const std::string content = "\r\n--\r\n-\r\r\n--bounda\r\n--boundarx\r\n\r\n--b\r";
    const std::string body =
        "preamble\r\n--bound\r\n--boundary \t\r\nContent-Disposition: form-data; name=\"video\";\r\n"
        " filename=\"f\"\r\n\r\n" +
        content + "\r\n--boundary\r\ncontent-disposition: form-data; name=a\r\n\r\n1" + "\r\n--boundary-- \r\nepilogue";
    const auto expected = ElementsAre("video|f||" + content, "a|-||1");
    EXPECT_THAT(parts_of(PiecesBody(body), "boundary"), expected);
    for (std::size_t at = 1; at < body.size(); ++at)
        EXPECT_THAT(parts_of(PiecesBody::cut_at(body, at), "boundary"), expected) << at;
    for (std::size_t bytes = 1; bytes < 40; ++bytes)
        EXPECT_THAT(parts_of(PiecesBody(body, bytes), "boundary"), expected) << bytes;
}

TEST(Multipart, Content_is_not_copied) {
    const std::string film(300'000, 'f');
    PiecesBody body(field("video", film) + "--X--");
    const auto pieces = [](BodyReader& source) -> Awaitable<std::vector<std::size_t>> {
        MultipartReader reader(source, "X");
        std::vector<std::size_t> sizes;
        if (!co_await reader.next()) co_return sizes;
        for (;;) {
            const auto piece = co_await reader.read();
            if (!piece || piece->empty()) co_return sizes;
            sizes.push_back(piece->size());
        }
    };
    EXPECT_THAT(movio::test::run(pieces(body)), ElementsAre(film.size()));
}

TEST(Multipart, What_was_not_read_of_a_part_is_skipped) {
    PiecesBody body(field("a", std::string(100'000, 'a')) + field("b", "2") + "--X--", 1000);
    const auto names = [](BodyReader& source) -> Awaitable<std::string> {
        MultipartReader reader(source, "X");
        std::string out;
        for (;;) {
            const auto part = co_await reader.next();
            if (!part || !*part) co_return out;
            out += (*part)->name;
        }
    };
    EXPECT_EQ(movio::test::run(names(body)), "ab");
}

TEST(Multipart, Text_is_read_up_to_a_limit) {
    const auto read = [](BodyReader& source, std::size_t bytes_max) -> Awaitable<Result<std::string>> {
        MultipartReader reader(source, "X");
        if (!co_await reader.next()) co_return fail(ErrorCode::internal, "no part");
        co_return co_await reader.read_text(bytes_max);
    };
    const auto text = field("title", "12345") + "--X--";
    PiecesBody fits(text, 3);
    EXPECT_EQ(movio::test::run(read(fits, 5)), "12345");
    PiecesBody too_long(text, 3);
    EXPECT_EQ(movio::test::run(read(too_long, 4)).error().code, ErrorCode::too_large);
}

TEST(Multipart, No_parts_is_no_fault) { EXPECT_THAT(parts_of(PiecesBody("--X--")), ElementsAre()); }

TEST(Multipart, Names_of_files_as_clients_send_them) {
    EXPECT_EQ(filename_of(R"(filename="C:\films\a.mkv")"), R"(v|C:\films\a.mkv||)");
    EXPECT_EQ(filename_of(R"(filename="a\"b\\c;d.mkv")"), R"(v|a"b\c;d.mkv||)");
    EXPECT_EQ(filename_of(R"(filename="a%22.mkv")"), "v|a%22.mkv||");
    EXPECT_EQ(filename_of("FILENAME = a b.mkv ; x=y"), "v|a b.mkv||");
    EXPECT_EQ(filename_of("filename=\"fallback\"; filename*=utf-8'en'na%C3%AFve.mkv"), "v|naïve.mkv||");
    EXPECT_EQ(filename_of("filename*=UTF-8''%E0%A6%95.mkv; filename=\"fallback\""), "v|ক.mkv||");
    EXPECT_EQ(filename_of("filename=\"fallback\"; filename*=UTF-8''%FF"), "v|fallback||");
    EXPECT_EQ(filename_of("filename=\"fallback\"; filename*=koi8-r''%FF"), "v|fallback||");
    EXPECT_EQ(filename_of("filename=\"a\xff.mkv\""), "v|a\xef\xbf\xbd.mkv||");
    EXPECT_EQ(filename_of("filename=\"\""), "v|||");
}

TEST(Multipart, What_is_no_multipart_is_refused) {
    const auto refused = [](const std::string& body) {
        const auto parts = parts_of(PiecesBody(body));
        return parts.empty() ? std::string() : parts.back();
    };
    EXPECT_EQ(refused(""), "!The form ends before its last boundary.");
    EXPECT_EQ(refused(field("a", "1")), "!The form ends before its last boundary.");
    EXPECT_EQ(refused("--X\r\nContent-Dis"), "!The form ends before its last boundary.");
    EXPECT_EQ(refused(field("a", "1") + "--X-"), "!The form ends before its last boundary.");
    EXPECT_THAT(refused("--Xy\r\n\r\n"), HasSubstr("followed by something else"));
    EXPECT_THAT(refused("--X-y\r\n\r\n"), HasSubstr("followed by something else"));
    EXPECT_THAT(refused("--X\nContent-Disposition: form-data; name=a\n\n1\n--X--"), HasSubstr("CR LF"));
    EXPECT_THAT(refused("--X\r\nContent-Disposition: form-data; name=a\n\n1\r\n--X--"), HasSubstr("CR LF"));
    EXPECT_THAT(refused("--X\r\nContent-Disposition: form-data; name=a\rb\r\n\r\n1\r\n--X--"), HasSubstr("CR LF"));
    EXPECT_THAT(refused(part("X: y", "1") + "--X--"), HasSubstr("no Content-Disposition"));
    EXPECT_THAT(refused(part("Content-Disposition: attachment; name=a", "1")), HasSubstr("no Content-Disposition"));
    EXPECT_THAT(refused(part("Content-Disposition: form-data; filename=a", "1")), HasSubstr("no Content-Disposition"));
    EXPECT_THAT(refused(part("Content-Disposition: form-data; name=\"a", "1")), HasSubstr("no Content-Disposition"));
    EXPECT_THAT(refused(part("Content-Disposition : form-data; name=a", "1")), HasSubstr("without a name"));
    EXPECT_THAT(refused(part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "MQ==")),
                HasSubstr("Content-Transfer-Encoding"));
}

TEST(Multipart, Heads_parts_and_preamble_are_bounded) {
    const std::string disposition = "Content-Disposition: form-data; name=a\r\nX: ";
    // Line end of the boundary, the two line ends of the head.
    const auto filling = limits::kPartHeadBytesMax - disposition.size() - 2 - 4;
    EXPECT_THAT(parts_of(PiecesBody(part(disposition + std::string(filling, 'x'), "1") + "--X--")),
                ElementsAre("a|-||1"));
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{1000}, std::string::npos})
        EXPECT_THAT(parts_of(PiecesBody(part(disposition + std::string(20'000, 'x'), "1") + "--X--", bytes)),
                    ElementsAre(HasSubstr("longer than 16384")));
    std::string many;
    for (int i = 0; i < limits::kFormPartsMax; ++i) many += field("a", "1");
    EXPECT_EQ(parts_of(PiecesBody(many + "--X--")).size(), 100U);
    EXPECT_THAT(parts_of(PiecesBody(many + field("a", "1") + "--X--")).back(), HasSubstr("more than 100 parts"));
    PiecesBody other(std::string(1'000'000, 'x'), 1000);
    EXPECT_THAT(movio::test::run(read_parts(other, "X")), ElementsAre(HasSubstr("does not begin with the boundary")));
    EXPECT_LT(other.bytes_read(), 20'000);
}

TEST(Multipart, Boundary_of_content_type) {
    const auto boundary_of = [](std::string_view text) { return MultipartReader::boundary_of(text).value_or("none"); };
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=----WebKitFormBoundaryA1"), "----WebKitFormBoundaryA1");
    EXPECT_EQ(boundary_of("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b:c\""), "a b:c");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=a=b/c"), "a=b/c");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(70, 'x')), std::string(70, 'x'));
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')), "none");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=\"a \""), "none");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=a{b"), "none");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary="), "none");
    EXPECT_EQ(boundary_of("multipart/form-data"), "none");
    EXPECT_EQ(boundary_of("multipart/mixed; boundary=a"), "none");
}

}  // namespace
}  // namespace movio::http::test
