#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "async/pool.hpp"
#include "ports/blob_store.hpp"

namespace movio {

struct DiskBlobStoreOptions {
    std::filesystem::path root;
    // Never filled further than this, so that databases can still record that the disk is full.
    std::int64_t free_bytes_min = 64LL << 20;
    // Whether no other process writes here: then whatever is left in staging at the start is of a dead one.
    bool sole_owner = true;
};

// Blobs as files, root/<key>, mode 0640, folders 0750. A blob is written in root/.tmp, made durable, then renamed to
// its key, which fails when the key is taken: it is never visible in part, and after `commit` it survives a loss of
// power. What is written is on its way to the disk soon, so that little is left to do at the end. No symbolic link
// below the root is followed. All disk work is done on the pool, but that each file of several is synced by a thread of
// the store's own.
class DiskBlobStore final : public BlobStore {
public:
    // Blocks: makes the folders that are missing and clears staging. Throws Failure when the root cannot be used.
    // The pool must outlive the store, its readers and its writers.
    DiskBlobStore(DiskBlobStoreOptions options, Pool& disk);
    ~DiskBlobStore() override;

    Awaitable<std::optional<BlobInfo>> stat(BlobKey key) override;
    Awaitable<std::unique_ptr<BlobReader>> open(BlobKey key) override;
    Awaitable<Result<std::unique_ptr<BlobWriter>>> create(BlobKey key, std::int64_t bytes_expected) override;
    Awaitable<Result<std::vector<CommitOutcome>>> put_all(std::vector<NewBlob> blobs) override;
    Awaitable<std::unique_ptr<GrowingBlob>> open_growing(BlobKey key) override;
    Awaitable<bool> move(BlobKey from, BlobKey to) override;
    Awaitable<void> remove(BlobKey key) override;
    Awaitable<std::int64_t> remove_all(std::string prefix) override;
    Awaitable<BlobPage> list(std::string prefix, std::optional<std::string> after) override;
    std::optional<std::filesystem::path> local_file(const BlobKey& key) const override;

    // Removes what lies in staging and was not written to for that long. Returns how much.
    Awaitable<std::int64_t> sweep_staging(std::chrono::seconds untouched_for);

private:
    class Writer;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio
