#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/endpoint.hpp"
#include "http/rates.hpp"

namespace movio::http {

// The one order in which a request is examined, cheapest and most certain refusals first, all before its body.
enum class GateOrder { head_limits, address, token, rate, content_type, announced_length, disk };

// One reason to turn a request away, decided from its head alone. Called on any I/O thread, many at a time.
class Gate {
public:
    virtual ~Gate() = default;
    virtual GateOrder order() const = 0;
    // The refusal, or nullopt to let it pass. What a gate learns goes into the context.
    virtual Awaitable<std::optional<Response>> check(const RequestHead& head, const EndpointDescription& endpoint,
                                                     RequestContext& context) = 0;
};

// Whom an address counts as: itself, an IPv6 address as its /64, one that holds an IPv4 address as that.
std::string network_of(const std::string& address);

// The gates an app has chosen, in GateOrder whatever order they are given in.
class Gates {
public:
    Gates() = default;
    explicit Gates(std::vector<std::unique_ptr<Gate>> gates);
    Awaitable<std::optional<Response>> check(const RequestHead& head, const EndpointDescription& endpoint,
                                             RequestContext& context) const;

private:
    std::vector<std::unique_ptr<Gate>> gates_;
};

// At most `fields_max` header fields (431) and a target of at most `target_bytes_max` (414).
std::unique_ptr<Gate> head_limits_gate(std::size_t fields_max = 100, std::size_t target_bytes_max = 8192);
// Takes one from the budget of the endpoint's rate class (429). Answers of v2 say what is left.
std::unique_ptr<Gate> rate_gate(TakeRate take);
// A body for a JSON endpoint must be application/json, one for a form one of the three that read_form takes (415).
std::unique_ptr<Gate> content_type_gate();
// An announced body must not be longer than the endpoint takes (413).
std::unique_ptr<Gate> announced_length_gate();
// For streamed bodies: `free_bytes` must hold the announced body and `reserve_bytes` on top (507). `free_bytes` must
// not block.
std::unique_ptr<Gate> disk_gate(std::function<std::int64_t()> free_bytes, std::int64_t reserve_bytes);

}  // namespace movio::http
