#pragma once
#include <functional>
#include <string>

#include "audit/trail.hpp"
#include "catalog/catalog.hpp"
#include "http/router.hpp"
#include "ledger/ledger.hpp"
#include "processing/film_service.hpp"
#include "search/rebuild.hpp"
#include "uploads/upload_service.hpp"

namespace movio::app {

struct AdminParts {
    catalog::Catalog* catalog = nullptr;
    uploads::UploadService* uploads = nullptr;
    processing::FilmService* films = nullptr;
    ledger::Ledger* worker_jobs = nullptr;                           // the films
    ledger::Ledger* api_jobs = nullptr;                              // captions and the like
    std::function<Awaitable<Result<UserId>>(std::string as)> owner;  // of what commands add
    std::function<Awaitable<search::RebuildReport>()> rebuild_search;
    std::function<std::string()> address;  // where this server is reached; empty when it does not listen
    audit::Trail* trail = nullptr;
    bool works = true;  // false: only for a command that looks, gone in a moment
};

// What commands ask over the admin socket: POST /admin/uploads, GET /admin/videos/{id}, GET /admin/status,
// GET /admin/jobs, GET /admin/jobs/{id}, POST /admin/jobs/{id}/retry|cancel|priority, POST /admin/tasks/{id}/retry,
// POST /admin/search/rebuild. Only the data folder's owner gets there.
void add_admin_endpoints(http::Router& router, AdminParts parts);

}  // namespace movio::app
