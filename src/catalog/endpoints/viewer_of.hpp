#pragma once
#include "catalog/viewer.hpp"
#include "http/request.hpp"

namespace movio::catalog {

// Who asks, as the token gate found out.
inline Viewer viewer_of(const http::RequestContext& context) {
    Viewer viewer;
    if (!context.caller) return viewer;
    viewer.user = context.caller->user;
    viewer.admin = context.caller->admin;
    viewer.moderator = context.caller->moderator;
    return viewer;
}

}  // namespace movio::catalog
