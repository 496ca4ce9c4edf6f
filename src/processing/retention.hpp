#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "async/asio.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"

namespace movio::processing {

// Days after which a source may go: 0 for `delete`, N for `days:N`, nullopt for `keep`. Anything else is nullopt too:
// what is not understood is kept; `is_retention` tells the settings apart.
std::optional<std::int64_t> retention_days(std::string_view policy);
bool is_retention(std::string_view policy);

// Removes sources whose film is finished, every segment verified, and whose time has come. Returns how many.
Awaitable<int> retire_sources(Database& database, BlobStore& blobs);

}  // namespace movio::processing
