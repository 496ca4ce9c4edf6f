#pragma once
#include <mutex>
#include <set>
#include <string>

#include "catalog/film_watch.hpp"
#include "catalog/video_rows.hpp"
#include "ledger/ledger.hpp"
#include "ledger/outbox.hpp"
#include "media/format/plan.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"

namespace movio::catalog {

// What the worker tells of a film, applied to the catalog's rows: each event once, in one transaction with its inbox
// row. What changes goes on as `video.changed`. Handlers run on the executor given to `subscribe`.
class FilmEvents {
public:
    FilmEvents(Database& database, BlobStore& blobs, ledger::Ledger& ledger, ledger::Outbox& outbox, FilmWatch& watch)
        : database_(database), blobs_(blobs), ledger_(ledger), outbox_(outbox), watch_(watch) {}

    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

private:
    Awaitable<void> handle(Event event);
    Awaitable<void> planned(Event event);
    Awaitable<void> processed(Event event);
    Awaitable<void> subtitle_extracted(Event event);
    Awaitable<void> failed(Event event);
    Awaitable<void> progressed(Event event);
    Awaitable<void> stored(Event event);
    // processing -> playable as soon as a player has all it needs to begin.
    Awaitable<void> check_playable(VideoId id);
    Awaitable<media::Plan> read_plan(std::string key);
    // False for a film that has been purged: what is told of it then is of no use.
    Awaitable<bool> is_known(VideoId id);

    Database& database_;
    BlobStore& blobs_;
    ledger::Ledger& ledger_;
    ledger::Outbox& outbox_;
    FilmWatch& watch_;
    std::set<VideoId> settled_;  // known to be playable or beyond; on the executor's thread only
};

}  // namespace movio::catalog
