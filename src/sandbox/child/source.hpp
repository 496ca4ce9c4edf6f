#pragma once
#include <array>
#include <cstdint>

#include "media/format/byte_source.hpp"
#include "sandbox/child/parent_link.hpp"

namespace movio::sandbox {

// The source as an inherited descriptor. The kernel's page cache and read-ahead are all it needs.
class FileSource : public media::ByteSource {
public:
    FileSource(int fd, std::int64_t size) : fd_(fd), size_(size) {}
    std::int64_t size() const override { return size_; }
    media::MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) override;

private:
    int fd_;
    std::int64_t size_;
};

// The source by request: whole blocks that the parent puts into a shared window, which is also the cache (the slot
// used longest ago is replaced). In a run of blocks the next one is asked for while this one is used.
class WindowSource : public media::ByteSource {
public:
    // Maps the window; without memory for that it throws bad_alloc.
    WindowSource(ParentLink& link, int window_fd, std::int64_t size);
    ~WindowSource() override;
    WindowSource(const WindowSource&) = delete;
    WindowSource& operator=(const WindowSource&) = delete;
    std::int64_t size() const override { return size_; }
    media::MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) override;

private:
    struct Slot {
        std::int64_t block = -1;
        std::int64_t used = 0;
    };
    std::span<const std::byte> block(std::int64_t number);
    int find(std::int64_t number) const;
    int fetch(std::int64_t number);

    ParentLink& link_;
    std::int64_t size_;
    const std::byte* window_ = nullptr;
    std::array<Slot, kWindowSlots> slots_;
    std::int64_t clock_ = 0;
    std::int64_t last_block_ = -2;
};

}  // namespace movio::sandbox
