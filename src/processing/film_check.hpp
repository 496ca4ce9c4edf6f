#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "media/format/measured.hpp"
#include "media/format/plan.hpp"
#include "ports/blob_store.hpp"
#include "processing/film_rows.hpp"

namespace movio::processing {

// Whether all that was planned is there and as recorded.
struct FilmCheck {
    media::Measured measured;                                 // whole only when nothing is wrong
    std::vector<std::pair<std::string, std::int64_t>> wrong;  // rendition and n of what is not; n as in ArtefactRow
};
Awaitable<FilmCheck> check_film(Database& database, BlobStore& blobs, FilmKey film, const media::Plan& plan);

}  // namespace movio::processing
