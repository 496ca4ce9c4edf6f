#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.hpp"
#include "catalog/video.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// The levels that people can choose; each is enforced on every byte.
inline constexpr std::array<std::string_view, 6> kVisibilities{"public", "internal", "group",
                                                               "shared", "unlisted", "private"};

using EmbedLinkId = Id<struct EmbedLinkTag>;
// Whoever looks by a link for embedding (catalog/embed_links), on a page of an origin that it names.
struct LinkViewer {
    EmbedLinkId id;
    std::int64_t expires_us = 0;
};

// Who looks.
struct Viewer {
    std::optional<UserId> user = {};  // nullopt: a stranger
    bool admin = false;
    bool moderator = false;
    std::optional<LinkViewer> link = {};  // a stranger's
};

// The one rule of who may see what; who may not see gets what an unknown id gets. What lies in the trash is shown to
// nobody but by `Catalog::list` of its owner. `reached` is what `reaches` (catalog/audience) says of the two.
bool owns(const Viewer& viewer, const Video& video);
// Whoever has the address may see it, logged in or not: public or unlisted, and not hidden.
bool is_open(const Video& video);
// Decides on films of others: moderators and admins.
bool moderates(const Viewer& viewer);
// By its id: public and unlisted films in any state but `uploading`, to whoever is logged in internal ones, to those
// whom they are for shared ones and those of groups; and one's own. Admins see every film that is uploaded. A link
// shows the film that it is of, whatever its level, and lists nothing. A film that a moderator has hidden is seen by
// its owner, moderators and admins alone; one that is reported by moderators, too, until somebody has decided.
bool may_see(const Viewer& viewer, const Video& video, bool reached);
// In v1's lists and searches: what one may see, finished or not. An unlisted film is found by its id alone, and so are
// an admin's of other people.
bool may_find(const Viewer& viewer, const Video& video, bool reached);
// In a v2 list: what plays of these, and one's own.
bool may_list(const Viewer& viewer, const Video& video, bool reached);
// The owner and admins; also what lies in the trash.
bool may_change(const Viewer& viewer, const Video& video);

// `may_find` and `may_list` as conditions on the columns of `videos`; `$1` is `sql_user(viewer)`.
std::string_view sql_may_find(const Viewer& viewer);
std::string_view sql_may_list(const Viewer& viewer);
SqlValue sql_user(const Viewer& viewer);

}  // namespace movio::catalog
