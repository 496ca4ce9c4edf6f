#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/video.hpp"
#include "ledger/outbox.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"

namespace movio::uploads {

struct NewUpload {
    std::string filename;  // as the client calls it; shown, never used as a path
    std::string title;     // empty: made from the file name
    std::string description;
    std::string owner_id;
    std::int64_t bytes = 0;  // announced; 0 = unknown
};

// One file on its way into the store. Destroyed before `finish`, it leaves neither blob nor row behind (the row goes
// with the next start at the latest). One caller at a time.
class Upload {
public:
    virtual ~Upload() = default;
    virtual VideoId video() const = 0;
    // `too_large` past the limit of the settings.
    virtual Awaitable<Result<void>> write(Bytes bytes) = 0;
    // Returns when the bytes and the row are durable and the film is submitted. Nothing received is `invalid`.
    virtual Awaitable<Result<void>> finish() = 0;
    virtual Awaitable<void> abandon() = 0;
};

// Takes files in: metadata first, then the bytes, then `video.submitted`. Thread-safe.
class UploadService {
public:
    UploadService(Database& database, BlobStore& blobs, ledger::Outbox& outbox, catalog::FilmWatch& watch,
                  std::int64_t bytes_max)
        : database_(database), blobs_(blobs), outbox_(outbox), watch_(watch), bytes_max_(bytes_max) {}

    Awaitable<Result<std::unique_ptr<Upload>>> begin(NewUpload upload);
    // At start: what was complete when the program died is submitted, what was not is forgotten.
    Awaitable<void> recover();

private:
    friend class StoredUpload;
    Awaitable<void> submit(VideoId video, std::int64_t bytes);

    Database& database_;
    BlobStore& blobs_;
    ledger::Outbox& outbox_;
    catalog::FilmWatch& watch_;
    std::int64_t bytes_max_;
};

}  // namespace movio::uploads
