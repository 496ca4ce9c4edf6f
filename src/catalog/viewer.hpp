#pragma once
#include <optional>

#include "base/ids.hpp"
#include "catalog/video.hpp"

namespace movio::catalog {

// Who looks.
struct Viewer {
    std::optional<UserId> user;  // nullopt: a stranger
    bool admin = false;
};

// The one rule of who may see what; who may not see gets what an unknown id gets.
bool owns(const Viewer& viewer, const Video& video);
// By its id: public and unlisted films in any state but `uploading`, and one's own.
bool may_see(const Viewer& viewer, const Video& video);
// In a v2 list: what plays and is public, and one's own.
bool may_list(const Viewer& viewer, const Video& video);
bool may_change(const Viewer& viewer, const Video& video);

}  // namespace movio::catalog
