#include "adapters/disk/listing.hpp"

#include <cerrno>
#include <memory>
#include <set>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace movio::disk {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

class Walk {
public:
    Walk(const std::string& prefix, const std::optional<std::string>& after, std::size_t count_max)
        : prefix_(prefix), after_(after.value_or("")), count_max_(count_max) {}

    // `base` is "" or ends with '/'.
    void folder(const Descriptor& folder, const std::string& base) {
        std::string last;
        for (bool more = true; more && !full();) {
            const auto entries = next_entries(folder, base, last, more);
            for (const auto& entry : entries) {
                if (full()) return;
                visit(folder, base, entry);
            }
            if (!entries.empty()) last = *entries.rbegin();
        }
    }

    std::vector<BlobInfo> take() { return std::move(found_); }

private:
    bool full() const { return found_.size() >= count_max_; }

    // The next names in key order; a folder's ends with '/', because its keys sort by that.
    std::set<std::string> next_entries(const Descriptor& folder, const std::string& base, const std::string& last,
                                       bool& more) const {
        std::set<std::string> entries;
        more = false;
        // A descriptor of its own, so that reading begins at the front.
        const int copy = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const std::unique_ptr<DIR, CloseFolder> stream(copy < 0 ? nullptr : ::fdopendir(copy));
        if (!stream) throw_errno("list folder", base, errno);
        while (const dirent* found = ::readdir(stream.get())) {
            if (found->d_name[0] == '.') continue;
            std::string name = found->d_name;
            if (is_folder(folder, *found)) name += '/';
            if (name <= last || !is_wanted(base + name)) continue;
            entries.insert(std::move(name));
            if (entries.size() > count_max_) {
                entries.erase(std::prev(entries.end()));
                more = true;
            }
        }
        return entries;
    }

    static bool is_folder(const Descriptor& folder, const dirent& entry) {
        if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
        struct stat info{};
        return ::fstatat(folder.get(), entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
    }

    bool is_wanted(std::string_view key) const {
        if (key.ends_with('/'))
            return (key.starts_with(prefix_) || std::string_view(prefix_).starts_with(key)) &&
                   (key > after_ || std::string_view(after_).starts_with(key));
        return key.starts_with(prefix_) && key > after_;
    }

    void visit(const Descriptor& in, const std::string& base, const std::string& entry) {
        const std::string key = base + entry;
        if (entry.ends_with('/')) {
            const std::string name = entry.substr(0, entry.size() - 1);
            const Descriptor next(::openat(in.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (next) folder(next, key);
            return;
        }
        struct stat info{};
        if (!BlobKey::parse(key) || ::fstatat(in.get(), entry.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            return;
        found_.push_back({.key = key, .bytes = info.st_size, .modified_us = microseconds_of(info.st_mtim)});
    }

    const std::string& prefix_;
    std::string after_;
    std::size_t count_max_;
    std::vector<BlobInfo> found_;
};

}  // namespace

std::vector<BlobInfo> list_files(const Descriptor& root, const std::string& prefix,
                                 const std::optional<std::string>& after, std::size_t count_max) {
    Walk walk(prefix, after, count_max);
    walk.folder(root, "");
    return walk.take();
}

}  // namespace movio::disk
