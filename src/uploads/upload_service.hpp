#pragma once
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/default_visibility.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/quotas.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ledger/outbox.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"
#include "ports/event_bus.hpp"

namespace movio::uploads {

// What is said of a film by who uploads it.
struct UploadDetails {
    std::string title = {};  // cut at 220 characters; empty: made from the file name
    std::string description = {};
    std::optional<std::int64_t> said_duration_us = {};
    std::optional<std::string> visibility = {};  // one of catalog::kVisibilities; nullopt: the default
    std::vector<std::string> groups = {};        // ids of those that it is for while its visibility is `group`
    std::string licence = {};                    // an identifier of catalog/licence, or empty
    std::string attribution = {};                // at most catalog::kAttributionCharactersMax
};

struct NewUpload {
    std::string filename;       // as the client calls it; shown, never used as a path
    std::string owner_id = {};  // empty: nobody's
    bool owner_is_admin = false;
    std::int64_t bytes = 0;        // announced; 0 = unknown
    std::int64_t bytes_least = 0;  // of these at least come, where `bytes` are those of more than the file
    bool within_quota = true;      // false: by who runs the server
    UploadDetails details = {};    // as far as they are known; until `finish` the owner alone sees them
};

// One file on its way into the store, of which the row says `uploading`. It ends by `finish` or by `abandon`; destroyed
// without either it leaves no blob, and the row goes with the next start. One caller at a time.
class Upload {
public:
    virtual ~Upload() = default;
    virtual VideoId video() const = 0;
    // What v1 calls the film: "<new uuid>__<name>", and the name's last extension, with its dot or empty.
    virtual const std::string& custom_title() const = 0;
    virtual const std::string& extension() const = 0;
    // `too_large` past the limit of the settings, `forbidden` past the owner's quota.
    virtual Awaitable<Result<void>> write(Bytes bytes) = 0;
    // The last word on the details. They are saved first and the file becomes whole second, so that a whole file has
    // them whenever the program dies. Returns when all is durable and the film is submitted. Nothing received is
    // `invalid`, and so is a group that the owner may not choose.
    virtual Awaitable<Result<void>> finish(UploadDetails details) = 0;
    // Leaves nothing behind. Does nothing to what is submitted.
    virtual Awaitable<void> abandon() = 0;
};

struct UploadOptions {
    std::int64_t bytes_max = 0;
    catalog::DefaultVisibility visibility = {};
    const catalog::Quotas* quotas = nullptr;  // of owners; null: there are none
};

// Why no upload begins.
struct UploadRefusal {
    Error error;
    std::int64_t retry_after_s = 0;  // 0: not said
};

// Takes files in: the row first, then the bytes, then `video.submitted`. Who wants to read along hears of it by the
// transient events `upload.begun` {source_key, bytes} and `upload.ended` {submitted}. Thread-safe.
class UploadService {
public:
    UploadService(Database& database, BlobStore& blobs, ledger::Outbox& outbox, EventBus& bus,
                  catalog::FilmWatch& watch, UploadOptions options)
        : database_(database), blobs_(blobs), outbox_(outbox), bus_(bus), watch_(watch), options_(std::move(options)) {}

    // `too_large` and `no_space` by what is announced, which is reserved; by the owner's quota `forbidden`, or
    // `rate_limited` where waiting helps; `invalid` for a group that the owner may not choose.
    Awaitable<std::expected<std::unique_ptr<Upload>, UploadRefusal>> begin(NewUpload upload);
    // At start: what was complete when the program died is submitted, what was not is forgotten.
    Awaitable<void> recover();
    std::int64_t bytes_max() const { return options_.bytes_max; }

private:
    friend class StoredUpload;
    catalog::Video new_video(const NewUpload& upload) const;
    // What the owner has and may have; nullopt where no quota holds.
    std::optional<catalog::QuotaState> quota_of(SqlSession& session, const NewUpload& upload) const;
    // The row of a new film, its visibility and details completed here. Gives the bytes that are left of the owner's
    // quota; nullopt: there is none.
    std::expected<std::optional<std::int64_t>, UploadRefusal> insert(SqlSession& session, const NewUpload& upload,
                                                                     const catalog::Viewer& owner,
                                                                     catalog::Video& video);
    Awaitable<void> submit(VideoId video, std::int64_t bytes, std::optional<std::int64_t> received_us);
    Awaitable<void> forget(VideoId video, std::string source_key);
    void tell(std::string type, const catalog::Video& video, std::string data);

    Database& database_;
    BlobStore& blobs_;
    ledger::Outbox& outbox_;
    EventBus& bus_;
    catalog::FilmWatch& watch_;
    UploadOptions options_;
};

}  // namespace movio::uploads
