#include "http/openapi.hpp"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/router.hpp"
#include "support/coroutines.hpp"
#include "support/media_golden.hpp"
#include "support/pieces_body.hpp"

namespace movio::http::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

// The same JSON, a member a line.
void write_pretty(const JsonView& json, const std::string& indent, std::string& out) {
    if (json.size() == 0) {
        out += json.serialize();
        return;
    }
    const auto inner = indent + "  ";
    out += json.is_object() ? "{" : "[";
    for (std::size_t i = 0; i < json.size(); ++i) {
        out += (i > 0 ? ",\n" : "\n") + inner;
        if (json.is_object()) out += "\"" + std::string(json.name_at(i)) + "\": ";
        write_pretty(json.at(i), inner, out);
    }
    out += "\n" + indent + (json.is_object() ? "}" : "]");
}

std::string pretty(const std::string& text) {
    const auto json = JsonView::parse(text);
    if (!json) return json.error().message + "\n" + text;
    std::string out;
    write_pretty(*json, "", out);
    return out + "\n";
}

struct ListVideos {
    struct Input {
        std::optional<std::string> cursor;
        int limit = 24;
        std::optional<std::string> order;
        std::vector<std::string> language;
        bool mine = false;
    };
    struct Output {};
    static EndpointDescription describe() {
        EndpointDescription description;
        description.path = "/api/v2/videos";
        description.summary = "The films, newest first.";
        description.tag = "videos";
        description.answers = {{200, "A page of films.", "VideoPage"}};
        return description;
    }
    static Fields<Input> fields() {
        return {in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
                in_query("limit", &Input::limit, {.min = 1, .max = 100}),
                in_query("order", &Input::order, {.one_of = {"newest", "oldest"}}),
                in_query("language", &Input::language, {.max = 5, .one_of = {"en", "bn"}}),
                in_query("mine", &Input::mine)};
    }
    static void write(JsonWriter& json, const Output&) { json.begin_object().end_object(); }
    Awaitable<Result<Output>> operator()(Input, const RequestContext&) { co_return Output{}; }
};

struct PatchVideo {
    struct Input {
        VideoId id;
        std::string title;
        std::optional<std::string> visibility;
        std::int64_t start_ms = 0;
    };
    using Output = std::monostate;
    static EndpointDescription describe() {
        EndpointDescription description;
        description.method = Method::patch;
        description.path = "/api/v2/videos/{id}";
        description.summary = "Changes a film.";
        description.tag = "videos";
        description.access = Access::user;
        description.rate = RateClass::write;
        description.answers = {{204, "It is changed."}};
        description.errors = {ErrorCode::not_found, ErrorCode::not_media, ErrorCode::damaged};
        return description;
    }
    static Fields<Input> fields() {
        return {in_path("id", &Input::id, {.help = "The film's id."}),
                in_body("title", &Input::title, {.required = true, .min = 1, .max = 220, .help = "Its new title."}),
                in_body("visibility", &Input::visibility, {.one_of = {"public", "private"}}),
                in_body("start_ms", &Input::start_ms, {.min = 0})};
    }
    Awaitable<Result<Output>> operator()(Input, const RequestContext&) { co_return Output{}; }
};

Response v1_shape(const Refusal& refusal, const RequestContext&) { return json_response("{}", refusal.status); }

struct Nothing {
    Awaitable<Response> operator()(Request&) const { co_return no_content(); }
};

EndpointDescription described(Method method, std::string path, std::string summary, std::string tag) {
    return {.method = method, .path = std::move(path), .summary = std::move(summary), .tag = std::move(tag)};
}

Router example_router() {
    Router router;
    router.add(make_endpoint(ListVideos{}));
    router.add(make_endpoint(PatchVideo{}));
    auto login = described(Method::post, "/api/v1/auth/login/", "Logs in.", "accounts");
    login.body = BodyKind::form;
    login.rate = RateClass::login;
    login.parameters = {{"credential", Place::body, ParameterType::text, {.required = true}},
                        {"note", Place::body, ParameterType::text, {.max = 15}}};
    login.answers = {{200, "Tokens.", "Tokens"}, {400, "What is wrong.", "LoginErrors"}};
    login.refusal = &v1_shape;
    login.refusal_schema = "V1Refusal";
    router.add(make_raw_endpoint(std::move(login), Nothing{}));
    auto upload = described(Method::post, "/api/v1/video-upload/", "Takes a film in.", "videos");
    upload.body = BodyKind::stream;
    upload.access = Access::user;
    upload.rate = RateClass::upload;
    upload.parameters = {{"video", Place::body, ParameterType::file, {.required = true, .help = "The film."}},
                         {"title", Place::body, ParameterType::text, {.required = true, .min = 1, .max = 220}},
                         {"duration", Place::body}};
    upload.answers = {{202, "It is taken in.", "Upload"}};
    router.add(make_raw_endpoint(std::move(upload), Nothing{}));
    auto media = described(Method::get, "/media/{access}/{path...}", "A media file.", "media");
    media.rate = RateClass::media;
    media.answers = {{200, "The file.", "", "application/octet-stream"}, {200, "", "Tokens"}};
    router.add(make_raw_endpoint(std::move(media), Nothing{}));
    auto bytes = described(Method::put, "/api/v2/uploads/{id}", "Takes bytes.", "videos");
    bytes.body = BodyKind::stream;
    bytes.access = Access::admin;
    bytes.answers = {{204, "They are stored."}};
    router.add(make_raw_endpoint(std::move(bytes), Nothing{}));
    router.add(make_raw_endpoint(described(Method::get, "/hidden", "Not shown.", ""), Nothing{}));
    return router;
}

