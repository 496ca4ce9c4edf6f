#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/asio.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace movio {

// A '/'-separated name in the store, never a path: 1–200 characters of [A-Za-z0-9._-] and '/', no empty part, no part
// that begins with a dot.
class BlobKey {
public:
    static std::optional<BlobKey> parse(std::string_view text);
    // For keys that the program itself puts together; a bad one is a bug and throws Failure.
    explicit BlobKey(std::string_view text);
    const std::string& text() const { return text_; }
    auto operator<=>(const BlobKey&) const = default;

private:
    std::string text_;
};

struct BlobInfo {
    std::string key;
    std::int64_t bytes = 0;
    std::int64_t modified_us = 0;
};

// Bytes of one blob. Not thread-safe; one read at a time.
class BlobReader {
public:
    virtual ~BlobReader() = default;
    virtual std::int64_t size() const = 0;
    // Up to `length` bytes from `offset`; fewer only at the end. A failing store throws Failure.
    virtual Awaitable<Bytes> read(std::int64_t offset, std::size_t length) = 0;
};

enum class CommitOutcome { stored, existed };

// A whole blob on its way into the store.
struct NewBlob {
    BlobKey key;
    Bytes bytes;
};

// A blob being written. It becomes visible, whole and durable, by `commit`; destroyed before that it leaves nothing.
class BlobWriter {
public:
    virtual ~BlobWriter() = default;
    // Throws NoSpace when the store is full.
    virtual Awaitable<void> write(Bytes bytes) = 0;
    // Put-if-absent: the first complete writer wins, a later one gets `existed` and its bytes are dropped.
    virtual Awaitable<CommitOutcome> commit() = 0;
};

// `complete`: every byte is there and is being made durable; `stored` under its key, by this writer; `abandoned`: it
// never will be, or another writer was first.
enum class Growth { growing, complete, stored, abandoned };

// How far a blob has come that is being written.
struct BlobGrowth {
    std::int64_t bytes = 0;
    Growth state = Growth::growing;
};

// A blob that is being written, for whoever reads along. What has been written does not change any more, and can be
// read to the end also after the blob is stored, removed or abandoned. One call at a time, but for `growth`.
class GrowingBlob {
public:
    virtual ~GrowingBlob() = default;
    // Any thread.
    virtual BlobGrowth growth() const = 0;
    // Resumes when so many bytes are there, when no more will come, or when none has come for as long as `patience`:
    // then the answer still says `growing`, with fewer.
    virtual Awaitable<BlobGrowth> wait_for(std::int64_t bytes, std::chrono::milliseconds patience) = 0;
    // The file that grows, open for reading, where the store is a local folder; -1 elsewhere. It ends with this.
    virtual int descriptor() const = 0;
};

struct BlobPage {
    std::vector<BlobInfo> items;
    std::optional<std::string> next;  // pass as `after` to go on
};

// Where sources, segments, images and captions live. Thread-safe. A blob is immutable from commit to removal.
class BlobStore {
public:
    virtual ~BlobStore() = default;
    virtual Awaitable<std::optional<BlobInfo>> stat(BlobKey key) = 0;
    // nullptr when there is no such blob.
    virtual Awaitable<std::unique_ptr<BlobReader>> open(BlobKey key) = 0;
    // `bytes_expected` reserves space (0 = unknown); no_space when it cannot be had.
    virtual Awaitable<Result<std::unique_ptr<BlobWriter>>> create(BlobKey key, std::int64_t bytes_expected) = 0;
    // The blob that this process is writing to the key now, the newest of several; nullptr when there is none, or the
    // store does not show what is not whole: whoever reads along does so to save time and can do without.
    virtual Awaitable<std::unique_ptr<GrowingBlob>> open_growing(BlobKey key);
    // Renames a whole blob, put-if-absent. False when `from` is gone and `to` is not there.
    virtual Awaitable<bool> move(BlobKey from, BlobKey to) = 0;
    // Removing what is not there is no error.
    virtual Awaitable<void> remove(BlobKey key) = 0;
    // Removes all whose key begins with `prefix`; how many there were.
    virtual Awaitable<std::int64_t> remove_all(std::string prefix);
    // In key order, at most 1,000 at a time, all whose key begins with `prefix`.
    virtual Awaitable<BlobPage> list(std::string prefix, std::optional<std::string> after) = 0;
    // The file behind a blob where the store is a local folder, for sendfile and pread by descriptor.
    virtual std::optional<std::filesystem::path> local_file(const BlobKey& key) const {
        (void)key;
        return std::nullopt;
    }

    // Writes one piece whole: create, write, commit.
    Awaitable<Result<CommitOutcome>> put(BlobKey key, Bytes bytes);
    // Several pieces, each as by `put`, and one outcome for each. It is waiting for the disk that takes the time, and
    // all of them wait for it together. Where one cannot be stored, others may have been.
    virtual Awaitable<Result<std::vector<CommitOutcome>>> put_all(std::vector<NewBlob> blobs) = 0;
    // The whole blob, nullopt when absent; longer than `bytes_max` is a Failure.
    Awaitable<std::optional<Bytes>> get(BlobKey key, std::int64_t bytes_max);
};

// For whoever cannot go on without the blob: NoSpace or Failure, by what `create` or `put` answered.
[[noreturn]] void throw_not_stored(std::string_view key, const Error& reason);

}  // namespace movio
