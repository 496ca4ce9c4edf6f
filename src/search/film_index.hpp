#pragma once
#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::search {

// Brings the index to what the catalog says of a film, whatever either knew before. Films that are being uploaded, lie
// in the trash or are gone have no documents. Several calls for one film may run
// at once, in several processes too: the index ends at what the catalog said last. Thread-safe. Throws Failure when it
// cannot; then it has to be called again.
class FilmIndex {
public:
    FilmIndex(Database& catalog, SearchIndex& index) : catalog_(catalog), index_(index) {}

    Awaitable<void> refresh(VideoId video);

private:
    struct Snapshot;
    Awaitable<void> put(Snapshot snapshot);

    Database& catalog_;
    SearchIndex& index_;
};

}  // namespace movio::search
