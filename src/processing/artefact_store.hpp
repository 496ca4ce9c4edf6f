#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

    // Checked segments and init segments of the plan: they are durable, and then on record, together. Which of them
    // were not there before, by rendition and n. Throws Failure when what was there is damaged: it is gone then, and
    // the task has to be tried again; and when an init segment is not the same as the one that is there: then no
    // segment that came with it is stored.
    using Numbered = std::pair<std::string, std::int64_t>;
    Awaitable<std::vector<Numbered>> store(const FilmKey& film, const media::Plan& plan,
                                           std::vector<media::Artefact> artefacts, const ledger::Lease& lease);
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
    Awaitable<std::vector<Numbered>> store_together(const FilmKey& film, const media::Plan& plan,
                                                    std::vector<media::Artefact> artefacts, const ledger::Lease& lease);
    // Which has no row.
    Awaitable<bool> adopt_blob(const FilmKey& film, const media::Plan& plan, const std::string& rendition,
                               std::int64_t n, const ledger::Lease& lease);
    // Another was first.
    Awaitable<void> meet(const FilmKey& film, const media::Plan& plan, const ArtefactRow& made,
                         const ledger::Lease& lease);
    Awaitable<bool> adopt(const FilmKey& film, const media::Plan& plan, const std::string& rendition, std::int64_t n,
                          const ledger::Lease& lease);
    Awaitable<void> expect_same_init(FilmKey film, const ArtefactRow& made);
    // Which of them were not on record.
    Awaitable<std::vector<Numbered>> record(const FilmKey& film, const media::Plan& plan,
                                            const std::vector<ArtefactRow>& rows, const ledger::Lease& lease);

    Database& database_;
    BlobStore& blobs_;
    EventBus& bus_;
};

}  // namespace movio::processing
