#include "app/admin_quotas.hpp"

#include <fmt/format.h>

#include "app/admin_endpoint.hpp"
#include "app/quota_settings.hpp"

namespace movio::app {
namespace {

Result<catalog::QuotaChange> read_change(const JsonView& body) {
    catalog::QuotaChange change;
    for (const auto kind : catalog::kQuotaKinds) {
        const auto name = to_text(kind);
        const auto member = body.find(name);
        if (!member) continue;
        const auto own = parse_own_quota(member->text().value_or(""));
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
            static const auto kDescription = with_json_body({});
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
};

}  // namespace

void add_admin_quota_endpoints(http::Router& router, accounts::AccountService& accounts, catalog::Quotas& quotas) {
    const auto path = "/admin/users/{name}/quota";
    router.add(http::make_raw_endpoint(admin_endpoint(http::Method::get, path, "What a user has and may have."),
                                       UserQuota{&accounts, &quotas, false}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(http::Method::post, path, "Changes what a user may have.")),
        UserQuota{&accounts, &quotas, true}));
}

}  // namespace movio::app
