#include "accounts/endpoints/proxy_log_in.hpp"

#include "accounts/email_address.hpp"
#include "accounts/endpoints/account_endpoint.hpp"
#include "accounts/endpoints/outside.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace movio::accounts {
namespace {

// What the page is told where the proxy names nobody.
constexpr std::string_view kNobody = "no-proxy-user";

// The value of a field that stands there once; of two nobody knows which one is the proxy's.
std::string only(const http::Headers& headers, const std::string& name) {
    if (name.empty() || headers.count(name) != 1) return {};
    return std::string(strip(*headers.find(name)));
}

std::optional<OutsidePerson> named(const http::Headers& headers, const ProxyHeaders& names) {
    OutsidePerson person;
    person.by = BegunBy::proxy;
    person.issuer = kProxyIssuer;
    person.email = only(headers, names.user);
    if (!is_email_address(person.email)) return std::nullopt;
    person.subject = email_key(person.email);
    person.email_verified = true;
    split_name(only(headers, names.name), person);
    if (!names.groups.empty()) person.groups = split_groups(only(headers, names.groups));
    return person;
}

class ProxyLogIn final : public http::Endpoint {
public:
    ProxyLogIn(OutsideLogIns& people, ProxyHeaders headers)
        : Endpoint(describe()), people_(people), headers_(std::move(headers)) {}

    Awaitable<http::Response> handle(http::Request& request) override {
        if (headers_.user.empty())
            co_return http::refuse(description(), Error{ErrorCode::not_found, "No proxy logs people in here.", {}},
                                   request.context);
        const auto next = next_of(request);
        auto person = named(request.head.headers, headers_);
        if (!person) {
            log_warn("somebody came to be logged in by a proxy, and none that is trusted named them",
                     {{"request_id", request.context.request_id}});
            co_return not_entered_response(kNobody, next);
        }
        const auto in = co_await people_.log_in(std::move(*person), wish_of(request, SessionKind::page));
        if (!in) co_return not_entered_response(to_text(in.error()), next);
        co_return entered_response(*in, next, request.context.scheme);
    }

private:
    static http::EndpointDescription describe() {
        auto description = outside_description(std::string(kProxyLogInPath),
                                               "Logs in whom a trusted proxy in front names in a header.");
        description.parameters = {next_parameter()};
        description.answers = {{303, "On to the page, with the session's cookie; or to /login, which says why.", ""}};
        return description;
    }

    OutsideLogIns& people_;
    ProxyHeaders headers_;
};

}  // namespace

std::vector<std::string> split_groups(std::string_view text) {
    const char separator = text.contains(';') ? ';' : ',';
    std::vector<std::string> names;
    while (!text.empty() && names.size() < limits::kOutsideGroupsMax) {
        const auto end = std::min(text.find(separator), text.size());
        if (const auto name = strip(text.substr(0, end)); !name.empty()) names.emplace_back(name);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

void add_proxy_log_in_endpoint(http::Router& router, OutsideLogIns& people, ProxyHeaders headers) {
    router.add(std::make_unique<ProxyLogIn>(people, std::move(headers)));
}

}  // namespace movio::accounts
