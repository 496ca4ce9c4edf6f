#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "async/asio.hpp"
#include "async/pool.hpp"

namespace movio::http {

// An open regular file; closed with the object.
class OpenFile {
public:
    OpenFile(int descriptor, std::int64_t bytes) : descriptor_(descriptor), bytes_(bytes) {}
    ~OpenFile();
    OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(other.bytes_) {}
    OpenFile& operator=(OpenFile&&) = delete;

    int descriptor() const { return descriptor_; }
    std::int64_t bytes() const { return bytes_; }

private:
    int descriptor_;
    std::int64_t bytes_;
};

// nullopt when there is no such regular file. What the kernel has at hand is opened at once; what needs the disk, on
// the pool where there is one.
Awaitable<std::optional<OpenFile>> open_file(std::filesystem::path path, Pool* disk);

// Brings that part of the file into memory on the pool, if it is not there, so that sendfile does not wait for the disk
// on an I/O thread.
Awaitable<void> warm(int descriptor, std::int64_t offset, std::int64_t length, Pool* disk);

}  // namespace movio::http
