#pragma once
#include <memory>

#include "accounts/account_service.hpp"
#include "accounts/api_tokens.hpp"
#include "accounts/blocks.hpp"
#include "accounts/email_checks.hpp"
#include "accounts/groups.hpp"
#include "accounts/invites.hpp"
#include "accounts/link_sender.hpp"
#include "accounts/openid/log_in.hpp"
#include "accounts/outside_log_ins.hpp"
#include "accounts/password_resets.hpp"
#include "accounts/password_worker.hpp"
#include "accounts/people.hpp"
#include "adapters/disk/notice_files.hpp"
#include "app/services/platform.hpp"
#include "async/pool.hpp"
#include "audit/trail.hpp"
#include "http/router.hpp"
#include "ports/web_client.hpp"

namespace movio::app {

// Who may log in.
struct AuthService {
    explicit AuthService(Platform& platform);

    // Listens to the other services; before any of them starts.
    void subscribe();
    // `work`: tells the other services of changes and, where the server listens, sends notices.
    Awaitable<void> start(bool work);
    Awaitable<void> stop();
    // Links that are sent begin with that, and an OpenID provider sends people back there. Any thread.
    void listens_at(std::string address);
    // Forgets log-ins that ended long ago, links and notices that ran out, and what is too old of the audit trail.
    Awaitable<void> clean_up();
    void add_endpoints(http::Router& router);
    // Whose films a command adds: the user of that e-mail or username, else the first admin, who is made, without a
    // password, where there is none.
    Awaitable<Result<UserId>> owner_named(std::string name);

    Platform& platform;
    ServiceCore core;
    Pool crypto;
    accounts::PasswordWorker passwords;
    NoticeFiles notices;
    accounts::LinkSender links;
    accounts::AccountService accounts;
    accounts::Invites invites;
    accounts::ApiTokens api_tokens;
    accounts::Groups groups;
    accounts::People people;
    accounts::PasswordResets password_resets;
    accounts::EmailChecks email_checks;
    accounts::Blocks blocks;
    audit::Trail trail;
    accounts::OutsideLogIns outside;
    // Null where no OpenID provider is set up: then nothing is asked.
    std::unique_ptr<WebClient> web;
    std::unique_ptr<accounts::OpenIdProvider> provider;
    accounts::OpenIdLogIn openid;
};

}  // namespace movio::app
