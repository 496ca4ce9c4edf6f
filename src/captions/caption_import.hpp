#pragma once
#include "catalog/film_watch.hpp"
#include "ledger/outbox.hpp"
#include "ledger/runner.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"

namespace movio::captions {

// Turns the raw text packets of an extracted track into a caption track: rows of cues, and the WebVTT file that players
// read. The handler of two of the api's task kinds: `captions.import`, by which a track that is there already is not
// made twice, and `captions.discard`, which then removes the packets.
class CaptionImport {
public:
    CaptionImport(Database& database, BlobStore& blobs, ledger::Outbox& outbox, catalog::FilmWatch& watch)
        : database_(database), blobs_(blobs), outbox_(outbox), watch_(watch) {}

    void register_with(ledger::TaskRunner& runner);

private:
    Awaitable<ledger::TaskOutcome> discard(ledger::LeasedTask task);
    Awaitable<ledger::TaskOutcome> import(ledger::LeasedTask task);

    Database& database_;
    BlobStore& blobs_;
    ledger::Outbox& outbox_;
    catalog::FilmWatch& watch_;
};

}  // namespace movio::captions
