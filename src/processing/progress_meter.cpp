#include "processing/progress_meter.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace movio::processing {
namespace {

constexpr std::int64_t kSayEveryUs = 500'000;
constexpr int kIndexPercent = 5;             // of the whole bar
constexpr int kEncodePercent = 93;           // the rest is the final check
constexpr std::int64_t kSoundCost = 20'000;  // a segment of sound costs about as much as so many pixels
constexpr std::int64_t kCopyCost = 5'000;    // one that is passed through

std::int64_t cost_of(const media::Plan& plan, const std::string& rendition) {
    const auto* video = plan.find_video(rendition);
    if (video == nullptr) return kSoundCost;
    return video->passthrough ? kCopyCost : std::int64_t{video->width} * video->height;
}

}  // namespace

void ProgressMeter::indexing(const FilmKey& film, int permille) {
    const std::scoped_lock lock(mutex_);
    const auto found = permille == 0 ? paces_.try_emplace(film).first : paces_.find(film);
    if (found == paces_.end()) return;
    say(film, found->second, permille * kIndexPercent / 1000, "index", permille == 0);
}

void ProgressMeter::begin(const FilmKey& film, const media::Plan& plan,
                          const std::map<std::string, std::int64_t>& stored) {
    const std::scoped_lock lock(mutex_);
    Pace& pace = paces_[film];
    if (pace.begun) return;
    const auto segments = plan.grid.segments();
    for (const auto& video : plan.video) pace.total += cost_of(plan, video.name) * segments;
    pace.total += kSoundCost * segments * static_cast<std::int64_t>(plan.audio.size());
    for (const auto& [rendition, count] : stored) pace.done += cost_of(plan, rendition) * count;
    pace.done_at_begin = pace.done;
    pace.begun_us = steady_now_us();
    pace.begun = true;
}

bool ProgressMeter::has_begun(const FilmKey& film) const {
    const std::scoped_lock lock(mutex_);
    const auto found = paces_.find(film);
    return found != paces_.end() && found->second.begun;
}

void ProgressMeter::stored(const FilmKey& film, const media::Plan& plan, const std::string& rendition) {
    const std::scoped_lock lock(mutex_);
    const auto found = paces_.find(film);
    if (found == paces_.end()) return;
    Pace& pace = found->second;
    pace.done = std::min(pace.total, pace.done + cost_of(plan, rendition));
    const auto share = pace.total == 0 ? 0 : pace.done * kEncodePercent / pace.total;
    say(film, pace, kIndexPercent + static_cast<int>(share), "encode", false);
}

void ProgressMeter::finishing(const FilmKey& film) {
    const std::scoped_lock lock(mutex_);
    const auto found = paces_.find(film);
    if (found != paces_.end()) say(film, found->second, kIndexPercent + kEncodePercent, "finish", true);
}

void ProgressMeter::ended(const FilmKey& film) {
    const std::scoped_lock lock(mutex_);
    paces_.erase(film);
}

void ProgressMeter::say(const FilmKey& film, Pace& pace, int percent, const std::string& stage, bool always) {
    const auto now = steady_now_us();
    if (!always && now - pace.said_us < kSayEveryUs) return;
    pace.said_us = now;
    Event event;
    event.id = EventId::make();
    event.type = "video.progress";
    event.time_us = wall_now_us();
    event.video = film.video;
    event.revision = film.revision;
    JsonWriter data;
    data.begin_object().member("percent", percent).member("stage", stage);
    const auto gained = pace.done - pace.done_at_begin;
    if (pace.begun && gained > 0) {
        const auto left = media::scale(now - pace.begun_us, pace.total - pace.done, gained) / 1'000'000;
        data.member("seconds_left", left);
    }
    data.end_object();
    event.data = data.take();
    bus_.publish_transient(std::move(event));
}

}  // namespace movio::processing
