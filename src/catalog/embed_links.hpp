#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/entry.hpp"
#include "base/result.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// By it, pages of the named origins show a film to whoever sees these pages, whoever may see it otherwise.
struct EmbedLink {
    EmbedLinkId id;
    VideoId video;
    std::vector<std::string> origins;  // as `web_origin` writes them
    std::int64_t created_us = 0;
    std::int64_t expires_us = 0;  // from then on it begins nothing
};

struct NewEmbedLink {
    EmbedLink link;
    std::string token;  // told this once: its hash alone is kept
};

// Whoever looks by this link, also when it has run out or was taken back; nullopt: it is none of ours.
std::optional<LinkViewer> find_link_viewer(SqlSession& session, EmbedLinkId id);

// Links for embedding, made by whoever may change the film: to others it is `forbidden` where they see the film, else
// `not_found`. Thread-safe.
class EmbedLinks {
public:
    // The database outlives the links.
    explicit EmbedLinks(Database& database) : database_(database) {}

    // Counts for `seconds`. Origins that are none, too many or none at all, and a time that is out of bounds, are
    // `invalid`; a film that has limits::kEmbedLinksPerVideoMax is `conflict`.
    Awaitable<Result<NewEmbedLink>> make(Viewer viewer, VideoId video, std::vector<std::string> origins,
                                         std::int64_t seconds, audit::Actor by = {});
    // What counts now, newest first.
    Awaitable<Result<std::vector<EmbedLink>>> list(Viewer viewer, VideoId video);
    // What the link let begin ends, too.
    Awaitable<Result<void>> revoke(Viewer viewer, VideoId video, EmbedLinkId link, audit::Actor by = {});
    // By its token, as long as it counts.
    Awaitable<std::optional<EmbedLink>> find(std::string token);

    // Forgets links whose last viewers have seen their films to the end.
    Awaitable<void> clean_up();

private:
    Database& database_;
};

}  // namespace movio::catalog
