#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "access/key_ring.hpp"
#include "accounts/link.hpp"
#include "ledger/runner.hpp"
#include "ports/database.hpp"
#include "ports/notices.hpp"

namespace movio::accounts {

// A link that counts now, and the token that it holds.
struct NewLink {
    Link link;
    std::string token;
};

// Sends people links by notices. Each is a task of the ledger, so that nothing is lost by a crash or while the carrier
// is out, and no answer waits for it. The token is made of the link's id by the key that signs log-ins: an attempt that
// follows a crash sends the very same link, and the database alone gives nobody one. Thread-safe; references outlive
// it.
class LinkSender {
public:
    LinkSender(Database& database, ledger::Ledger& ledger, Notices& notices, const access::KeyRing& keys)
        : database_(database), ledger_(ledger), notices_(notices), keys_(keys) {}

    // In the transaction that has found the user, or has not: then the same is written, for nothing. It is sent unless
    // what ends such a link happens before. False when too many wait.
    bool order(SqlSession& session, LinkPurpose purpose, const std::optional<User>& user) const;
    // At once, for whoever hands it on by themselves.
    NewLink make(SqlSession& session, LinkPurpose purpose, const User& user) const;

    void register_with(ledger::TaskRunner& runner);
    // Where this server is reached, by which links begin; until it is said, they wait. Never what a client calls it:
    // else whoever asks for somebody's link would choose where it leads.
    void begin_links_with(std::string base_url);

private:
    std::string token_of(LinkPurpose purpose, LinkId id) const;
    std::string base_url() const;
    Awaitable<ledger::TaskOutcome> send(ledger::LeasedTask task);

    Database& database_;
    ledger::Ledger& ledger_;
    Notices& notices_;
    const access::KeyRing& keys_;
    mutable std::mutex mutex_;
    std::string base_url_;
};

// The page that a link leads to.
std::string link_page(std::string_view base_url, const NewLink& link);

}  // namespace movio::accounts
