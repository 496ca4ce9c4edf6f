#include "processing/wish_book.hpp"

#include "base/clock.hpp"
#include "base/limits.hpp"

namespace movio::processing {
namespace {

constexpr std::int64_t kLifeUs = std::chrono::microseconds(limits::kWishLife).count();
// Far more than can be waited for at once; then those that lapsed are cleared away.
constexpr std::size_t kWishesKeptMax = 4096;

}  // namespace

void WishBook::heard(const FilmKey& film, const std::string& key) {
    const auto now = steady_now_us();
    const std::scoped_lock lock(mutex_);
    if (heard_us_.size() >= kWishesKeptMax)
        std::erase_if(heard_us_, [now](const auto& wish) { return now - wish.second > kLifeUs; });
    if (heard_us_.size() < kWishesKeptMax) heard_us_[{film, key}] = now;
}

bool WishBook::is_wanted(const FilmKey& film, const std::string& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = heard_us_.find({film, key});
    return found != heard_us_.end() && steady_now_us() - found->second <= kLifeUs;
}

}  // namespace movio::processing
