#include "adapters/disk/blob_store.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "adapters/disk/folders.hpp"
#include "adapters/disk/growing_files.hpp"
#include "adapters/disk/listing.hpp"
#include "adapters/disk/staging.hpp"
#include "base/log.hpp"

namespace movio {
namespace {

using disk::Descriptor;
using disk::Folders;
using disk::Place;
using disk::throw_errno;

constexpr std::size_t kPage = 1000;
constexpr std::size_t kReadBytesMax = 64U << 20;
constexpr std::int64_t kSyncBytes = 16 << 20;  // of a large blob nothing but the last of it waits for the disk
constexpr std::size_t kSyncThreads = 16;       // they do nothing but wait for the disk, several files at once
constexpr std::size_t kSyncsQueuedMax = 1024;

// nullopt unless it is a regular file.
std::optional<struct stat> file_at(const Place& place) {
    struct stat info{};
    if (::fstatat(place.folder.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_errno("look at blob", place.name, errno);
    }
    return S_ISREG(info.st_mode) ? std::optional(info) : std::nullopt;
}

class DiskGrowingBlob final : public GrowingBlob {
public:
    DiskGrowingBlob(std::shared_ptr<disk::GrowingFile> file, Descriptor descriptor)
        : file_(std::move(file)), descriptor_(std::move(descriptor)) {}
    BlobGrowth growth() const override { return file_->growth(); }
    Awaitable<BlobGrowth> wait_for(std::int64_t bytes, std::chrono::milliseconds patience) override {
        return disk::GrowingFile::wait_for(file_, bytes, patience);
    }
    int descriptor() const override { return descriptor_.get(); }

private:
    std::shared_ptr<disk::GrowingFile> file_;
    Descriptor descriptor_;
};

std::unexpected<Error> is_full(const std::string& who, std::int64_t bytes) {
    return fail(ErrorCode::no_space, "There is not enough space left in the store.",
                who + " " + std::to_string(bytes) + " bytes");
}

enum class Renamed { yes, target_exists, source_missing };

// One step that fails when the target is there; where the file system has no such step, a second name, then the first
// one taken away.
Renamed rename_if_absent(int from_folder, const char* from, const Place& to) {
    if (::renameat2(from_folder, from, to.folder.get(), to.name.c_str(), RENAME_NOREPLACE) == 0) return Renamed::yes;
    if (errno == EINVAL || errno == ENOSYS) {
        if (::linkat(from_folder, from, to.folder.get(), to.name.c_str(), 0) == 0) {
            ::unlinkat(from_folder, from, 0);
            return Renamed::yes;
        }
    }
    if (errno == EEXIST) return Renamed::target_exists;
    if (errno == ENOENT) return Renamed::source_missing;
    throw_errno("name blob", to.name, errno);
}

class DiskReader final : public BlobReader {
public:
    DiskReader(Descriptor file, std::int64_t size, std::string key, Pool& pool)
        : file_(std::move(file)), size_(size), key_(std::move(key)), pool_(pool) {}

    std::int64_t size() const override { return size_; }

    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override {
        if (offset < 0 || length > kReadBytesMax) throw Failure("a read of blob '" + key_ + "' is out of bounds");
        const auto left = static_cast<std::size_t>(std::max<std::int64_t>(0, size_ - offset));
        const std::size_t wanted = std::min(length, left);
        auto work = [this, offset, wanted] {
            Bytes bytes(wanted);
            for (std::size_t done = 0; done < wanted;) {
                const auto got =
                    ::pread(file_.get(), bytes.data() + done, wanted - done, offset + static_cast<std::int64_t>(done));
                if (got < 0 && errno == EINTR) continue;
                if (got < 0) throw_errno("read blob", key_, errno);
                if (got == 0) throw Failure("blob '" + key_ + "' became shorter while it was read");
                done += static_cast<std::size_t>(got);
            }
            return bytes;
        };
        co_return co_await on_pool(pool_, work);
    }

private:
    Descriptor file_;
    std::int64_t size_;
    std::string key_;
    Pool& pool_;
};

}  // namespace

struct DiskBlobStore::State {
    DiskBlobStoreOptions options;
    Pool& pool;
    Folders folders;
    disk::Staging staging;
    disk::GrowingFiles growing;
    Pool syncs{"sync", kSyncThreads, kSyncsQueuedMax};

    State(DiskBlobStoreOptions chosen, Pool& disk)
        : options(std::move(chosen)),
          pool(disk),
          folders(options.root.string()),
          staging(folders.root(), options.root.string()) {}

