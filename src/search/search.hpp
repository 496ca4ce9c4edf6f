#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/media_links.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::search {

// A track that a v1 search found.
struct FoundTrack {
    TrackId track;
    VideoId video;
    std::string language;
    std::string content;  // the whole WebVTT file
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
    std::optional<std::int64_t> start_ms;  // of the first cue that matches
};

struct FoundFilm {
    catalog::Video video;
    std::optional<std::string> poster_url;
    std::vector<Hit> hits;
};
struct FoundPage {
    std::vector<FoundFilm> items;
    std::optional<std::string> next;
};

// What people find. The index says which documents; what is shown of them, and whether, the catalog says: a film that
// may not be seen (any more) is left out however late the index is. Thread-safe; references must outlive it.
class Search {
public:
    Search(SearchIndex& index, Database& catalog, const catalog::MediaLinks& links)
        : index_(index), catalog_(catalog), links_(links) {}

    // v1; the scope is set here. At most query.limit, in the query's order.
    Awaitable<std::vector<catalog::Video>> films(V1Query query, catalog::Viewer viewer);
    Awaitable<std::vector<FoundTrack>> tracks(V1Query query, catalog::Viewer viewer);
    // v2; the scope is set here. A cursor that is none of ours is `invalid`.
    Awaitable<Result<FoundPage>> lines(LineQuery query, catalog::Viewer viewer);

private:
    Awaitable<SearchScope> scope_of(catalog::Viewer viewer, bool listed_only);

    SearchIndex& index_;
    Database& catalog_;
    const catalog::MediaLinks& links_;
};

}  // namespace movio::search
