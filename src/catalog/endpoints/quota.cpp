#include "catalog/endpoints/quota.hpp"

#include "http/endpoint.hpp"

namespace movio::catalog {
namespace {

struct GetQuota {
    struct Input {};
    using Output = QuotaState;

    static http::EndpointDescription describe() {
        http::EndpointDescription description;
        description.path = "/api/v2/quota";
        description.summary = "What the caller's films take and may take.";
        description.tag = "videos";
        description.access = http::Access::user;
        description.answers = {{200, "Used and limit of each.", "Quota"}};
        description.errors = {ErrorCode::unauthorized};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& state) { catalog::write(json, state); }
    static void headers(http::Headers& headers, const Output&) { headers.set("Cache-Control", "no-store"); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext& context) {
        co_return co_await quotas->find(context.caller->user);
    }

    Quotas* quotas;
};

}  // namespace

void add_quota_endpoint(http::Router& router, Quotas& quotas) { router.add(http::make_endpoint(GetQuota{&quotas})); }

}  // namespace movio::catalog
