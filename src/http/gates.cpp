#include "http/gates.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace movio::http {
namespace {

using Verdict = std::optional<Response>;

// The lowest unit that a provider hands to one customer (RFC 6177 §2): whoever has it has all its addresses.
constexpr std::size_t kNetworkBytes = 8;
// Of an address that a trusted proxy wrote in a way of its own.
constexpr std::size_t kAddressTextMax = 64;
constexpr std::string_view kVersion2 = "/api/v2/";

Verdict refuse(const EndpointDescription& endpoint, ErrorCode code, std::string message,
               const RequestContext& context) {
    return http::refuse(endpoint, Error{code, std::move(message), {}}, context);
}

class HeadLimitsGate final : public Gate {
public:
    HeadLimitsGate(std::size_t fields_max, std::size_t target_bytes_max)
        : fields_max_(fields_max), target_bytes_max_(target_bytes_max) {}
    GateOrder order() const override { return GateOrder::head_limits; }
    Awaitable<Verdict> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (head.headers.size() > fields_max_)
            co_return refuse(endpoint, ErrorCode::headers_too_large,
                             "The request has more than " + std::to_string(fields_max_) + " header fields.", context);
        if (head.target.size() > target_bytes_max_)
            co_return refuse(endpoint, ErrorCode::uri_too_long,
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
    Awaitable<Verdict> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (!head.has_body()) co_return std::nullopt;
        const auto type = head.content_type();
        if (endpoint.body == BodyKind::form && !is_form_type(type))
            co_return http::refuse(endpoint, unsupported_form_type(head), context);
        if (endpoint.body != BodyKind::json || type == "application/json") co_return std::nullopt;
        co_return refuse(endpoint, ErrorCode::unsupported_type, "Send the body as application/json.", context);
    }
};

class AnnouncedLengthGate final : public Gate {
public:
    GateOrder order() const override { return GateOrder::announced_length; }
    Awaitable<Verdict> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (head.content_length.value_or(0) <= endpoint.body_bytes_max) co_return std::nullopt;
        co_return refuse(endpoint, ErrorCode::too_large,
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
    Awaitable<Verdict> check(const RequestHead& head, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (endpoint.body != BodyKind::stream || !head.has_body()) co_return std::nullopt;
        if (free_bytes_() - reserve_bytes_ >= head.content_length.value_or(0)) co_return std::nullopt;
        co_return refuse(endpoint, ErrorCode::no_space, "There is no room for this upload now. Try again later.",
                         context);
    }

private:
    std::function<std::int64_t()> free_bytes_;
    std::int64_t reserve_bytes_;
};

class RateGate final : public Gate {
public:
    explicit RateGate(TakeRate take) : take_(std::move(take)) {}
    GateOrder order() const override { return GateOrder::rate; }
    Awaitable<Verdict> check(const RequestHead&, const EndpointDescription& endpoint,
                             RequestContext& context) override {
        if (endpoint.rate == RateClass::media) co_return std::nullopt;
        const auto taken = co_await take_rate(take_, endpoint.rate, context);
        if (taken.wait > std::chrono::microseconds::zero())
            co_return rate_refusal(endpoint, endpoint.rate, taken, context);
        if (endpoint.path.starts_with(kVersion2)) tell_rate(context.answer_headers, endpoint.rate, taken);
        co_return std::nullopt;
    }

private:
    TakeRate take_;
};

}  // namespace

std::string network_of(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error) return address.substr(0, kAddressTextMax);
    if (parsed.is_v4()) return address;
    const auto v6 = parsed.to_v6();
    if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + kNetworkBytes, bytes.end(), std::uint8_t{0});
    return asio::ip::address_v6(bytes).to_string() + "/64";
}

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
std::unique_ptr<Gate> rate_gate(TakeRate take) { return std::make_unique<RateGate>(std::move(take)); }
std::unique_ptr<Gate> content_type_gate() { return std::make_unique<ContentTypeGate>(); }
std::unique_ptr<Gate> announced_length_gate() { return std::make_unique<AnnouncedLengthGate>(); }
std::unique_ptr<Gate> disk_gate(std::function<std::int64_t()> free_bytes, std::int64_t reserve_bytes) {
    return std::make_unique<DiskGate>(std::move(free_bytes), reserve_bytes);
}

}  // namespace movio::http
