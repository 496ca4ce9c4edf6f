#include "catalog/tell_changed.hpp"

namespace movio::catalog {

void tell_changed(SqlSession& session, const ledger::Outbox& outbox, FilmWatch& watch, VideoId id) {
    Event event;
    event.type = "video.changed";
    event.video = id;
    outbox.append(session, std::move(event));
    session.after_commit([&watch, id] { watch.changed(id); });
}

}  // namespace movio::catalog