ApiDocument example_document() {
    return {.title = "Movio",
            .version = "2.0",
            .description = "Films \"of\" a team.",
            .base_url = "https://films.example",
            .schemas = {{"VideoPage", R"({"type":"object","properties":{"next":{"type":["string","null"]}}})"},
                        {"Tokens", R"({"type":"object"})"},
                        {"LoginErrors", R"({"type":"object"})"},
                        {"V1Refusal", R"({"type":"object","required":["status_code"]})"},
                        {"Upload", R"({"type":"object"})"}}};
}

TEST(OpenApi, Document_of_a_small_api) {
    const auto router = example_router();
    movio::test::expect_golden("api/openapi.json", pretty(openapi_document(example_document(), router.descriptions())));
}

TEST(Postman, Collection_of_a_small_api) {
    const auto router = example_router();
    movio::test::expect_golden("api/postman.json",
                               pretty(postman_collection(example_document(), router.descriptions())));
}

JsonView at(JsonView json, const std::vector<std::string>& path) {
    for (const auto& name : path) {
        const auto found = json.find(name);
        EXPECT_TRUE(found) << name;
        if (!found) break;
        json = *found;
    }
    return json;
}

std::vector<std::string> names_of(const JsonView& object) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < object.size(); ++i) out.emplace_back(object.name_at(i));
    return out;
}

TEST(OpenApi, Says_what_is_refused_by_access_rate_and_body) {
    const auto router = example_router();
    const auto document = JsonView::parse(openapi_document(example_document(), router.descriptions()));
    ASSERT_TRUE(document);
    const auto statuses = [&](const std::string& path, const std::string& method) {
        return names_of(at(*document, {"paths", path, method, "responses"}));
    };
    EXPECT_THAT(statuses("/api/v2/videos", "get"), ElementsAre("200", "400", "401", "403", "414", "429", "431", "503"));
    EXPECT_THAT(statuses("/media/{access}/{path}", "get"), ElementsAre("200", "401", "403", "414", "431", "503"));
    EXPECT_THAT(statuses("/api/v2/videos/{id}", "patch"), IsSupersetOf({"403", "404", "413", "415", "422", "429"}));
    EXPECT_THAT(statuses("/api/v1/video-upload/", "post"), IsSupersetOf({"413", "415", "507"}));
    // What is too large to be read is answered before anybody knows which version was asked.
    EXPECT_THAT(names_of(at(*document, {"paths", "/api/v1/auth/login/", "post", "responses", "431", "content"})),
                ElementsAre("application/problem+json"));
    EXPECT_THAT(names_of(at(*document, {"paths"})),
                ElementsAre("/api/v2/videos", "/api/v2/videos/{id}", "/api/v1/auth/login/", "/api/v1/video-upload/",
                            "/media/{access}/{path}", "/api/v2/uploads/{id}"));
}

// What the description states as a bound is where the code begins to refuse.
TEST(OpenApi, Bounds_of_integers_are_those_of_the_code) {
    const auto endpoint = make_endpoint(PatchVideo{});
    const auto& parameters = endpoint->description().parameters;
    const auto found = std::ranges::find(parameters, "start_ms", &Parameter::name);
    ASSERT_NE(found, parameters.end());
    EXPECT_EQ(found->rules.min, 0);
    EXPECT_EQ(found->rules.max, std::numeric_limits<std::int64_t>::max());
    const auto status = [&](const std::string& number) {
        movio::test::PiecesBody body(R"({"title":"t","start_ms":)" + number + "}");
        Request request;
        request.head.path.add("id", Uuid::make().text());
        request.body = &body;
        return movio::test::run(endpoint->handle(request)).status;
    };
    EXPECT_EQ(status("9223372036854775807"), 204);
    EXPECT_EQ(status("9223372036854775808"), 400);
    EXPECT_EQ(status("0"), 204);
    EXPECT_EQ(status("-1"), 400);
    const auto list = make_endpoint(ListVideos{});
    EXPECT_EQ(list->description().parameters[1].rules.max, 100);
    struct Wide {
        int number = 0;
    };
    EXPECT_EQ(in_query("number", &Wide::number).parameter.rules.max, std::numeric_limits<int>::max());
}

}  // namespace
}  // namespace movio::http::test
