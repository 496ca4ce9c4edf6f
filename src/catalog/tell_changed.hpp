#pragma once
#include "catalog/film_watch.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// What lists and search show of a film changes in this transaction: others hear of it by `video.changed`, this process
// by the watch as soon as it is durable. Both must outlive the transaction.
void tell_changed(SqlSession& session, const ledger::Outbox& outbox, FilmWatch& watch, VideoId id);

}  // namespace movio::catalog
