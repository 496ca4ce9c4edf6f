#include "playback/media_guard.hpp"

#include "base/clock.hpp"
#include "catalog/audience.hpp"
#include "catalog/embed_links.hpp"

namespace movio::playback {
namespace {

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

// By these a player begins; all else carries on.
bool begins_film(const MediaAddress& address) { return address.name == "main.mpd" || address.name == "main.m3u8"; }

bool counts(const MediaPass& pass, const MediaAddress& address, const catalog::Video& video) {
    const auto end_s = begins_film(address) ? begins_until_s(pass, video) : pass.expires_s;
    return wall_now_us() / kMicrosecondsPerSecond < end_s;
}

}  // namespace

Awaitable<bool> MediaGuard::allows(const MediaAddress& address, const catalog::Video& video) const {
    if (address.access == kOpenAccess) co_return catalog::may_see({}, video, false);
    const auto pass = tokens_.read(video.id, address.access);
    if (!pass || !counts(*pass, address, video)) co_return false;
    catalog::Viewer viewer;
    if (const auto standing = co_await standings_.find(UserId(pass->viewer))) {
        if (!standing->enabled) co_return false;
        viewer.admin = standing->role == access::Role::admin;
        viewer.moderator = standing->role >= access::Role::moderator;
    } else {
        // Nobody that auth has told of: a link, else a user who is too new.
        viewer.link = co_await catalog_.read([id = catalog::EmbedLinkId(pass->viewer)](SqlSession& session) {
            return catalog::find_link_viewer(session, id);
        });
    }
    if (!viewer.link && !pass->viewer.is_nil()) viewer.user = UserId(pass->viewer);
    bool reached = false;
    if (viewer.link || video.visibility == "shared" || video.visibility == "group")
        reached = co_await catalog_.read([&](SqlSession& session) { return catalog::reaches(session, viewer, video); });
    co_return catalog::may_see(viewer, video, reached);
}

}  // namespace movio::playback
