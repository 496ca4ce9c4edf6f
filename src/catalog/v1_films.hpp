#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "base/json.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// A page of the v1 list.
struct V1Page {
    std::int64_t number = 1;
    std::int64_t pages = 1;  // at least one, which may be empty
    std::int64_t count = 0;  // films on all pages
    std::string films_json;  // array of the films as clients of the original know them, without subtitles
};

// What the v1 endpoints show, as JSON. `base_url` goes before addresses that have no host. Answers are kept for at most
// a second, and no longer than until something changes. Thread-safe.
class V1Films {
public:
    static constexpr std::int64_t kPageLength = 10;
    static constexpr std::int64_t kLastPage = -1;

    // `store` makes the addresses that need no CDN, `cdn` those of the CDN where there is one, else the same.
    V1Films(Database& database, FilmWatch& watch, const MediaLinks& store, const MediaLinks& cdn);

    // The object of one film, its subtitles in it, English first; nullptr when there is none that this viewer may see.
    Awaitable<std::shared_ptr<const std::string>> find(Viewer viewer, VideoId id, std::string base_url);
    // nullptr when there is no such page. Newest first.
    Awaitable<std::shared_ptr<const V1Page>> list(Viewer viewer, std::int64_t page, std::string base_url);

private:
    struct KnownFilm {
        Video video;
        std::shared_ptr<const std::string> json;
        std::int64_t read_us = 0;
        bool reached = false;  // the viewer for whom it was read
    };
    struct KnownPage {
        std::shared_ptr<const V1Page> page;
        std::int64_t read_us = 0;
    };
    // For whom, empty for everybody; with the base_url.
    using FilmKey = std::tuple<VideoId, std::string, std::string>;
    using PageKey = std::tuple<std::string, std::int64_t, std::string>;

    void changed(VideoId id);
    void keep(const FilmKey& key, const std::shared_ptr<const KnownFilm>& known, std::uint64_t epoch);
    void keep(const PageKey& key, const KnownPage& known, std::uint64_t epoch);
    std::shared_ptr<const KnownFilm> known_film(const FilmKey& key, std::uint64_t& epoch);
    void write_members(JsonWriter& json, const Viewer& viewer, const Video& video, const std::string& base_url) const;

    Database& database_;
    const MediaLinks& store_;
    const MediaLinks& cdn_;
    std::mutex mutex_;
    std::uint64_t epoch_ = 0;  // rises with every change of a film, so that what was read before it is not kept
    std::map<FilmKey, std::shared_ptr<const KnownFilm>> films_;
    std::size_t films_bytes_ = 0;
    std::map<PageKey, KnownPage> pages_;
    FilmWatch::Subscription changes_;
};

}  // namespace movio::catalog
