#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/endpoint.hpp"
#include "support/coroutines.hpp"
#include "support/pieces_body.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

EndpointDescription form_description() {
    return {.method = Method::post, .path = "/form/", .body = BodyKind::form, .body_bytes_max = 100'000};
}

Result<JsonView> read(std::string_view type, std::string text) {
    Request request;
    request.head.content_length = static_cast<std::int64_t>(text.size());
    if (!type.empty()) request.head.headers.set("Content-Type", type);
    movio::test::PiecesBody body(std::move(text), 7);
    request.body = &body;
    const auto description = form_description();
    return movio::test::run(read_form(request, description));
}

// What is read, or the message.
std::string told(std::string_view type, std::string text) {
    const auto form = read(type, std::move(text));
    return form ? form->serialize() : form.error().message;
}

constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";

TEST(Form, Json_comes_as_it_is) {
    EXPECT_EQ(told("application/json; charset=utf-8", R"({"a":1,"b":null,"c":"x","c":"y","d":[true]})"),
              R"({"a":1,"b":null,"c":"y","d":[true]})");
    EXPECT_EQ(told("APPLICATION/JSON", " {} "), "{}");
}

TEST(Form, Json_that_is_none_is_told_in_the_words_of_the_original) {
    const auto broken = read("application/json", "{\"a\":");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, ErrorCode::invalid);
    EXPECT_THAT(broken.error().message, StartsWith("JSON parse error - "));
    EXPECT_EQ(told("application/json", "[1]"), "Invalid data. Expected a dictionary, but got list.");
    EXPECT_EQ(told("application/json", "\"a\""), "Invalid data. Expected a dictionary, but got str.");
    EXPECT_EQ(told("application/json", "1.5"), "Invalid data. Expected a dictionary, but got float.");
    EXPECT_EQ(told("application/json", "null"), "Invalid data. Expected a dictionary, but got NoneType.");
}

TEST(Form, Url_encoded_names_and_values) {
    EXPECT_EQ(told(kUrlEncoded, "a=1&b=x+y%2B%C3%A9&a=2&&c&=d&e=f=g"),
              R"({"":"d","a":"2","b":"x y+é","c":"","e":"f=g"})");
    EXPECT_EQ(told(kUrlEncoded, "a=100%&b=%zz%4&c=%FF"), "{\"a\":\"100%\",\"b\":\"%zz%4\",\"c\":\"\xef\xbf\xbd\"}");
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a=1&";
    EXPECT_EQ(told(kUrlEncoded, many), R"({"a":"1"})");
    EXPECT_THAT(told(kUrlEncoded, many + "a=1"), HasSubstr("more than 1000 fields"));
}

TEST(Form, Multipart_fields_without_their_files) {
    constexpr std::string_view kBody =
        "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\nfile\r\n"
        "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xc3\xa9\xff\r\n--X--\r\n";
    EXPECT_EQ(told("multipart/form-data; boundary=X", std::string(kBody)), "{\"a\":\"é\xef\xbf\xbd\"}");
    EXPECT_EQ(told("multipart/form-data", std::string(kBody)),
              "Multipart form parse error - Content-Type names no valid boundary.");
    EXPECT_THAT(told("multipart/form-data; boundary=X", "nothing"), StartsWith("Multipart form parse error - "));
}

TEST(Form, No_body_is_an_empty_object) {
    EXPECT_EQ(told("", ""), "{}");
    EXPECT_EQ(told("text/plain", ""), "{}");
}

TEST(Form, Too_much_is_too_large) {
    const std::string much(100'001, 'x');
    EXPECT_EQ(read("application/json", much).error().code, ErrorCode::too_large);
    EXPECT_EQ(read(kUrlEncoded, much).error().code, ErrorCode::too_large);
    EXPECT_EQ(read("multipart/form-data; boundary=X",
                   "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + much + "\r\n--X--")
                  .error()
                  .code,
              ErrorCode::too_large);
}

// The shape of a client that knows no other.
Response bare_shape(const Refusal& refusal, const RequestContext&) {
    JsonWriter json;
    json.begin_object().member("detail", refusal.error.message).end_object();
    return json_response(json.take(), refusal.status);
}

struct Login {
    struct Input {
        std::optional<std::string> name;
    };
    struct Output {
        std::string name;
    };
    static EndpointDescription describe() {
        auto description = form_description();
        description.refusal = &bare_shape;
        return description;
    }
    static Fields<Input> fields() { return {in_body("name", &Input::name, {.max = 5})}; }
    static void write(JsonWriter& json, const Output& output) { json.value(output.name); }
    Awaitable<Result<Output>> operator()(Input input, const RequestContext& context) {
        if (input.name == "stop") co_return fail(ErrorCode::unavailable, "");
        co_return Output{input.name.value_or("nobody") + " " + context.scheme};
    }
};

TEST(Form, Endpoint_takes_three_types_and_says_no_in_its_own_shape) {
    TestServer test([](ServerOptions&, Router& router) { router.add(make_endpoint(Login{})); });
    RawClient client(test.port());
    const auto post = [&](std::string_view type, std::string_view body) {
        const auto line = type.empty() ? std::string() : "Content-Type: " + std::string(type) + "\r\n";
        const auto answer = client.ask(request_text("POST", "/form", line, body));
        return std::to_string(answer.status) + " " + answer.body;
    };
    EXPECT_EQ(post("application/json", R"({"name":"ann"})"), "200 \"ann http\"");
    EXPECT_EQ(post(kUrlEncoded, "name=ann&csrf=x"), "200 \"ann http\"");
    EXPECT_EQ(post("multipart/form-data; boundary=X",
                   "--X\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nbob\r\n--X--\r\n"),
              "200 \"bob http\"");
    EXPECT_EQ(post("", ""), "200 \"nobody http\"");
    EXPECT_EQ(post("text/plain; a=\"b\"", "x"),
              R"(415 {"detail":"Unsupported media type \"text/plain; a=\"b\"\" in request."})");
    EXPECT_EQ(post("", "x"), R"(415 {"detail":"Unsupported media type \"\" in request."})");
    EXPECT_THAT(post("application/json", "{"), StartsWith(R"(400 {"detail":"JSON parse error - )"));
    EXPECT_EQ(post(kUrlEncoded, "name=charlie"), R"(400 {"detail":"'name' must be at most 5 characters long."})");
}

TEST(Form, Refusals_of_router_and_session_have_the_shape_of_the_endpoint) {
    TestServer test([](ServerOptions& options, Router& router) {
        options.body_idle_timeout = std::chrono::milliseconds(100);
        router.add(make_endpoint(Login{}));
    });
    RawClient client(test.port());
    const auto other = client.ask(request_text("GET", "/form/"));
    EXPECT_EQ(other.status, 405);
    EXPECT_EQ(other.header("allow"), "POST, OPTIONS");
    EXPECT_EQ(other.header("cache-control"), "no-store");
    EXPECT_EQ(other.body, R"({"detail":"This address takes POST, OPTIONS."})");
    const auto busy =
        client.ask(request_text("POST", "/form/", "Content-Type: application/json\r\n", R"({"name":"stop"})"));
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(busy.header("retry-after"), "2");
    EXPECT_EQ(busy.body, R"({"detail":"Not available right now"})");
    const auto stalled =
        client.ask("POST /form/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
    EXPECT_EQ(stalled.status, 408);
    EXPECT_EQ(stalled.body, R"({"detail":"The rest of the body did not come in time."})");
}

}  // namespace
}  // namespace movio::http::test
