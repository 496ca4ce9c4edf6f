#include "app/api_document.hpp"

#include "accounts/schemas.hpp"
#include "app/audit_endpoint.hpp"
#include "app/disk_endpoint.hpp"
#include "app/export_endpoint.hpp"
#include "app/settings_endpoint.hpp"
#include "app/site_pages.hpp"
#include "app/version.hpp"
#include "catalog/schemas.hpp"
#include "embedding/schemas.hpp"
#include "http/openapi.hpp"
#include "ledger/schemas.hpp"
#include "search/schemas.hpp"
#include "uploads/schemas.hpp"

namespace movio::app {
namespace {

http::ApiDocument document() {
    http::ApiDocument out;
    out.title = "Movio";
    out.version = kVersion;
    out.description =
        "Video on demand that a team hosts itself. Programs had better use v2; v1 is what clients of the original "
        "know. Log in by `POST /api/v1/auth/get-token/` and send the token as `Authorization: Bearer`; a page of this "
        "server gets a cookie by `POST /api/v2/session`, an app tokens by `POST /api/v2/tokens`. A program best has a "
        "token of its own (`POST /api/v2/api-tokens`, or `movio token create`), sent in the same way.";
    for (auto schemas : {accounts::schemas(), catalog::schemas(), uploads::schemas(), search::schemas(),
                         embedding::schemas(), ledger::schemas(), site_page_schemas()})
        out.schemas.merge(schemas);
    out.schemas.merge(audit_schemas());
    out.schemas.emplace("PersonalExport", personal_export_schema());
    out.schemas.emplace("SettingList", setting_list_schema());
    out.schemas.emplace("Disk", disk_schema());
    out.schemas.emplace("DiskFilms", disk_films_schema());
    return out;
}

// Made once: the endpoints do not change while the server runs.
struct Document {
    std::string json;
    Awaitable<http::Response> operator()(http::Request&) const { co_return http::json_response(json); }
};

http::EndpointDescription described(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    return description;
}

}  // namespace

void add_api_documents(http::Router& router) {
    const auto endpoints = router.descriptions();
    const auto about = document();
    router.add(http::make_raw_endpoint(described("/doc/openapi.json", "This API in OpenAPI 3.1."),
                                       Document{http::openapi_document(about, endpoints)}));
    router.add(http::make_raw_endpoint(described("/doc/postman.json", "This API as a Postman collection."),
                                       Document{http::postman_collection(about, endpoints)}));
}

}  // namespace movio::app
