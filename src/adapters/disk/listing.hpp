#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/folders.hpp"
#include "ports/blob_store.hpp"

namespace movio::disk {

// Up to `count_max` blobs in key order whose key begins with `prefix` and comes after `after`. Holds at most a page
// of names per level of folders, however many a folder has.
std::vector<BlobInfo> list_files(const Descriptor& root, const std::string& prefix,
                                 const std::optional<std::string>& after, std::size_t count_max);

}  // namespace movio::disk
