#pragma once
#include <functional>
#include <string>

#include "accounts/password_resets.hpp"
#include "adapters/disk/notice_files.hpp"
#include "audit/trail.hpp"
#include "http/router.hpp"

namespace movio::app {

struct AdminNoticeParts {
    accounts::AccountService* accounts = nullptr;
    accounts::PasswordResets* resets = nullptr;
    NoticeFiles* notices = nullptr;
    audit::Trail* trail = nullptr;
    std::function<std::string()> address;  // where this server is reached; empty when it does not listen
};

// What `movio notices list|show` and `movio user reset-password` ask over the admin socket: GET /admin/notices, GET
// /admin/notices/{id}, POST /admin/users/{name}/reset-password.
void add_admin_notice_endpoints(http::Router& router, AdminNoticeParts parts);

}  // namespace movio::app
