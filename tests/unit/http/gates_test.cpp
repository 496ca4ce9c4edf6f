#include "http/gates.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutines.hpp"

namespace movio::http {
namespace {

// Notes that it was asked, and refuses if told so.
class Recorder final : public Gate {
public:
    Recorder(GateOrder order, std::vector<GateOrder>& asked, bool refuses)
        : order_(order), asked_(asked), refuses_(refuses) {}
    GateOrder order() const override { return order_; }
    Awaitable<std::optional<Response>> check(const RequestHead&, const EndpointDescription&,
                                             RequestContext& context) override {
        asked_.push_back(order_);
        if (!refuses_) co_return std::nullopt;
        co_return problem_response({ErrorCode::forbidden, {}, {}}, context.request_id);
    }

private:
    GateOrder order_;
    std::vector<GateOrder>& asked_;
    bool refuses_;
};

int check(Gates gates, const RequestHead& head, const EndpointDescription& endpoint = {}) {
    RequestContext context;
    const auto refusal = movio::test::run(gates.check(head, endpoint, context));
    return refusal ? refusal->status : 0;
}

int check(std::unique_ptr<Gate> gate, const RequestHead& head, const EndpointDescription& endpoint = {}) {
    std::vector<std::unique_ptr<Gate>> gates;
    gates.push_back(std::move(gate));
    return check(Gates(std::move(gates)), head, endpoint);
}

TEST(Gates, Are_asked_in_the_declared_order_up_to_the_first_refusal) {
    std::vector<GateOrder> asked;
    std::vector<std::unique_ptr<Gate>> gates;
    for (const auto order :
         {GateOrder::disk, GateOrder::rate, GateOrder::head_limits, GateOrder::token, GateOrder::address})
        gates.push_back(std::make_unique<Recorder>(order, asked, order == GateOrder::rate));
    EXPECT_EQ(check(Gates(std::move(gates)), {}), 403);
    EXPECT_EQ(asked, (std::vector{GateOrder::head_limits, GateOrder::address, GateOrder::token, GateOrder::rate}));
}

TEST(Gates, Head_limits) {
    RequestHead head;
    for (int i = 0; i < 10; ++i) head.headers.add("x", "y");
    head.target = "/0123456789";
    EXPECT_EQ(check(head_limits_gate(10, 11), head), 0);
    EXPECT_EQ(check(head_limits_gate(9, 11), head), 431);
    EXPECT_EQ(check(head_limits_gate(10, 10), head), 414);
}

TEST(Gates, Content_type_counts_for_json_bodies_only) {
    EndpointDescription json;
    json.body = BodyKind::json;
    EndpointDescription stream;
    stream.body = BodyKind::stream;
    RequestHead head;
    EXPECT_EQ(check(content_type_gate(), head, json), 0);
    head.chunked = true;
    EXPECT_EQ(check(content_type_gate(), head, json), 415);
    EXPECT_EQ(check(content_type_gate(), head, stream), 0);
    head.headers.set("Content-Type", "application/json ; charset=utf-8");
    EXPECT_EQ(check(content_type_gate(), head, json), 0);
}

TEST(Gates, Announced_length) {
    EndpointDescription endpoint;
    endpoint.body = BodyKind::stream;
    endpoint.body_bytes_max = 100;
    RequestHead head;
    EXPECT_EQ(check(announced_length_gate(), head, endpoint), 0);
    head.content_length = 100;
    EXPECT_EQ(check(announced_length_gate(), head, endpoint), 0);
    head.content_length = 101;
    EXPECT_EQ(check(announced_length_gate(), head, endpoint), 413);
    head.content_length = 1;
    EXPECT_EQ(check(announced_length_gate(), head, {}), 413);
}

TEST(Gates, Disk_must_hold_the_body_and_the_reserve) {
    EndpointDescription endpoint;
    endpoint.body = BodyKind::stream;
    RequestHead head;
    head.content_length = 60;
    EXPECT_EQ(check(disk_gate([] { return 100; }, 40), head, endpoint), 0);
    EXPECT_EQ(check(disk_gate([] { return 99; }, 40), head, endpoint), 507);
    head.content_length.reset();
    EXPECT_EQ(check(disk_gate([] { return 0; }, 40), head, endpoint), 0);
    head.chunked = true;
    EXPECT_EQ(check(disk_gate([] { return 39; }, 40), head, endpoint), 507);
}

TEST(Gates, Content_type_of_a_form) {
    EndpointDescription form;
    form.body = BodyKind::form;
    RequestHead head;
    EXPECT_EQ(check(content_type_gate(), head, form), 0);
    head.content_length = 1;
    EXPECT_EQ(check(content_type_gate(), head, form), 415);
    for (const auto* type :
         {"application/json", "application/x-www-form-urlencoded; charset=utf-8", "Multipart/Form-Data; boundary=a"}) {
        head.headers.set("Content-Type", type);
        EXPECT_EQ(check(content_type_gate(), head, form), 0) << type;
    }
}

// A budget of `burst` for each key, and what was asked of it.
struct Budgets {
    std::map<std::string, int> taken;
    int burst = 1;
    std::chrono::microseconds wait{1};
    int quota = 10;
    std::vector<std::string> roles = {};

