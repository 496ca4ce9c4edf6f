#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// A film as clients of the original know it.
struct V1Film {
    Video video;
    std::optional<std::string> store_url;  // of the MPD; absolute, or path-absolute on this service
    std::optional<std::string> cdn_url;
    std::string subtitles_json = "[]";  // [{language, content}], English first; empty in lists
};

struct V1Page {
    std::int64_t number = 1;
    std::int64_t pages = 1;  // at least one, which may be empty
    std::int64_t count = 0;  // films on all pages
    std::vector<V1Film> films;
};

// Writes the members of a film into an open object. `base_url` goes before addresses that have no host.
void write_v1_members(JsonWriter& json, const V1Film& film, const std::string& base_url);

// What the v1 endpoints show. Answers are kept for at most a second, and no longer than until something changes.
// Thread-safe.
class V1Films {
public:
    static constexpr std::int64_t kPageLength = 10;
    static constexpr std::int64_t kLastPage = -1;

    // `store` makes the addresses that need no CDN, `cdn` those of the CDN where there is one, else the same.
    V1Films(Database& database, FilmWatch& watch, const MediaLinks& store, const MediaLinks& cdn);

    // nullptr when there is none that this viewer may see.
    Awaitable<std::shared_ptr<const V1Film>> find(Viewer viewer, VideoId id);
    // nullptr when there is no such page. Newest first.
    Awaitable<std::shared_ptr<const V1Page>> list(Viewer viewer, std::int64_t page);

private:
    struct KnownFilm {
        std::shared_ptr<const V1Film> film;
        std::int64_t read_us = 0;
    };
    struct KnownPage {
        std::shared_ptr<const V1Page> page;
        std::int64_t read_us = 0;
    };
    using PageKey = std::pair<std::string, std::int64_t>;

    void changed(VideoId id);
    void keep(VideoId id, const KnownFilm& known, std::uint64_t epoch);
    void keep(const PageKey& key, const KnownPage& known, std::uint64_t epoch);
    V1Film film_of(Video video) const;

    Database& database_;
    const MediaLinks& store_;
    const MediaLinks& cdn_;
    std::mutex mutex_;
    std::uint64_t epoch_ = 0;  // rises with every change of a film, so that what was read before it is not kept
    std::unordered_map<VideoId, KnownFilm> films_;
    std::size_t films_bytes_ = 0;
    std::map<PageKey, KnownPage> pages_;
    FilmWatch::Subscription changes_;
};

}  // namespace movio::catalog
