#pragma once
#include <map>
#include <string>
#include <vector>

#include "accounts/account_service.hpp"
#include "audit/trail.hpp"
#include "http/router.hpp"

namespace movio::app {

// The trails of all services as one, and who the people in it are.
struct AuditParts {
    accounts::AccountService* accounts = nullptr;
    std::vector<audit::Trail*> trails;
};

// GET /api/v2/audit, for administrators.
void add_audit_endpoint(http::Router& router, AuditParts parts);
// The same for `movio audit list`: GET /admin/audit.
void add_admin_audit_endpoint(http::Router& router, AuditParts parts);

// The schemas `AuditEntry` and `AuditPage`.
std::map<std::string, std::string> audit_schemas();

}  // namespace movio::app
