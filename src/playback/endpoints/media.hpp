#pragma once
#include "http/router.hpp"
#include "playback/endpoints/media_service.hpp"

namespace movio::playback {

// GET and HEAD of /media/….
void add_media_endpoints(http::Router& router, MediaService& media);

}  // namespace movio::playback
