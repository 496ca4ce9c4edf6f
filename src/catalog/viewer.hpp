#pragma once
#include <optional>
#include <string_view>

#include "base/ids.hpp"
#include "catalog/video.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// Who looks.
struct Viewer {
    std::optional<UserId> user = {};  // nullopt: a stranger
    bool admin = false;
};

// The one rule of who may see what; who may not see gets what an unknown id gets. What lies in the trash is shown to
// nobody but by `Catalog::list` of its owner.
bool owns(const Viewer& viewer, const Video& video);
// Whoever has the address may see it, logged in or not: public or unlisted.
bool is_open(const Video& video);
// By its id: public and unlisted films in any state but `uploading`, and one's own. Admins see every film that is
// uploaded.
bool may_see(const Viewer& viewer, const Video& video);
// In v1's lists and searches: public films, finished or not, and one's own. An unlisted film is found by its id alone.
bool may_find(const Viewer& viewer, const Video& video);
// In a v2 list: what plays and is public, and one's own.
bool may_list(const Viewer& viewer, const Video& video);
// The owner and admins; also what lies in the trash.
bool may_change(const Viewer& viewer, const Video& video);

// `may_find` and `may_list` as conditions on the columns of `videos`; `$1` is `sql_user(viewer)`.
std::string_view sql_may_find(const Viewer& viewer);
std::string_view sql_may_list(const Viewer& viewer);
SqlValue sql_user(const Viewer& viewer);

}  // namespace movio::catalog
