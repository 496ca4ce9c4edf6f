#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "processing/film_rows.hpp"

namespace movio::processing {

// Which segments somebody waits for. Whoever waits repeats the wish, so one that was not heard of for
// limits::kWishLife has nobody left, whatever became of them: no message has to arrive for that. In memory only: after
// a restart nobody waits. Thread-safe, bounded.
class WishBook {
public:
    // `key` names the segment in its film, as its task does.
    void heard(const FilmKey& film, const std::string& key);
    bool is_wanted(const FilmKey& film, const std::string& key) const;

private:
    using Wish = std::pair<FilmKey, std::string>;

    mutable std::mutex mutex_;
    std::map<Wish, std::int64_t> heard_us_;  // steady clock
};

}  // namespace movio::processing
