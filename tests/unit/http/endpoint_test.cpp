#include "http/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutines.hpp"
#include "support/pieces_body.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using ::testing::HasSubstr;

struct RenameVideo {
    struct Input {
        VideoId id;
        std::string title;
        std::optional<std::string> description;
        std::vector<std::string> tags;
        int limit = 50;
        bool dry_run = false;
        std::int64_t start_ms = 0;
    };
    struct Output {
        std::string text;
    };

    static EndpointDescription describe() {
        return {.method = Method::patch, .path = "/videos/{id}", .summary = "Renames a video.", .tag = "videos"};
    }
    static Fields<Input> fields() {
        return {
            in_path("id", &Input::id),
            in_body("title", &Input::title, {.required = true, .min = 1, .max = 10, .help = "The new title."}),
            in_body("description", &Input::description),
            in_body("tags", &Input::tags, {.max = 2}),
            in_query("limit", &Input::limit, {.min = 1, .max = 100}),
            in_query("dry_run", &Input::dry_run),
            in_body("start_ms", &Input::start_ms),
        };
    }
    static void write(JsonWriter& json, const Output& output) {
        json.begin_object().member("text", output.text).end_object();
    }
    static int status(const Output& output) { return output.text.starts_with("new") ? 201 : 200; }
    static void headers(Headers& headers, const Output&) { headers.set("X-Made-By", "test"); }

    Awaitable<Result<Output>> operator()(Input input, const RequestContext& context) {
        if (input.title == "taken") co_return fail(ErrorCode::conflict, "There is such a title.");
        co_return Output{input.title + "|" + input.description.value_or("-") + "|" + std::to_string(input.tags.size()) +
                         "|" + std::to_string(input.limit) + "|" + (input.dry_run ? "dry" : "wet") + "|" +
                         std::to_string(input.start_ms) + "|" + context.request_id};
    }
};

Response call(Endpoint& endpoint, std::string body, std::string id = "01890a5d-ac96-774b-bcce-b302099a8057",
              Parameters query = {}) {
    movio::test::PiecesBody reader(std::move(body));
    Request request;
    request.head.path.add("id", std::move(id));
    request.head.query = std::move(query);
    request.context.request_id = "request-1";
    request.body = &reader;
    return movio::test::run(endpoint.handle(request));
}

std::string text_of(const Response& response) { return std::get<std::string>(response.body); }

TEST(TypedEndpoint, Input_is_bound_and_output_written) {
    const auto endpoint = make_endpoint(RenameVideo{});
    Parameters query;
    query.add("limit", "7");
    query.add("dry_run", "true");
    query.add("utm_source", "mail");
    const auto response = call(*endpoint, R"({"title":"new","tags":["a","b"],"start_ms":12,"description":null})",
                               "01890A5D-AC96-774B-BCCE-B302099A8057", query);
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(text_of(response), R"({"text":"new|-|2|7|dry|12|request-1"})");
    EXPECT_EQ(response.headers.find("x-made-by"), "test");
    EXPECT_EQ(text_of(call(*endpoint, R"({"title":"old","description":"d"})")),
              R"({"text":"old|d|0|50|wet|0|request-1"})");
}

TEST(TypedEndpoint, Description_lists_the_parameters) {
    const auto endpoint = make_endpoint(RenameVideo{});
    const auto& description = endpoint->description();
    ASSERT_EQ(description.parameters.size(), 7U);
    EXPECT_EQ(description.parameters[0].name, "id");
    EXPECT_EQ(description.parameters[0].type, ParameterType::uuid);
    EXPECT_TRUE(description.parameters[0].rules.required);
    EXPECT_EQ(description.parameters[1].rules.help, "The new title.");
    EXPECT_EQ(description.body, BodyKind::json);
    EXPECT_EQ(description.body_bytes_max, static_cast<std::int64_t>(limits::kJsonBodyBytesMax));
}

