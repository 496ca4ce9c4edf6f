#pragma once
#include <chrono>

#include "catalog/film_watch.hpp"
#include "ledger/ledger.hpp"
#include "ledger/outbox.hpp"
#include "ledger/runner.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

struct TrashOptions {
    std::chrono::days keep{30};  // how long a film can be restored
    // How long the worker may need to notice that a film is gone; what it stores until then is removed too.
    std::chrono::milliseconds settle{60'000};
};

// Ends what has lain in the trash for too long. Rows go in one transaction with `video.deleted` and with the job that
// removes the blobs, so that whenever the program dies a film is either still in the trash or will be gone altogether.
class Trash {
public:
    // All references outlive the trash.
    Trash(Database& database, BlobStore& blobs, ledger::Ledger& ledger, ledger::Outbox& outbox, FilmWatch& watch,
          TrashOptions options)
        : database_(database), blobs_(blobs), ledger_(ledger), outbox_(outbox), watch_(watch), options_(options) {}

    // The handler of the task kind `purge.blobs`.
    void register_with(ledger::TaskRunner& runner);
    // To be called now and then. Returns how many films went.
    Awaitable<int> purge();

private:
    Awaitable<bool> purge_film(VideoId id);
    Awaitable<ledger::TaskOutcome> remove_blobs(ledger::LeasedTask task);

    Database& database_;
    BlobStore& blobs_;
    ledger::Ledger& ledger_;
    ledger::Outbox& outbox_;
    FilmWatch& watch_;
    TrashOptions options_;
};

}  // namespace movio::catalog
