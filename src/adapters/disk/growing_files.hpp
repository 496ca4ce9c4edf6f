#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ports/blob_store.hpp"

namespace movio::disk {

// How far one file has come; whoever waits for more of it is woken. Thread-safe.
class GrowingFile {
public:
    GrowingFile();
    ~GrowingFile();

    void grown_to(std::int64_t bytes);
    // What is stored or abandoned stays so.
    void advance(Growth to);
    BlobGrowth growth() const;
    // As GrowingBlob's.
    static Awaitable<BlobGrowth> wait_for(std::shared_ptr<GrowingFile> file, std::int64_t bytes,
                                          std::chrono::milliseconds patience);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The files that are being written, by key. Thread-safe.
class GrowingFiles {
public:
    struct Entry {
        std::shared_ptr<GrowingFile> file;
        std::string staged_as;
    };
    void add(const std::string& key, Entry entry);
    void remove(const std::string& key, const std::shared_ptr<GrowingFile>& file);
    // The newest; without a file where nothing is being written.
    Entry find(const std::string& key) const;

private:
    mutable std::mutex mutex_;
    std::multimap<std::string, Entry> entries_;
};

}  // namespace movio::disk
