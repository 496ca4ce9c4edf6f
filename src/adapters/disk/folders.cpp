#include "adapters/disk/folders.hpp"

#include <cerrno>
#include <cstring>
#include <latch>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace movio::disk {
namespace {

constexpr mode_t kFolderMode = 0750;
// More are simply looked at again.
constexpr std::size_t kDurableMax = 10'000;

// "a/b/c" gives "a", "a/b".
std::vector<std::string> folders_of(std::string_view key) {
    std::vector<std::string> folders;
    for (std::size_t at = key.find('/'); at != std::string_view::npos; at = key.find('/', at + 1))
        folders.emplace_back(key.substr(0, at));
    return folders;
}

std::string last_part(std::string_view key) {
    const auto slash = key.rfind('/');
    return std::string(slash == std::string_view::npos ? key : key.substr(slash + 1));
}

Descriptor open_folder(const Descriptor& parent, const std::string& name) {
    return Descriptor(::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Nothing is done when it is there. False when it, or the parent, was pruned this moment.
bool make_folder(const Descriptor& parent, const std::string& name, std::string_view key) {
    if (::mkdirat(parent.get(), name.c_str(), kFolderMode) != 0) {
        if (errno == EEXIST) return true;
        if (errno == ENOENT) return false;
        throw_errno("make folder", key, errno);
    }
    // Without the umask; another writer's prune() may have taken the folder between the two calls.
    if (::fchmodat(parent.get(), name.c_str(), kFolderMode, 0) == 0) return true;
    if (errno == ENOENT) return false;
    throw_errno("set the rights of folder", key, errno);
}

}  // namespace

Descriptor::~Descriptor() {
    if (value_ >= 0) ::close(value_);
}

std::int64_t microseconds_of(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

void throw_errno(std::string_view what, std::string_view name, int error) {
    const std::string text = "cannot " + std::string(what) + " '" + std::string(name) + "': " + system_message(error);
    if (error == ENOSPC || error == EDQUOT) throw NoSpace(text + "; make room on the disk");
    throw Failure(text + "; check storage.root");
}

void sync(const Descriptor& file, std::string_view name) {
    if (::fsync(file.get()) != 0) throw_errno("make durable", name, errno);
}

void sync_all(const std::vector<NamedFile>& files, Pool& pool) {
    std::vector<int> errors(files.size(), 0);
    // Shared, because the thread that counts down last may still be at it when this one goes on.
    const auto ended = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(files.size()));
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto work = [file = files[i].descriptor, &error = errors[i], ended] {
            if (::fsync(file) != 0) error = errno;
            ended->count_down();
        };
        if (!pool.try_post(work)) work();
    }
    ended->wait();
    for (std::size_t i = 0; i < files.size(); ++i)
        if (errors[i] != 0) throw_errno("make durable", files[i].name, errors[i]);
}

Folders::Folders(const std::string& root) : root_(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!root_) throw_errno("open folder", root, errno);
}

std::optional<Place> Folders::find(std::string_view key) const {
    Descriptor here(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
    if (!here) throw_errno("open the folder of", key, errno);
    for (const auto& folder : folders_of(key)) {
        Descriptor next = open_folder(here, last_part(folder));
        if (!next) {
            if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::nullopt;
            throw_errno("open folder", folder, errno);
        }
        here = std::move(next);
    }
    return Place{std::move(here), last_part(key)};
}

Place Folders::make(std::string_view key) {
    // A folder may be pruned between being made and being opened; each time somebody else got on.
    for (int tries = 0; tries < 100; ++tries) {
        Descriptor here(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
        if (!here) throw_errno("open the folder of", key, errno);
        bool pruned = false;
        for (const auto& folder : folders_of(key)) {
            const std::string name = last_part(folder);
            bool known = false;
            {
                const std::scoped_lock lock(mutex_);
                known = durable_.contains(folder);
            }
            if (!known) {
                pruned = !make_folder(here, name, folder);
                if (pruned) break;
                // Also when it was there: whoever made it may not have come this far.
                sync(here, folder);
                const std::scoped_lock lock(mutex_);
                if (durable_.size() >= kDurableMax) durable_.clear();
                durable_.insert(folder);
            }
            Descriptor next = open_folder(here, name);
            if (!next) {
                if (errno != ENOENT) throw_errno("open folder", folder, errno);
                forget(folder);
                pruned = true;
                break;
            }
            here = std::move(next);
        }
        if (!pruned) return {std::move(here), last_part(key)};
    }
    throw Failure("cannot make the folder of '" + std::string(key) + "': it is removed again each time");
}

bool Folders::are_durable(std::string_view key) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& folder : folders_of(key))
        if (!durable_.contains(folder)) return false;
    return true;
}

void Folders::prune(std::string_view key) {
    auto folders = folders_of(key);
    while (!folders.empty()) {
        const auto place = find(folders.back());
        if (!place) return;
        // Removed and forgotten in one step, so that are_durable() never speaks of a folder that was removed.
        const std::scoped_lock lock(mutex_);
        if (::unlinkat(place->folder.get(), place->name.c_str(), AT_REMOVEDIR) != 0) return;
        durable_.erase(folders.back());
        folders.pop_back();
    }
}

void Folders::forget(const std::string& folder) {
    const std::scoped_lock lock(mutex_);
    durable_.erase(folder);
}

}  // namespace movio::disk
