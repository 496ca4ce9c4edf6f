#include "http/gates.hpp"

#include <algorithm>

namespace movio::http {
namespace {

using Refusal = std::optional<Response>;

Refusal refuse(ErrorCode code, std::string message, const RequestContext& context) {
    return problem_response({code, std::move(message), {}}, context.request_id);
}

class HeadLimitsGate final : public Gate {
public:
    HeadLimitsGate(std::size_t fields_max, std::size_t target_bytes_max)
        : fields_max_(fields_max), target_bytes_max_(target_bytes_max) {}
    GateOrder order() const override { return GateOrder::head_limits; }
    Awaitable<Refusal> check(const RequestHead& head, const EndpointDescription&, RequestContext& context) override {
        if (head.headers.size() > fields_max_)
            co_return refuse(ErrorCode::headers_too_large,
                             "The request has more than " + std::to_string(fields_max_) + " header fields.", context);
        if (head.target.size() > target_bytes_max_)
            co_return refuse(ErrorCode::uri_too_long,
                             "The address is longer than " + std::to_string(target_bytes_max_) + " bytes.", context);
        co_return std::nullopt;
    }

private:
    std::size_t fields_max_;
    std::size_t target_bytes_max_;
};

class ContentTypeGate final : public Gate {
public:
    GateOrder order() const override { return GateOrder::content_type; }
    Awaitable<Refusal> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (endpoint.body != BodyKind::json || !head.has_body() || head.content_type() == "application/json")
            co_return std::nullopt;
        co_return refuse(ErrorCode::unsupported_type, "Send the body as application/json.", context);
    }
};

class AnnouncedLengthGate final : public Gate {
public:
    GateOrder order() const override { return GateOrder::announced_length; }
    Awaitable<Refusal> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (head.content_length.value_or(0) <= endpoint.body_bytes_max) co_return std::nullopt;
        co_return refuse(ErrorCode::too_large,
                         endpoint.body == BodyKind::none
                             ? std::string("This request takes no body.")
                             : "The body has " + std::to_string(*head.content_length) + " bytes; at most " +
                                   std::to_string(endpoint.body_bytes_max) + " are taken.",
                         context);
    }
};

class DiskGate final : public Gate {
public:
    DiskGate(std::function<std::int64_t()> free_bytes, std::int64_t reserve_bytes)
        : free_bytes_(std::move(free_bytes)), reserve_bytes_(reserve_bytes) {}
    GateOrder order() const override { return GateOrder::disk; }
    Awaitable<Refusal> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (endpoint.body != BodyKind::stream || !head.has_body()) co_return std::nullopt;
        if (free_bytes_() - reserve_bytes_ >= head.content_length.value_or(0)) co_return std::nullopt;
        co_return refuse(ErrorCode::no_space, "There is no room for this upload now. Try again later.", context);
    }

private:
    std::function<std::int64_t()> free_bytes_;
    std::int64_t reserve_bytes_;
};

}  // namespace

Gates::Gates(std::vector<std::unique_ptr<Gate>> gates) : gates_(std::move(gates)) {
    std::ranges::sort(gates_, {}, [](const std::unique_ptr<Gate>& gate) { return gate->order(); });
}

Awaitable<std::optional<Response>> Gates::check(const RequestHead& head, const EndpointDescription& endpoint,
                                                RequestContext& context) const {
    for (const auto& gate : gates_) {
        auto refusal = co_await gate->check(head, endpoint, context);
        if (refusal) co_return refusal;
    }
    co_return std::nullopt;
}

std::unique_ptr<Gate> head_limits_gate(std::size_t fields_max, std::size_t target_bytes_max) {
    return std::make_unique<HeadLimitsGate>(fields_max, target_bytes_max);
}
std::unique_ptr<Gate> content_type_gate() { return std::make_unique<ContentTypeGate>(); }
std::unique_ptr<Gate> announced_length_gate() { return std::make_unique<AnnouncedLengthGate>(); }
std::unique_ptr<Gate> disk_gate(std::function<std::int64_t()> free_bytes, std::int64_t reserve_bytes) {
    return std::make_unique<DiskGate>(std::move(free_bytes), reserve_bytes);
}

}  // namespace movio::http
