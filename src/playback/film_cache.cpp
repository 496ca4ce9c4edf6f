#include "playback/film_cache.hpp"

#include <utility>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalog/video_rows.hpp"

namespace movio::playback {
namespace {

constexpr std::size_t kFilmsMax = 256;  // plans of long films are about a megabyte
constexpr std::int64_t kFreshUs = 1'000'000;
constexpr std::size_t kTextsMax = 128;  // manifests of one film

bool same_content(const FilmFacts& a, const FilmFacts& b) {
    return a.video.updated_us == b.video.updated_us && a.video.open_reports == b.video.open_reports &&
           a.plan == b.plan && a.measured == b.measured && a.captions.size() == b.captions.size() &&
           std::equal(a.captions.begin(), a.captions.end(), b.captions.begin(),
                      [](const auto& x, const auto& y) { return x.id == y.id && x.version == y.version; });
}

std::string text_of(const Bytes& bytes) { return std::string(as_text(bytes)); }

}  // namespace

Awaitable<std::shared_ptr<const FilmFacts>> FilmCache::find(VideoId id) {
    std::uint64_t epoch = 0;
    if (auto facts = fresh(id, epoch)) co_return facts;
    co_return co_await read(id, epoch);
}

Awaitable<std::shared_ptr<const FilmFacts>> FilmCache::read(VideoId id, std::uint64_t epoch) {
    auto facts = std::make_shared<FilmFacts>();
    const auto video = co_await database_.read([&facts, id](SqlSession& session) {
        auto found = catalog::find_video(session, id);
        if (found) facts->captions = catalog::tracks_of(session, id);
        return found;
    });
    if (!video || video->deleted_us) {
        forget(id);
        co_return nullptr;
    }
    facts->video = *video;
    const auto before = known(id);
    // Plan and measurements are immutable, so what was parsed once serves as long as its key stays.
    if (before && before->plan && before->video.plan_key == video->plan_key) facts->plan = before->plan;
    if (!facts->plan && !video->plan_key.empty()) {
        const auto bytes = co_await blobs_.get(BlobKey(video->plan_key), limits::kPlanJsonBytesMax);
        auto plan = bytes ? media::plan_from_json(text_of(*bytes)) : fail(ErrorCode::not_found, "the plan is gone");
        if (!plan) throw Failure("cannot read " + video->plan_key + ": " + plan.error().message);
        facts->plan = std::make_shared<const media::Plan>(std::move(*plan));
    }
    if (before && before->measured && before->video.measured_key == video->measured_key)
        facts->measured = before->measured;
    if (!facts->measured && !video->measured_key.empty()) {
        const auto bytes = co_await blobs_.get(BlobKey(video->measured_key), limits::kPlanJsonBytesMax);
        auto measured = bytes ? media::measured_from_json(text_of(*bytes)) : fail(ErrorCode::not_found, "it is gone");
        if (!measured) throw Failure("cannot read " + video->measured_key + ": " + measured.error().message);
        facts->measured = std::make_shared<const media::Measured>(std::move(*measured));
    }
    if (before && same_content(*before, *facts)) {
        keep(id, before, epoch);
        co_return before;
    }
    keep(id, facts, epoch);
    co_return facts;
}

void FilmCache::forget(VideoId id) {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    const auto found = by_id_.find(id);
    if (found != by_id_.end()) found->second->read_us = 0;
}

std::shared_ptr<const FilmFacts> FilmCache::fresh(VideoId id, std::uint64_t& epoch) {
    const std::scoped_lock lock(mutex_);
    epoch = epoch_;
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || steady_now_us() - found->second->read_us > kFreshUs) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->facts;
}

std::shared_ptr<const FilmFacts> FilmCache::known(VideoId id) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second->facts;
}

void FilmCache::keep(VideoId id, std::shared_ptr<const FilmFacts> facts, std::uint64_t epoch) {
    const std::scoped_lock lock(mutex_);
    const std::int64_t read_us = epoch == epoch_ ? steady_now_us() : 0;
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        entries_.push_front(Entry{id, read_us, std::move(facts), {}});
        by_id_[id] = entries_.begin();
    } else {
        auto& entry = *found->second;
        entry.read_us = read_us;
        if (entry.facts != facts) entry.texts.clear();
        entry.facts = std::move(facts);
        entries_.splice(entries_.begin(), entries_, found->second);
    }
    if (entries_.size() > kFilmsMax) {
        by_id_.erase(entries_.back().id);
        entries_.pop_back();
    }
}

std::shared_ptr<const std::string> FilmCache::find_rendered(const FilmFacts* facts, const std::string& name) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_id_.find(facts->video.id);
    if (found == by_id_.end() || found->second->facts.get() != facts) return nullptr;
    const auto text = found->second->texts.find(name);
    return text == found->second->texts.end() ? nullptr : text->second;
}

void FilmCache::keep_rendered(const FilmFacts* facts, const std::string& name,
                              std::shared_ptr<const std::string> text) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_id_.find(facts->video.id);
    if (found == by_id_.end() || found->second->facts.get() != facts) return;
    if (found->second->texts.size() < kTextsMax) found->second->texts.emplace(name, std::move(text));
}

}  // namespace movio::playback
