#include "http/router.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"

namespace movio::http {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;   // `{name}`
    std::unique_ptr<Node> rest;  // `{name...}`
    std::vector<Endpoint*> endpoints;

    // Several methods share a path and each may name its parts in its own way, so names come from the endpoint found.
    // The most specific node that holds an endpoint for these segments.
    const Node* find(const std::vector<std::string>& segments, std::size_t depth) const {
        if (depth == segments.size()) return endpoints.empty() ? nullptr : this;
        if (const auto literal = literals.find(segments[depth]); literal != literals.end())
            if (const auto* found = literal->second->find(segments, depth + 1)) return found;
        if (any && !segments[depth].empty())
            if (const auto* found = any->find(segments, depth + 1)) return found;
        return rest.get();
    }
};

namespace {

std::vector<std::string> parts_of(std::string_view path) {
    if (!path.starts_with('/')) throw Failure("the route '" + std::string(path) + "' must begin with '/'");
    std::vector<std::string> parts;
    for (;;) {
        path.remove_prefix(1);
        const auto slash = path.find('/');
        parts.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return parts;
        path.remove_prefix(slash);
    }
}

bool is_name(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }
bool is_rest(std::string_view part) { return is_name(part) && part.ends_with("...}"); }

Parameters bind_path(const std::string& path, const std::vector<std::string>& segments) {
    Parameters out;
    const auto parts = parts_of(path);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (is_rest(parts[i])) {
            std::string rest;
            for (std::size_t k = i; k < segments.size(); ++k) rest += (k > i ? "/" : "") + segments[k];
            out.add(parts[i].substr(1, parts[i].size() - 5), std::move(rest));
        } else if (is_name(parts[i])) {
            out.add(parts[i].substr(1, parts[i].size() - 2), segments[i]);
        }
    }
    return out;
}

std::string allow_of(const std::vector<const Endpoint*>& endpoints) {
    std::vector<Method> methods{Method::options};
    for (const auto* endpoint : endpoints) {
        methods.push_back(endpoint->description().method);
        if (endpoint->description().method == Method::get) methods.push_back(Method::head);
    }
    std::ranges::sort(methods);
    const auto repeated = std::ranges::unique(methods);
    methods.erase(repeated.begin(), repeated.end());
    std::string out;
    for (const auto method : methods) out += (out.empty() ? "" : ", ") + std::string(to_text(method));
    return out;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::unique_ptr<Endpoint> endpoint) {
    const auto& description = endpoint->description();
    const auto parts = parts_of(description.path);
    std::vector<Node*> nodes;  // that answer for this endpoint
    auto* node = root_.get();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && i + 1 == parts.size() && parts[i].empty()) nodes.push_back(node);
        auto& next = is_rest(parts[i]) ? node->rest : is_name(parts[i]) ? node->any : node->literals[parts[i]];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    nodes.push_back(node);
    for (const auto* one : nodes)
        for (const auto* other : one->endpoints)
            if (other->description().method == description.method)
                throw Failure("two endpoints for " + std::string(to_text(description.method)) + " " + description.path);
    for (auto* one : nodes) one->endpoints.push_back(endpoint.get());
    endpoints_.push_back(std::move(endpoint));
}

std::variant<Router::Found, Router::NotFound, Router::OtherMethods> Router::find(
    Method method, const std::vector<std::string>& segments) const {
    const auto* node = root_->find(segments, 0);
    if (node == nullptr) return NotFound{};
    const auto of_method = [node](Method wanted) -> Endpoint* {
        for (auto* endpoint : node->endpoints)
            if (endpoint->description().method == wanted) return endpoint;
        return nullptr;
    };
    auto* found = of_method(method);
    if (found == nullptr && method == Method::head) found = of_method(Method::get);
    if (found != nullptr) return Found{found, bind_path(found->description().path, segments)};
    return methods_at(segments);
}

Router::OtherMethods Router::methods_at(const std::vector<std::string>& segments) const {
    OtherMethods all;
    if (const auto* node = root_->find(segments, 0))
        all.endpoints.assign(node->endpoints.begin(), node->endpoints.end());
    all.allow = allow_of(all.endpoints);
    return all;
}

std::vector<const EndpointDescription*> Router::descriptions() const {
    std::vector<const EndpointDescription*> out;
    out.reserve(endpoints_.size());
    for (const auto& endpoint : endpoints_) out.push_back(&endpoint->description());
    return out;
}

}  // namespace movio::http