    bool has_room(std::int64_t bytes) const {
        struct statvfs info{};
        if (::fstatvfs(staging.folder().get(), &info) != 0)
            throw_errno("ask for the free space of", options.root.string(), errno);
        const auto free = static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
        return free - bytes >= options.free_bytes_min;
    }

    void remove(const BlobKey& key);
    CommitOutcome commit(const Descriptor& file, const std::string& staged_as, const BlobKey& key);
    Result<std::vector<CommitOutcome>> put_all(const std::vector<NewBlob>& blobs);

private:
    // A synced file gets its name, which is durable only once its folder is.
    std::pair<CommitOutcome, Place> publish(const std::string& staged_as, const BlobKey& key);
    void make_durable(const Place& place, const BlobKey& key);
};

// Bytes in staging. Blocking calls go to the pool, the clean-up of an abandoned one too.
class DiskBlobStore::Writer final : public BlobWriter {
public:
    Writer(std::shared_ptr<State> state, Descriptor file, std::string staged_as, BlobKey key)
        : state_(std::move(state)), file_(std::move(file)), staged_as_(std::move(staged_as)), key_(std::move(key)) {
        state_->growing.add(key_.text(), {growth_, staged_as_});
    }

    ~Writer() override {
        state_->growing.remove(key_.text(), growth_);
        growth_->advance(Growth::abandoned);
        if (!file_) return;
        auto clean = [state = state_, file = std::move(file_), name = staged_as_] { state->staging.remove(name); };
        // Staging is swept, so a full pool loses nothing but time.
        if (!state_->pool.try_post(std::move(clean)))
            log_warn("an abandoned blob stays in staging", {{"name", staged_as_}});
    }

    Awaitable<void> write(Bytes bytes) override {
        if (!file_) throw Failure("blob '" + key_.text() + "' was written to after its commit");
        auto work = [this, &bytes] {
            disk::write_all(file_, bytes, size_, key_.text());
            size_ += static_cast<std::int64_t>(bytes.size());
            begin_sync();
        };
        co_await on_pool(state_->pool, work);
        growth_->grown_to(size_);
    }

    Awaitable<CommitOutcome> commit() override {
        if (!file_) throw Failure("blob '" + key_.text() + "' was committed twice");
        growth_->advance(Growth::complete);
        auto work = [this] {
            // Gives back what was reserved and not needed.
            if (::ftruncate(file_.get(), size_) != 0) throw_errno("end blob", key_.text(), errno);
            const auto outcome = state_->commit(file_, staged_as_, key_);
            file_ = Descriptor();
            return outcome;
        };
        const auto outcome = co_await on_pool(state_->pool, work);
        growth_->advance(outcome == CommitOutcome::stored ? Growth::stored : Growth::abandoned);
        co_return outcome;
    }

private:
    // Hands whole stretches over to the disk without waiting for it: what it says of them comes with the commit.
    void begin_sync() {
        if (size_ - sync_begun_ < kSyncBytes) return;
        ::sync_file_range(file_.get(), sync_begun_, size_ - sync_begun_, SYNC_FILE_RANGE_WRITE);
        sync_begun_ = size_;
    }

