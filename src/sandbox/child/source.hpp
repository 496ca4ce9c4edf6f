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

// A source that is still being written, as an inherited descriptor: read up to where the parent says that it has come,
// then waited for. It goes on being read when the upload is stored under another name.
class GrowingSource : public media::ByteSource {
public:
    GrowingSource(ParentLink& link, int fd, std::int64_t size_expected)
        : link_(link), file_(fd, 0), size_expected_(size_expected) {}
    std::int64_t size() const override;
    bool holds(std::int64_t bytes) const override;
    std::int64_t size_expected() const override { return grown_.complete ? grown_.bytes : size_expected_; }
    media::MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) override;

private:
    ParentLink& link_;
    FileSource file_;
    std::int64_t size_expected_;
    mutable Grown grown_;
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
