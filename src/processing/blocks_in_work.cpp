#include "processing/blocks_in_work.hpp"

#include <utility>

namespace movio::processing {

BlocksInWork::Place::Place(BlocksInWork& blocks, Block block) : blocks_(&blocks), block_(std::move(block)) {}

BlocksInWork::Place::Place(Place&& other) noexcept
    : blocks_(std::exchange(other.blocks_, nullptr)), block_(std::move(other.block_)) {}

BlocksInWork::Place::~Place() {
    if (blocks_ == nullptr) return;
    const std::scoped_lock lock(blocks_->mutex_);
    blocks_->taken_.erase(block_);
}

std::optional<BlocksInWork::Place> BlocksInWork::take(const FilmKey& film, const std::string& rendition,
                                                      std::int64_t first) {
    Place::Block block{film, rendition, first};
    const std::scoped_lock lock(mutex_);
    if (!taken_.insert(block).second) return std::nullopt;
    return Place(*this, std::move(block));
}

}  // namespace movio::processing
