#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry.hpp"
#include "base/result.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// hide: moderators, administrators and the owner alone see the film. delete: into the trash, from where no owner takes
// it. restore: as it was before these. dismiss: the reports change nothing. block: the owner's account is disabled.
inline constexpr std::array<std::string_view, 5> kDecisions{"hide", "delete", "restore", "dismiss", "block"};
inline constexpr std::int64_t kDecisionReasonMax = 1000;  // characters; some sentences that its owner reads
inline constexpr std::int64_t kDecisionsShownMax = 100;   // the latest ones of a film

using DecisionId = Id<struct DecisionTag>;

// Who decided what of a film, when and why.
struct Decision {
    DecisionId id;
    std::string what;  // one of kDecisions
    std::string reason;
    std::string by_id;
    std::string by_name;  // empty: of somebody who is gone
    std::int64_t decided_us = 0;
};
std::optional<Decision> find_decision(SqlSession& session, DecisionId id);
void write(JsonWriter& json, const Decision& decision);

// What moderators do with films. Each decision is written down in the transaction that carries it out, and all but
// `block` end the film's open reports. Auth is told of `block` by `uploader.blocked` {user_id, by}. Thread-safe.
class Decisions {
public:
    Decisions(Database& database, ledger::Outbox& outbox, FilmWatch& watch)
        : database_(database), outbox_(outbox), watch_(watch) {}

    // `not_found` for a film that the viewer neither sees nor is asked about by a report, and one that is not
    // uploaded; `forbidden` for whoever moderates nothing, for moderators on films of their own, and for whom they may
    // not block: administrators, moderators, and administrators themselves; `conflict` where there is nothing to
    // decide.
    Awaitable<Result<Decision>> decide(Viewer viewer, VideoId video, std::string what, std::string reason,
                                       audit::Actor by = {});
    // Newest first.
    Awaitable<Result<std::vector<Decision>>> list(Viewer viewer, VideoId video);

private:
    Result<void> carry_out(SqlSession& session, const Viewer& viewer, const Video& video, const std::string& what,
                           const std::string& reason);
    Result<void> block_owner(SqlSession& session, const Viewer& viewer, const Video& video);

    Database& database_;
    ledger::Outbox& outbox_;
    FilmWatch& watch_;
};

}  // namespace movio::catalog
