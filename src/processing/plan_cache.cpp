#include "processing/plan_cache.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "ports/blob_keys.hpp"

namespace movio::processing {
namespace {

constexpr std::size_t kPlansMax = 32;

}  // namespace

std::shared_ptr<const media::Plan> PlanCache::known(const FilmKey& film) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(entries_, film, &Entry::first);
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return found->second;
}

Awaitable<std::shared_ptr<const media::Plan>> PlanCache::find(FilmKey film) {
    if (auto plan = known(film)) co_return plan;
    const std::string key = blob_keys::plan(film.video, film.revision);
    const auto bytes = co_await blobs_.get(BlobKey(key), limits::kPlanJsonBytesMax);
    if (!bytes) co_return nullptr;
    auto parsed = media::plan_from_json(as_text(*bytes));
    if (!parsed) throw Failure("cannot read the plan '" + key + "': " + parsed.error().message);
    auto plan = std::make_shared<const media::Plan>(std::move(*parsed));
    const std::scoped_lock lock(mutex_);
    entries_.emplace_front(film, plan);
    if (entries_.size() > kPlansMax) entries_.pop_back();
    co_return plan;
}

}  // namespace movio::processing
