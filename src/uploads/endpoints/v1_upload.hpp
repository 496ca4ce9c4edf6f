#pragma once
#include "http/router.hpp"
#include "uploads/upload_service.hpp"

namespace movio::uploads {

// POST /api/v1/app/events/video-upload/: multipart/form-data with `video`, `title`, `duration` and `description` in any
// order, as the original has it.
void add_v1_upload_endpoint(http::Router& router, UploadService& uploads);

}  // namespace movio::uploads
