#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/track_rows.hpp"
#include "catalog/video.hpp"
#include "media/format/measured.hpp"
#include "media/format/plan.hpp"
#include "ports/blob_store.hpp"
#include "ports/database.hpp"

namespace movio::playback {

// What playback knows of one film at one moment. Immutable, shared between requests.
struct FilmFacts {
    catalog::Video video;
    std::vector<catalog::CaptionTrackRow> captions;
    std::shared_ptr<const media::Plan> plan;          // nullptr until planned
    std::shared_ptr<const media::Measured> measured;  // nullptr until finished
};

// Films that are being watched: their rows, plans and rendered manifests, so that a segment costs no look-up. Entries
// are read anew after a second or when `forget` says that something changed. Bounded; thread-safe.
class FilmCache {
public:
    FilmCache(Database& database, BlobStore& blobs) : database_(database), blobs_(blobs) {}

    // nullptr when there is no such film, or it is in the bin.
    Awaitable<std::shared_ptr<const FilmFacts>> find(VideoId id);
    void forget(VideoId id);

    // A text rendered from these very facts, made once.
    template <class Render>
    std::shared_ptr<const std::string> rendered(const std::shared_ptr<const FilmFacts>& facts, const std::string& name,
                                                Render render) {
        if (auto found = find_rendered(facts.get(), name)) return found;
        auto made = std::make_shared<const std::string>(render());
        keep_rendered(facts.get(), name, made);
        return made;
    }

private:
    struct Entry {
        VideoId id;
        std::int64_t read_us = 0;
        std::shared_ptr<const FilmFacts> facts;
        std::unordered_map<std::string, std::shared_ptr<const std::string>> texts;
    };
    using Entries = std::list<Entry>;

    // `epoch` is then for `keep`: what was read before somebody said `forget` is not fresh.
    std::shared_ptr<const FilmFacts> fresh(VideoId id, std::uint64_t& epoch);
    std::shared_ptr<const FilmFacts> known(VideoId id);
    Awaitable<std::shared_ptr<const FilmFacts>> read(VideoId id, std::uint64_t epoch);
    void keep(VideoId id, std::shared_ptr<const FilmFacts> facts, std::uint64_t epoch);
    std::shared_ptr<const std::string> find_rendered(const FilmFacts* facts, const std::string& name);
    void keep_rendered(const FilmFacts* facts, const std::string& name, std::shared_ptr<const std::string> text);

    Database& database_;
    BlobStore& blobs_;
    std::mutex mutex_;
    std::uint64_t epoch_ = 0;  // rises with each `forget`
    Entries entries_;          // most recently used first
    std::unordered_map<VideoId, Entries::iterator> by_id_;
};

}  // namespace movio::playback
