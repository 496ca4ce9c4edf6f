#include "catalog/endpoints/kept_answers.hpp"

#include <gtest/gtest.h>

#include "support/pieces_body.hpp"
#include "support/sqlite_service.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;

// Counts what it did; does as it is told.
class Counting final : public http::Endpoint {
public:
    Counting() : Endpoint(described()) {}
    Awaitable<http::Response> handle(http::Request& request) override {
        const auto body = co_await http::read_all(*request.body, 1000);
        ++done;
        if (throws) throw Failure("an outage");
        auto response = http::json_response("{\"n\":" + std::to_string(done) + ",\"body\":\"" + *body + "\"}", status);
        response.headers.set("Location", "/there");
        co_return response;
    }

    int done = 0;
    int status = 201;
    bool throws = false;

private:
    static http::EndpointDescription described() {
        return {.method = http::Method::post,
                .path = "/api/v2/things",
                .body = http::BodyKind::json,
                .body_bytes_max = 1000,
                .access = http::Access::user};
    }
};

class KeptAnswersTest : public ::testing::Test {
protected:
    struct Asked {
        UserId user;
        std::string key = "\"k\"";
        std::string body = "a";
        std::string target = "/api/v2/things";
    };
    http::Response ask(const Asked& asked) { return ask(asked, answers); }
    http::Response ask(const Asked& asked, KeptAnswers& kept) {
        http::Request request;
        request.head.method = http::Method::post;
        request.head.target = asked.target;
        if (!asked.key.empty()) request.head.headers.add("Idempotency-Key", asked.key);
        request.context.caller = http::Caller{asked.user};
        test::PiecesBody body(asked.body, 1);
        request.body = &body;
        return service.loop.run(http::answer_once(&kept, endpoint, request));
    }
    static std::string text(const http::Response& response) { return std::get<std::string>(response.body); }
    std::int64_t rows() {
        return service.read([](SqlSession& session) {
            return session.run("SELECT COUNT(*) FROM idempotency_keys").rows[0].integer(0);
        });
    }

    const UserId ann = UserId::make();
    test::SqliteService service{"catalog"};
    KeptAnswers answers{service.database};
    Counting endpoint;
};

TEST_F(KeptAnswersTest, The_same_request_again_is_done_once_and_gets_the_same_answer) {
    const auto first = ask({ann});
    const auto second = ask({ann});
    EXPECT_EQ(endpoint.done, 1);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(text(second), text(first));
    EXPECT_EQ(text(second), R"({"n":1,"body":"a"})") << "the endpoint reads the body as it was sent";
    EXPECT_EQ(second.headers.find("location"), "/there");
    EXPECT_EQ(ask({ann, "k"}).status, 201) << "the bare text is the same key";
    EXPECT_EQ(endpoint.done, 1);
}

TEST_F(KeptAnswersTest, Another_request_with_the_key_is_422_and_does_nothing) {
    ask({ann});
    EXPECT_EQ(ask({.user = ann, .body = "b"}).status, 422);
    EXPECT_EQ(ask({.user = ann, .target = "/api/v2/things/"}).status, 422);
    EXPECT_EQ(endpoint.done, 1);
    EXPECT_EQ(ask({ann, "other"}).status, 201);
    EXPECT_EQ(ask({UserId::make()}).status, 201) << "keys are of one user";
    EXPECT_EQ(ask({ann, ""}).status, 201);
    EXPECT_EQ(endpoint.done, 4);
    EXPECT_EQ(ask({ann, "\"\""}).status, 400);
    EXPECT_EQ(ask({.user = ann, .key = "long", .body = std::string(1001, 'x')}).status, 413);
}

TEST_F(KeptAnswersTest, As_long_as_there_is_no_answer_it_is_409) {
    const auto begin = [this](const std::string& request) {
        return service.loop.run(answers.begin(ann, "k", request)).state;
    };
    EXPECT_EQ(begin("one"), KeptAnswers::State::fresh);
    EXPECT_EQ(begin("one"), KeptAnswers::State::under_way);
    EXPECT_EQ(begin("two"), KeptAnswers::State::other_request);
    service.loop.run(answers.end(ann, "k", nullptr));
    EXPECT_EQ(begin("two"), KeptAnswers::State::fresh);
    EXPECT_EQ(ask({ann}).status, 422) << "another one is under way";
}

TEST_F(KeptAnswersTest, What_time_heals_is_done_again) {
    for (const int status : {429, 500, 503}) {
        endpoint.status = status;
        EXPECT_EQ(ask({ann}).status, status);
    }
    endpoint.throws = true;
    EXPECT_THROW(ask({ann}), Failure);
    EXPECT_EQ(rows(), 0);
    endpoint.throws = false;
    endpoint.status = 404;
    ask({ann});
    endpoint.status = 201;
    EXPECT_EQ(ask({ann}).status, 404) << "that is an answer";
    EXPECT_EQ(endpoint.done, 5);
}

TEST_F(KeptAnswersTest, After_a_restart_it_is_not_done_again_and_the_answer_is_gone) {
    ask({ann});
    KeptAnswers restarted(service.database);
    EXPECT_EQ(ask({ann}, restarted).status, 409);
    EXPECT_EQ(ask({.user = ann, .body = "b"}, restarted).status, 422);
    EXPECT_EQ(ask({ann, "new"}, restarted).status, 201);
    EXPECT_EQ(endpoint.done, 2);
}

TEST_F(KeptAnswersTest, After_a_day_the_key_is_free) {
    ask({ann});
    service.write([](SqlSession& session) {
        session.run("UPDATE idempotency_keys SET created_us = created_us - $1", {sql(kDayUs)});
    });
    KeptAnswers restarted(service.database);
    EXPECT_EQ(ask({.user = ann, .body = "b"}, restarted).status, 201);
    EXPECT_EQ(rows(), 1);
    service.write([](SqlSession& session) {
        session.run("UPDATE idempotency_keys SET created_us = created_us - $1", {sql(kDayUs)});
    });
    service.loop.run(restarted.clean_up());
    EXPECT_EQ(rows(), 0);
}

TEST_F(KeptAnswersTest, Keys_and_answers_are_bounded) {
    KeptAnswers small(service.database, {.bytes_max = 2000, .answer_bytes_max = 900, .keys_per_user = 3});
    for (const auto* key : {"1", "2", "3", "4", "5"}) EXPECT_EQ(ask({ann, key}, small).status, 201);
    EXPECT_EQ(rows(), 3);
    EXPECT_EQ(ask({ann, "5"}, small).status, 201);
    EXPECT_EQ(endpoint.done, 5);
    EXPECT_EQ(ask({.user = ann, .key = "long", .body = std::string(900, 'x')}, small).status, 201);
    EXPECT_EQ(ask({.user = ann, .key = "long", .body = std::string(900, 'x')}, small).status, 409)
        << "too long to be kept, and not done again";
    EXPECT_EQ(endpoint.done, 6);
}

}  // namespace
}  // namespace movio::catalog
