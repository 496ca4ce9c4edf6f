#include "http/gates.hpp"

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

}  // namespace
}  // namespace movio::http