TEST(TypedEndpoint, Every_bad_field_is_named) {
    const auto endpoint = make_endpoint(RenameVideo{});
    Parameters query;
    query.add("limit", "101");
    query.add("dry_run", "perhaps");
    const auto response = call(*endpoint, R"({"tags":["a",5],"start_ms":1.5,"titel":"x"})", "no-uuid", query);
    EXPECT_EQ(response.status, 400);
    const auto problem = JsonView::parse(text_of(response));
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->text_or("code", ""), "invalid");
    EXPECT_EQ(problem->text_or("instance", ""), "request-1");
    std::vector<std::string> said;
    const auto errors = problem->find("errors");
    ASSERT_TRUE(errors);
    for (std::size_t i = 0; i < errors->size(); ++i)
        said.push_back(errors->at(i).text_or("in", "") + " " + errors->at(i).text_or("field", "") + " " +
                       errors->at(i).text_or("message", ""));
    EXPECT_THAT(said, testing::UnorderedElementsAre(
                          "path id must be a UUID", "body title is required", "body tags must be a list of texts",
                          "query limit must be at most 100", "query dry_run must be true or false",
                          "body start_ms must be a whole number", "body titel is not a known field"));
    EXPECT_THAT(problem->text_or("detail", ""), HasSubstr("'title' is required"));
}

TEST(TypedEndpoint, Lengths_count_characters) {
    const auto endpoint = make_endpoint(RenameVideo{});
    EXPECT_EQ(call(*endpoint, R"({"title":"কাকাকাকাকা"})").status, 200);
    EXPECT_EQ(call(*endpoint, R"({"title":"12345678901"})").status, 400);
    EXPECT_EQ(call(*endpoint, R"({"title":""})").status, 400);
    EXPECT_EQ(call(*endpoint, "{\"title\":\"a\\u0000b\"}").status, 400);
}

TEST(TypedEndpoint, Body_must_be_a_json_object) {
    const auto endpoint = make_endpoint(RenameVideo{});
    EXPECT_EQ(call(*endpoint, "{").status, 400);
    EXPECT_EQ(call(*endpoint, "[]").status, 400);
    EXPECT_THAT(text_of(call(*endpoint, "")), HasSubstr("'title' is required"));
    EXPECT_EQ(call(*endpoint, std::string(limits::kJsonBodyBytesMax + 1, ' ')).status, 413);
}

TEST(TypedEndpoint, Refusal_of_the_handler_is_a_problem) {
    const auto response = call(*make_endpoint(RenameVideo{}), R"({"title":"taken"})");
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
    EXPECT_THAT(text_of(response), HasSubstr(R"("type":"/doc/problems/conflict")"));
}

struct DeleteVideo {
    struct Input {
        VideoId id;
    };
    using Output = std::monostate;
    static EndpointDescription describe() { return {.method = Method::del, .path = "/videos/{id}"}; }
    static Fields<Input> fields() { return {in_path("id", &Input::id)}; }
    Awaitable<Result<Output>> operator()(Input, const RequestContext&) { co_return Output{}; }
};

TEST(TypedEndpoint, Nothing_to_say_is_204) {
    const auto response = call(*make_endpoint(DeleteVideo{}), "");
    EXPECT_EQ(response.status, 204);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(response.body));
}

TEST(TypedEndpoint, Works_over_a_socket_behind_its_gates) {
    TestServer test([](ServerOptions&, Router& router) { router.add(make_endpoint(RenameVideo{})); });
    RawClient client(test.port());
    const auto path = "/videos/01890a5d-ac96-774b-bcce-b302099a8057?limit=3";
    EXPECT_EQ(
        client.ask(request_text("PATCH", path, "Content-Type: application/json; charset=utf-8\r\n", R"({"title":"x"})"))
            .status,
        200);
    EXPECT_EQ(client.ask(request_text("PATCH", path, "Content-Type: text/plain\r\n", R"({"title":"x"})")).status, 415);
    EXPECT_EQ(client.ask(request_text("PATCH", path, "Content-Type: application/json\r\n", R"({"title":5})")).status,
              400);
    EXPECT_EQ(client.ask(request_text("PATCH", path, "Content-Type: application/json\r\nContent-Length: 99999999\r\n"))
                  .status,
              413);
}

}  // namespace
}  // namespace movio::http::test
