#pragma once
#include "audit/entry.hpp"
#include "base/result.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/viewer.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// What owners and admins do with a film. A film that the viewer may not see is `not_found`, one that the viewer may see
// but not change is `forbidden`, one that is still being uploaded `conflict`; who sees it is not for those to say whose
// e-mail address is not checked (`forbidden`). Each change goes out with
// `video.changed`. Thread-safe.
class FilmEdits {
public:
    FilmEdits(Database& database, ledger::Outbox& outbox, FilmWatch& watch)
        : database_(database), outbox_(outbox), watch_(watch) {}

    // Title and description are trimmed; an empty title, too long a text, a visibility or a licence that is not
    // offered, an address that nobody has or a group that the viewer may not choose are `invalid`.
    Awaitable<Result<void>> change(Viewer viewer, VideoId id, VideoChange change, audit::Actor by = {});
    // Into the trash, from which the film is purged some days later (Trash). Nobody sees it at once.
    Awaitable<Result<void>> trash(Viewer viewer, VideoId id, audit::Actor by = {});
    // Back as it was. A film that is in no trash stays as it is; one that a moderator deleted is `forbidden`.
    Awaitable<Result<void>> restore(Viewer viewer, VideoId id, audit::Actor by = {});

private:
    Database& database_;
    ledger::Outbox& outbox_;
    FilmWatch& watch_;
};

}  // namespace movio::catalog
