#include "app/admin_quotas.hpp"

#include <fmt/format.h>

#include "app/quota_settings.hpp"
#include "catalog/endpoints/quota.hpp"
#include "http/endpoint.hpp"

namespace movio::app {
namespace {

// "none", "role" or a number.
std::optional<std::optional<std::int64_t>> parse_own(std::string_view text) {
    if (text == "none") return std::optional(catalog::kNoLimit);
    if (text == "role") return std::optional<std::int64_t>();
    if (const auto number = parse_quota(text)) return number;
    return std::nullopt;
}

Result<catalog::QuotaChange> read_change(const JsonView& body) {
    catalog::QuotaChange change;
    for (const auto kind : catalog::kQuotaKinds) {
        const auto name = to_text(kind);
        const auto member = body.find(name);
        if (!member) continue;
        const auto own = parse_own(member->text().value_or(""));
        if (!own)
            return fail(
                ErrorCode::invalid,
                fmt::format("{}: write a whole number, none for no limit, or role for as the role has it", name));
        change[kind] = *own;
    }
    return change;
}

struct UserQuota {
    accounts::AccountService* accounts;
    catalog::Quotas* quotas;
    bool changes = false;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto named = co_await accounts->find_named(std::string(request.head.path.find("name").value_or("")));
        if (!named) co_return http::problem_response(named.error(), request.context.request_id);
        if (changes) {
            static const http::EndpointDescription kDescription = described(http::Method::post);
            const auto body = co_await http::read_json(request, kDescription);
            if (!body) co_return http::problem_response(body.error(), request.context.request_id);
            auto change = read_change(*body);
            if (!change) co_return http::problem_response(change.error(), request.context.request_id);
            co_await quotas->change(named->id, std::move(*change));
        }
        JsonWriter json;
        catalog::write(json, co_await quotas->find(named->id));
        co_return http::json_response(json.take());
    }

    static http::EndpointDescription described(http::Method method) {
        http::EndpointDescription description;
        description.method = method;
        description.path = "/admin/users/{name}/quota";
        description.summary = "What a user has and may have.";
        description.access = http::Access::admin;
        description.cross_origin = http::CrossOrigin::none;
        if (method != http::Method::post) return description;
        description.body = http::BodyKind::json;
        description.body_bytes_max = static_cast<std::int64_t>(limits::kJsonBodyBytesMax);
        return description;
    }
};

}  // namespace

void add_admin_quota_endpoints(http::Router& router, accounts::AccountService& accounts, catalog::Quotas& quotas) {
    for (const auto method : {http::Method::get, http::Method::post})
        router.add(http::make_raw_endpoint(UserQuota::described(method),
                                           UserQuota{&accounts, &quotas, method == http::Method::post}));
}

}  // namespace movio::app
