#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "ledger/types.hpp"
#include "media/format/artefact.hpp"
#include "media/format/plan.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"
#include "processing/film_rows.hpp"

namespace movio::processing {

// Puts finished segments where players find them: whole, once, and on record. The first complete writer wins; a blob
// that lost its row to a crash is verified and adopted.
class ArtefactStore {
public:
    ArtefactStore(Database& database, BlobStore& blobs, EventBus& bus)
        : database_(database), blobs_(blobs), bus_(bus) {}

    // A checked segment or init segment of the plan. False when it was there already. Throws Failure when what was
    // there is damaged: it is gone then, and the task has to be tried again; and when an init segment is not the same
    // as the one that is there.
    Awaitable<bool> store(const FilmKey& film, const media::Plan& plan, media::Artefact artefact,
                          const ledger::Lease& lease);
    // Which of the segments [first, end) and the init segment of a rendition still have to be made: the smallest range
    // that holds them all; nullopt when none. Blobs without a row are adopted.
    Awaitable<std::optional<std::pair<std::int64_t, std::int64_t>>> missing(const FilmKey& film,
                                                                            const media::Plan& plan,
                                                                            const std::string& rendition,
                                                                            std::int64_t first, std::int64_t end,
                                                                            const ledger::Lease& lease);
    // Removes the row and the blob of a segment that are not what they should be, so that it can be made again.
    Awaitable<void> forget(const FilmKey& film, const std::string& rendition, std::int64_t n);
    // Tell whoever waits for it that the blob is there.
    void announce(const FilmKey& film, const std::string& rendition, std::int64_t n);
    void announce_poster(const FilmKey& film);

private:
    void announce_blob(const FilmKey& film, const std::string& key, const std::string& rendition, std::int64_t n);
    Awaitable<bool> adopt(const FilmKey& film, const media::Plan& plan, const std::string& rendition, std::int64_t n,
                          const ledger::Lease& lease);
    Awaitable<void> expect_same_init(FilmKey film, const ArtefactRow& made);
    Awaitable<bool> record(const FilmKey& film, const media::Plan& plan, ArtefactRow row, const ledger::Lease& lease);

    Database& database_;
    BlobStore& blobs_;
    EventBus& bus_;
};

}  // namespace movio::processing
