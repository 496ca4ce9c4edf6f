#include "sandbox/child/source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>

#include <sys/mman.h>

#include "base/error.hpp"

namespace movio::sandbox {

using media::MediaResult;
using media::MediaStage;

MediaResult<std::size_t> FileSource::read_at(std::int64_t offset, std::span<std::byte> target) {
    std::size_t done = 0;
    while (done < target.size()) {
        const auto at = offset + static_cast<std::int64_t>(done);
        const auto got = ::pread(fd_, target.data() + done, target.size() - done, at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return media::bad_media(MediaStage::open, ErrorCode::internal, "The source file could not be read.",
                                    std::string("pread: ") + system_message(errno));
        }
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::int64_t GrowingSource::size() const {
    constexpr auto kAll = std::numeric_limits<std::int64_t>::max() / 2;
    if (!grown_.complete) grown_ = link_.wait_grown(kAll);
    return grown_.bytes;
}

bool GrowingSource::holds(std::int64_t bytes) const {
    if (bytes > grown_.bytes && !grown_.complete) grown_ = link_.wait_grown(bytes);
    return bytes <= grown_.bytes;
}

MediaResult<std::size_t> GrowingSource::read_at(std::int64_t offset, std::span<std::byte> target) {
    holds(offset + static_cast<std::int64_t>(target.size()));
    const auto there = std::clamp<std::int64_t>(grown_.bytes - offset, 0, static_cast<std::int64_t>(target.size()));
    return file_.read_at(offset, target.first(static_cast<std::size_t>(there)));
}

namespace {

constexpr auto kBlock = static_cast<std::int64_t>(kBlockBytes);

}  // namespace

WindowSource::WindowSource(ParentLink& link, int window_fd, std::int64_t size) : link_(link), size_(size) {
    void* mapped = ::mmap(nullptr, kWindowBytes, PROT_READ, MAP_SHARED, window_fd, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    window_ = static_cast<const std::byte*>(mapped);
}

WindowSource::~WindowSource() { ::munmap(const_cast<std::byte*>(window_), kWindowBytes); }

MediaResult<std::size_t> WindowSource::read_at(std::int64_t offset, std::span<std::byte> target) {
    std::size_t done = 0;
    while (done < target.size() && offset >= 0 && offset < size_) {
        const auto bytes = block(offset / kBlock);
        const auto skip = static_cast<std::size_t>(offset % kBlock);
        if (skip >= bytes.size()) break;
        const auto part = std::min(target.size() - done, bytes.size() - skip);
        std::memcpy(target.data() + done, bytes.data() + skip, part);
        done += part;
        offset += static_cast<std::int64_t>(part);
    }
    return done;
}

std::span<const std::byte> WindowSource::block(std::int64_t number) {
    const bool in_a_run = number == last_block_ + 1;
    const bool is_new = number != last_block_;
    last_block_ = number;
    int slot = find(number);
    if (slot < 0) slot = fetch(number);
    slots_.at(static_cast<std::size_t>(slot)).used = ++clock_;
    if (is_new && in_a_run && (number + 1) * kBlock < size_ && find(number + 1) < 0) {
        fetch(number + 1);
    }
    const auto length = link_.wait_block(slot);
    return {window_ + static_cast<std::size_t>(slot) * kBlockBytes, length};
}

int WindowSource::find(std::int64_t number) const {
    const auto found = std::ranges::find(slots_, number, &Slot::block);
    return found == slots_.end() ? -1 : static_cast<int>(found - slots_.begin());
}

int WindowSource::fetch(std::int64_t number) {
    const auto oldest = std::ranges::min_element(slots_, {}, &Slot::used);
    const int slot = static_cast<int>(oldest - slots_.begin());
    link_.wait_block(slot);  // a block asked for ahead and never used may still be under way
    *oldest = {number, ++clock_};
    const auto offset = number * kBlock;
    link_.request_block({slot, offset, std::min(kBlock, size_ - offset)});
    return slot;
}

}  // namespace movio::sandbox