    TakeRate take() {
        return [this](std::string key, RateClass, std::string_view role) {
            roles.emplace_back(role);
            return count(std::move(key));
        };
    }
    Awaitable<RateTaken> count(std::string key) {
        const bool there = ++taken[key] <= burst;
        co_return RateTaken{there ? std::chrono::microseconds(0) : wait, quota, std::chrono::seconds(60),
                            there ? burst - taken[key] : 0, wait};
    }
};

TEST(Gates, Rate_counts_each_class_and_caller_apart) {
    Budgets budgets;
    const auto gate = rate_gate(budgets.take());
    const auto asks = [&](RateClass rate, std::string address, std::optional<Caller> caller = {}) {
        EndpointDescription endpoint;
        endpoint.rate = rate;
        RequestContext context;
        context.remote_address = std::move(address);
        context.caller = caller;
        return movio::test::run(gate->check({}, endpoint, context)).has_value();
    };
    EXPECT_FALSE(asks(RateClass::login, "192.0.2.1"));
    EXPECT_TRUE(asks(RateClass::login, "192.0.2.1"));
    EXPECT_TRUE(asks(RateClass::login, "::ffff:192.0.2.1"));
    EXPECT_FALSE(asks(RateClass::login, "192.0.2.2"));
    EXPECT_FALSE(asks(RateClass::read, "192.0.2.1"));
    EXPECT_FALSE(asks(RateClass::read, "2001:db8:1:2::3"));
    EXPECT_TRUE(asks(RateClass::read, "2001:db8:1:2:ffff:0:0:1"));
    EXPECT_FALSE(asks(RateClass::read, "2001:db8:1:3::3"));
    const Caller ann{UserId::make()};
    EXPECT_FALSE(asks(RateClass::read, "192.0.2.1", ann));
    EXPECT_TRUE(asks(RateClass::read, "198.51.100.7", ann));
    EXPECT_FALSE(asks(RateClass::read, "192.0.2.1", Caller{UserId::make()}));
    EXPECT_FALSE(asks(RateClass::read, ""));
    EXPECT_FALSE(asks(RateClass::read, std::string(10'000, 'x')));
    for (const auto& [key, count] : budgets.taken) EXPECT_LT(key.size(), 100U);
    EXPECT_TRUE(budgets.taken.contains("read/net/2001:db8:1:2::/64"));
}

TEST(Gates, Rate_goes_by_token_before_user_and_by_role) {
    Budgets budgets;
    const auto gate = rate_gate(budgets.take());
    const auto asks = [&](RateClass rate, const Caller& caller) {
        RequestContext context;
        context.remote_address = "192.0.2.1";
        context.caller = caller;
        return movio::test::run(gate->check({}, {.rate = rate}, context)).has_value();
    };
    Caller ann{UserId::make()};
    ann.role = "moderator";
    auto program = ann;
    program.program = true;
    program.token = "one";
    EXPECT_FALSE(asks(RateClass::search, ann));
    EXPECT_FALSE(asks(RateClass::search, program));
    EXPECT_TRUE(asks(RateClass::search, program));
    program.token = "two";
    EXPECT_FALSE(asks(RateClass::search, program));
    EXPECT_TRUE(asks(RateClass::search, ann));
    EXPECT_THAT(budgets.roles, ::testing::Each("moderator"));
    EXPECT_FALSE(asks(RateClass::login, ann));
    EXPECT_TRUE(asks(RateClass::login, program)) << "log-ins share the budget of their address";
    EXPECT_EQ(budgets.roles.back(), "stranger");
    EXPECT_TRUE(budgets.taken.contains("login/net/192.0.2.1"));
}

TEST(Gates, Files_have_no_rate) {
    Budgets budgets{.taken = {}, .burst = 0};
    RequestContext context;
    EXPECT_FALSE(movio::test::run(rate_gate(budgets.take())->check({}, {.rate = RateClass::media}, context)));
    EXPECT_TRUE(budgets.taken.empty());
}

TEST(Gates, Answers_of_v2_tell_what_is_left) {
    Budgets budgets{.taken = {}, .burst = 3, .wait = std::chrono::milliseconds(5001)};
    const auto gate = rate_gate(budgets.take());
    const auto told = [&](std::string path) {
        RequestContext context;
        EXPECT_FALSE(movio::test::run(gate->check({}, {.path = std::move(path), .rate = RateClass::search}, context)));
        return context.answer_headers;
    };
    auto headers = told("/api/v2/search");
    EXPECT_EQ(headers.find("ratelimit-policy"), R"("search";q=10;w=60)");
    EXPECT_EQ(headers.find("ratelimit"), R"("search";r=2;t=6)");
    EXPECT_FALSE(told("/api/v1/app/search/").has("ratelimit"));
    budgets.quota = 0;
    EXPECT_FALSE(told("/api/v2/search").has("ratelimit")) << "there is no limit to tell of";
}

TEST(Gates, Rate_says_when_to_come_back) {
    Budgets budgets{.taken = {}, .burst = 0};
    const auto gate = rate_gate(budgets.take());
    const auto refusal = [&](std::chrono::microseconds wait) {
        budgets.wait = wait;
        RequestContext context;
        auto response = movio::test::run(gate->check({}, {.rate = RateClass::login}, context));
        return response.value_or(Response{});
    };
    const auto soon = refusal(std::chrono::microseconds(1));
    EXPECT_EQ(soon.status, 429);
    EXPECT_EQ(soon.headers.find("retry-after"), "1");
    EXPECT_EQ(soon.headers.find("ratelimit-policy"), R"("login";q=10;w=60)");
    EXPECT_EQ(soon.headers.find("ratelimit"), R"("login";r=0;t=1)");
    EXPECT_EQ(soon.headers.find("cache-control"), "no-store");
    EXPECT_NE(std::get<std::string>(soon.body).find("Try again in 1 second."), std::string::npos);
    EXPECT_EQ(refusal(std::chrono::milliseconds(2001)).headers.find("retry-after"), "3");
}

Response loud_shape(const Refusal& refusal, const RequestContext&) {
    return text_response(refusal.status, "text/plain", "NO: " + refusal.error.message);
}

TEST(Gates, Refuse_in_the_shape_of_the_endpoint) {
    EndpointDescription endpoint;
    endpoint.body = BodyKind::json;
    endpoint.refusal = &loud_shape;
    RequestContext context;
    RequestHead head;
    head.content_length = 10;
    const auto refusal = movio::test::run(announced_length_gate()->check(head, endpoint, context));
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 413);
    EXPECT_EQ(std::get<std::string>(refusal->body), "NO: The body has 10 bytes; at most 0 are taken.");
    EXPECT_EQ(refusal->headers.find("cache-control"), "no-store");
    EXPECT_EQ(movio::test::run(content_type_gate()->check(head, endpoint, context))->headers.find("content-type"),
              "text/plain");
}

TEST(Refuse, Header_fields_belong_to_every_shape) {
    EndpointDescription endpoint;
    endpoint.refusal = &loud_shape;
    const auto of = [&](ErrorCode code, std::int64_t retry_after_s = 0) {
        return refuse(endpoint, Refusal{.error = {code, {}, {}}, .retry_after_s = retry_after_s}, {});
    };
    EXPECT_EQ(of(ErrorCode::unauthorized).headers.find("www-authenticate"), "Bearer");
    EXPECT_EQ(of(ErrorCode::unavailable).headers.find("retry-after"), "2");
    EXPECT_EQ(of(ErrorCode::unavailable, 7).headers.find("retry-after"), "7");
    EXPECT_EQ(of(ErrorCode::no_space).headers.find("retry-after"), "60");
    EXPECT_FALSE(of(ErrorCode::not_found).headers.has("retry-after"));
    EXPECT_EQ(std::get<std::string>(of(ErrorCode::not_found).body), "NO: Not found");
}

}  // namespace
}  // namespace movio::http
