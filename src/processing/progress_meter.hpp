#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "media/format/plan.hpp"
#include "ports/event_bus.hpp"
#include "processing/film_rows.hpp"

namespace movio::processing {

// How far each film is, from the segments that are stored, and how long the rest will take at the pace so far. Says so
// by `video.progress`, at most twice a second a film; nothing of films that have not begun or have ended. Thread-safe.
class ProgressMeter {
public:
    explicit ProgressMeter(EventBus& bus) : bus_(bus) {}

    // 0 begins.
    void indexing(const FilmKey& film, int permille);
    // Segments by rendition that were there before this process began; the pace counts from now.
    void begin(const FilmKey& film, const media::Plan& plan, const std::map<std::string, std::int64_t>& stored);
    bool has_begun(const FilmKey& film) const;
    void stored(const FilmKey& film, const media::Plan& plan, const std::string& rendition);
    void finishing(const FilmKey& film);
    void ended(const FilmKey& film);

private:
    struct Pace {
        std::int64_t total = 0;  // cost of all segments, in pixels times segments
        std::int64_t done = 0;
        std::int64_t done_at_begin = 0;
        std::int64_t begun_us = 0;
        std::int64_t said_us = 0;
        bool begun = false;
    };
    void say(const FilmKey& film, Pace& pace, int percent, const std::string& stage, bool always);

    EventBus& bus_;
    mutable std::mutex mutex_;
    std::map<FilmKey, Pace> paces_;
};

}  // namespace movio::processing
