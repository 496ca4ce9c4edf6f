#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "processing/film_rows.hpp"

namespace movio::processing {

// Which blocks of sound are being made for somebody who waits. A player asks for several segments of a block at once,
// and each of them gives the whole block: one task makes it, for all. In memory only, thread-safe; it outlives its
// places.
class BlocksInWork {
public:
    // A block is free again when its place goes.
    class Place {
    public:
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        friend class BlocksInWork;
        using Block = std::tuple<FilmKey, std::string, std::int64_t>;
        Place(BlocksInWork& blocks, Block block);

        BlocksInWork* blocks_;
        Block block_;
    };

    // `first` is the first segment of the block. Nothing when somebody has it.
    std::optional<Place> take(const FilmKey& film, const std::string& rendition, std::int64_t first);

private:
    std::mutex mutex_;
    std::set<Place::Block> taken_;
};

}  // namespace movio::processing
