#pragma once
#include "access/standing.hpp"
#include "catalog/video.hpp"
#include "playback/media_address.hpp"
#include "ports/database.hpp"

namespace movio::playback {

// Whether a media address is answered: the rule of catalog/viewer, asked again with each request for whoever the
// address was given to, so that a changed visibility, a disabled user or a link that was taken back counts at once. `o`
// shows what a stranger may see. Thread-safe; references outlive it.
class MediaGuard {
public:
    MediaGuard(const MediaTokens& tokens, access::Standings& standings, Database& catalog)
        : tokens_(tokens), standings_(standings), catalog_(catalog) {}

    // `address` and `video` outlive the call.
    Awaitable<bool> allows(const MediaAddress& address, const catalog::Video& video) const;

private:
    const MediaTokens& tokens_;
    access::Standings& standings_;
    Database& catalog_;
};

}  // namespace movio::playback