    std::shared_ptr<State> state_;
    Descriptor file_;
    std::string staged_as_;
    BlobKey key_;
    std::int64_t size_ = 0;
    std::int64_t sync_begun_ = 0;
    std::shared_ptr<disk::GrowingFile> growth_ = std::make_shared<disk::GrowingFile>();
};

std::pair<CommitOutcome, Place> DiskBlobStore::State::publish(const std::string& staged_as, const BlobKey& key) {
    for (;;) {
        Place place = folders.make(key.text());
        const auto renamed = rename_if_absent(staging.folder().get(), staged_as.c_str(), place);
        if (renamed == Renamed::yes) return {CommitOutcome::stored, std::move(place)};
        struct stat info{};
        if (renamed == Renamed::target_exists) {
            if (file_at(place)) {
                staging.remove(staged_as);
                return {CommitOutcome::existed, std::move(place)};
            }
            // Either it was removed this moment, or something that is no blob has its name.
            if (::fstatat(place.folder.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
            throw Failure("cannot store blob '" + key.text() + "': a folder or link has that name");
        }
        // Unless it is gone, the folder was pruned this moment.
        if (::fstatat(staging.folder().get(), staged_as.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            throw Failure("cannot store blob '" + key.text() + "': it was swept from staging");
    }
}

// Also where the blob existed: the winner may not be durable yet, and `existed` promises that it is.
void DiskBlobStore::State::make_durable(const Place& place, const BlobKey& key) {
    disk::sync(place.folder, key.text());
    if (!folders.are_durable(key.text())) folders.make(key.text());
}

CommitOutcome DiskBlobStore::State::commit(const Descriptor& file, const std::string& staged_as, const BlobKey& key) {
    disk::sync(file, key.text());
    const auto [outcome, place] = publish(staged_as, key);
    make_durable(place, key);
    return outcome;
}

Result<std::vector<CommitOutcome>> DiskBlobStore::State::put_all(const std::vector<NewBlob>& blobs) {
    std::int64_t bytes = 0;
    for (const auto& blob : blobs) bytes += static_cast<std::int64_t>(blob.bytes.size());
    if (!has_room(bytes)) return is_full(std::to_string(blobs.size()) + " blobs want", bytes);
    struct Staged {
        const disk::Staging& staging;
        std::vector<disk::StagedFile> files;
        ~Staged() {
            for (const auto& one : files)
                if (!one.name.empty()) staging.remove(one.name);
        }
    } staged{staging, {}};
    std::vector<disk::NamedFile> written;
    for (const auto& blob : blobs) {
        auto file = staging.make_file(blob.key.text());
        if (!file) return is_full("blob '" + blob.key.text() + "' wants", static_cast<std::int64_t>(blob.bytes.size()));
        const auto& descriptor = staged.files.emplace_back(std::move(*file)).file;
        disk::write_all(descriptor, blob.bytes, 0, blob.key.text());
        // The disk begins while the next one is written.
        ::sync_file_range(descriptor.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
        written.push_back({descriptor.get(), blob.key.text()});
    }
    disk::sync_all(written, syncs);
    std::vector<CommitOutcome> outcomes;
    std::map<std::string, std::pair<Place, const BlobKey*>> folders_changed;
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        const auto& key = blobs[i].key;
        auto [outcome, place] = publish(staged.files[i].name, key);
        staged.files[i].name.clear();
        outcomes.push_back(outcome);
        folders_changed.try_emplace(key.text().substr(0, key.text().rfind('/') + 1), std::move(place), &key);
    }
    for (const auto& [folder, one] : folders_changed) make_durable(one.first, *one.second);
    return outcomes;
}

void DiskBlobStore::State::remove(const BlobKey& key) {
    const auto place = folders.find(key.text());
    if (!place || !file_at(*place)) return;
    if (::unlinkat(place->folder.get(), place->name.c_str(), 0) != 0 && errno != ENOENT)
        throw_errno("remove blob", key.text(), errno);
}

DiskBlobStore::DiskBlobStore(DiskBlobStoreOptions options, Pool& disk) {
    std::error_code error;
    std::filesystem::create_directories(options.root, error);
    if (error)
        throw Failure("cannot make folder '" + options.root.string() + "': " + error.message() +
                      "; check storage.root");
    state_ = std::make_shared<State>(std::move(options), disk);
    if (state_->options.sole_owner) state_->staging.sweep(std::nullopt);
}

DiskBlobStore::~DiskBlobStore() = default;

Awaitable<std::optional<BlobInfo>> DiskBlobStore::stat(BlobKey key) {
    auto work = [&]() -> std::optional<BlobInfo> {
        const auto place = state_->folders.find(key.text());
        const auto info = place ? file_at(*place) : std::nullopt;
        if (!info) return std::nullopt;
        return BlobInfo{.key = key.text(), .bytes = info->st_size, .modified_us = disk::microseconds_of(info->st_mtim)};
    };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<std::unique_ptr<BlobReader>> DiskBlobStore::open(BlobKey key) {
    auto work = [&]() -> std::unique_ptr<BlobReader> {
        const auto place = state_->folders.find(key.text());
        if (!place) return nullptr;
        // NONBLOCK, because a fifo of that name must not hold up the pool.
        Descriptor file(
            ::openat(place->folder.get(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
        if (!file) {
            if (errno == ENOENT || errno == ELOOP) return nullptr;
            throw_errno("open blob", key.text(), errno);
        }
        struct stat info{};
        if (::fstat(file.get(), &info) != 0) throw_errno("open blob", key.text(), errno);
        if (!S_ISREG(info.st_mode)) return nullptr;
        return std::make_unique<DiskReader>(std::move(file), info.st_size, key.text(), state_->pool);
    };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<Result<std::unique_ptr<BlobWriter>>> DiskBlobStore::create(BlobKey key, std::int64_t bytes_expected) {
    auto work = [&]() -> Result<std::unique_ptr<BlobWriter>> {
        const auto full = [&] { return is_full("blob '" + key.text() + "' wants", bytes_expected); };
        if (!state_->has_room(bytes_expected)) return full();
        auto staged = state_->staging.make_file(key.text());
        if (!staged) return full();
        const int descriptor = staged->file.get();
        auto writer = std::make_unique<Writer>(state_, std::move(staged->file), std::move(staged->name), key);
        if (bytes_expected > 0 && ::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, bytes_expected) != 0) {
            if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) return full();
            // Where space cannot be reserved, has_room() was all that can be known.
            if (errno != EOPNOTSUPP && errno != EINTR) throw_errno("reserve space for blob", key.text(), errno);
        }
        return writer;
    };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<Result<std::vector<CommitOutcome>>> DiskBlobStore::put_all(std::vector<NewBlob> blobs) {
    auto work = [&] { return state_->put_all(blobs); };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<std::unique_ptr<GrowingBlob>> DiskBlobStore::open_growing(BlobKey key) {
    auto work = [&]() -> std::unique_ptr<GrowingBlob> {
        auto found = state_->growing.find(key.text());
        if (!found.file) return nullptr;
        Descriptor file(::openat(state_->staging.folder().get(), found.staged_as.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
        // It may be stored or gone by now.
        if (!file && errno == ENOENT) return nullptr;
        if (!file) throw_errno("open blob", key.text(), errno);
        return std::make_unique<DiskGrowingBlob>(std::move(found.file), std::move(file));
    };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<bool> DiskBlobStore::move(BlobKey from, BlobKey to) {
    auto work = [&] {
        for (;;) {
            const auto source = state_->folders.find(from.text());
            if (!source || !file_at(*source)) {
                const auto target = state_->folders.find(to.text());
                return target && file_at(*target).has_value();
            }
            if (from == to) return true;
            const Place target = state_->folders.make(to.text());
            const auto renamed = rename_if_absent(source->folder.get(), source->name.c_str(), target);
            if (renamed == Renamed::source_missing) continue;
            if (renamed == Renamed::target_exists) {
                if (!file_at(target))
                    throw Failure("cannot move a blob to '" + to.text() + "': a folder has that name");
                ::unlinkat(source->folder.get(), source->name.c_str(), 0);
            }
            disk::sync(target.folder, to.text());
            disk::sync(source->folder, from.text());
            if (!state_->folders.are_durable(to.text())) state_->folders.make(to.text());
            state_->folders.prune(from.text());
            return true;
        }
    };
    co_return co_await on_pool(state_->pool, work);
}

Awaitable<void> DiskBlobStore::remove(BlobKey key) {
    auto work = [&] {
        state_->remove(key);
        if (const auto place = state_->folders.find(key.text())) disk::sync(place->folder, key.text());
        state_->folders.prune(key.text());
    };
    co_await on_pool(state_->pool, work);
}

Awaitable<std::int64_t> DiskBlobStore::remove_all(std::string prefix) {
    // A page at a time, so that others get their turn on the pool; each folder is made durable once a page.
    auto work = [&] {
        const auto page = disk::list_files(state_->folders.root(), prefix, std::nullopt, kPage);
        std::set<std::string> folders;
        for (const auto& item : page) {
            state_->remove(BlobKey(item.key));
            folders.insert(item.key.substr(0, item.key.rfind('/') + 1) + "x");
        }
        for (const auto& any_key : folders) {
            if (const auto place = state_->folders.find(any_key)) disk::sync(place->folder, any_key);
            state_->folders.prune(any_key);
        }
        return static_cast<std::int64_t>(page.size());
    };
    std::int64_t removed = 0;
    for (;;) {
        const std::int64_t now = co_await on_pool(state_->pool, work);
        removed += now;
        if (now == 0) co_return removed;
    }
}

Awaitable<BlobPage> DiskBlobStore::list(std::string prefix, std::optional<std::string> after) {
    auto work = [&] {
        BlobPage page{.items = disk::list_files(state_->folders.root(), prefix, after, kPage + 1), .next = {}};
        if (page.items.size() > kPage) {
            page.items.pop_back();
            page.next = page.items.back().key;
        }
        return page;
    };
    co_return co_await on_pool(state_->pool, work);
}

std::optional<std::filesystem::path> DiskBlobStore::local_file(const BlobKey& key) const {
    return state_->options.root / key.text();
}

Awaitable<std::int64_t> DiskBlobStore::sweep_staging(std::chrono::seconds untouched_for) {
    auto work = [&] { return state_->staging.sweep(untouched_for); };
    co_return co_await on_pool(state_->pool, work);
}

}  // namespace movio
