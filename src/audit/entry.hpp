#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "ports/database.hpp"

// The audit trail: who did what to what, when, from where, with which outcome. Each service has a table of its own.
namespace movio::audit {

// `command`: whoever owns the data folder, by the command line; `system`: the program by itself.
enum class ActorKind { user, program, stranger, command, system };
std::string_view to_text(ActorKind kind);

struct Actor {
    ActorKind kind = ActorKind::command;
    std::optional<UserId> user = {};  // of user and program
    std::string address = {};         // of the network; empty: this machine
};

enum class Outcome { done, refused };
std::string_view to_text(Outcome outcome);

struct Entry {
    Actor by;
    std::string action;        // "video.deleted": what it is about, and what was done
    std::string subject = {};  // the id of the user, group or film; empty: of nothing that has one
    std::string detail = {};   // a small JSON object without secrets; empty: none
    Outcome outcome = Outcome::done;
};

// In the transaction of the change that it tells of, so that there is neither without the other.
void record(SqlSession& session, const Entry& entry);

// An entry as it is kept.
struct Recorded {
    std::string id;
    std::int64_t at_us = 0;
    std::string actor_kind;
    std::string actor_id;  // empty: none
    std::string address;
    std::string action;
    std::string subject;
    std::string outcome;
    std::string detail;  // JSON
};

}  // namespace movio::audit
