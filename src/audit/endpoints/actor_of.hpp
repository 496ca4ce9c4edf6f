#pragma once
#include "audit/entry.hpp"
#include "http/request.hpp"

namespace movio::audit {

// Who asks, as the token gate found out, and from where.
inline Actor actor_of(const http::RequestContext& context) {
    Actor actor;
    actor.kind = ActorKind::stranger;
    actor.address = context.remote_address;
    if (!context.caller) return actor;
    actor.kind = context.caller->program ? ActorKind::program : ActorKind::user;
    actor.user = context.caller->user;
    return actor;
}

}  // namespace movio::audit
