#pragma once
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>

#include "adapters/fts5/slots.hpp"
#include "ports/database.hpp"

namespace movio::fts5 {

enum class Source { all_films, film_words, all_tracks, track_words, line_words };
enum class Order { newest_first, oldest_first };

// The slots of the documents that match, in order, each once, read in small batches as they are asked for: what a
// common word costs depends on how many are taken, not on how many there are. Of a track with many lines that match a
// batch is read and the rest skipped. Lives inside one transaction.
class SlotStream {
public:
    // `match` is not used by the sources that have all. Slots outside [first, last] are left out.
    SlotStream(SqlSession& session, Source source, std::string match, Order order, std::int64_t first = 0,
               std::int64_t last = kSlotMax);

    // nullopt at the end.
    std::optional<std::int64_t> peek();
    void pop() { ready_.pop_front(); }
    // Newest first only: goes on with the newest slot that is not above `slot`.
    void skip_to(std::int64_t slot);

private:
    void fill();

    SqlSession& session_;
    Source source_;
    std::string match_;
    Order order_;
    std::int64_t first_;  // what is left to read, in slots
    std::int64_t last_;
    std::int64_t batch_ = 16;  // rows read at once; by how many slots the last ones were
    std::deque<std::int64_t> ready_;
};

// Whether the document of that slot matches.
bool matches(SqlSession& session, Source source, const std::string& match, std::int64_t slot);

}  // namespace movio::fts5
