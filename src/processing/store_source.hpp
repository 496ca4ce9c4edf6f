#pragma once
#include <memory>

#include "ports/blob_store.hpp"
#include "sandbox/media_process.hpp"

namespace movio::processing {

// A blob as the media process reads it: by descriptor where the store is a local folder, else by ranges. nullptr when
// the blob is gone.
Awaitable<std::shared_ptr<sandbox::SourceReader>> open_source(BlobStore& blobs, BlobKey key);

}  // namespace movio::processing
