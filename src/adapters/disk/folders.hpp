#pragma once
#include <cstdint>
#include <ctime>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "async/pool.hpp"
#include "base/error.hpp"

// Files below one root folder by key, without following links. Everything here blocks.
namespace movio::disk {

// An open file or folder.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    int get() const { return value_; }
    explicit operator bool() const { return value_ >= 0; }

private:
    int value_ = -1;
};

std::int64_t microseconds_of(const timespec& time);

// NoSpace or Failure by errno: "cannot <what> '<name>': <reason>".
[[noreturn]] void throw_errno(std::string_view what, std::string_view name, int error);
void sync(const Descriptor& file, std::string_view name);

struct NamedFile {
    int descriptor = -1;
    std::string_view name;
};
// All at once, a thread of the pool for each: a disk that is asked for many at a time takes little longer than for one.
void sync_all(const std::vector<NamedFile>& files, Pool& pool);

// The folder that holds a key's file, and the file's name in it.
struct Place {
    Descriptor folder;
    std::string name;
};

// The folders below the root. Thread-safe.
class Folders {
public:
    explicit Folders(const std::string& root);

    const Descriptor& root() const { return root_; }
    // nullopt when a folder on the way is not there.
    std::optional<Place> find(std::string_view key) const;
    // Makes the folders that are missing. They are durable when this returns.
    Place make(std::string_view key);
    // Whether the key's folders are known to be durable; false after one of them was removed meanwhile.
    bool are_durable(std::string_view key) const;
    // Removes the folders above a removed key that are empty now.
    void prune(std::string_view key);

private:
    void forget(const std::string& folder);

    Descriptor root_;
    mutable std::mutex mutex_;
    std::unordered_set<std::string> durable_;  // "media/<video>/1"
};

}  // namespace movio::disk
