#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/endpoint.hpp"

namespace movio::http {

// Finds the endpoint for a method and path. A template's parts are text, `{name}` (one part) or a last `{name...}` (all
// the rest, joined by '/'); text wins over a name, a name over the rest. A template that ends in '/' takes the path
// without it as well. Filled before the server starts, then only read, by any thread.
class Router {
public:
    struct Found {
        Endpoint* endpoint;
        Parameters path;
    };
    struct NotFound {};
    // The path is known, the method is not. `endpoints` are those of the path.
    struct OtherMethods {
        std::vector<const Endpoint*> endpoints;
        std::string allow;  // the value of `Allow` (RFC 9110 §10.2.1)
    };

    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // Two endpoints of one method and path are a bug and throw Failure.
    void add(std::unique_ptr<Endpoint> endpoint);
    // HEAD finds the endpoint of GET.
    std::variant<Found, NotFound, OtherMethods> find(Method method, const std::vector<std::string>& segments) const;
    // Everything there is at this path, for a browser's preflight; no endpoints where the path is unknown.
    OtherMethods methods_at(const std::vector<std::string>& segments) const;
    // In the order they were added.
    std::vector<const EndpointDescription*> descriptions() const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

}  // namespace movio::http
