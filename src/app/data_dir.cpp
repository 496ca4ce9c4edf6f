#include "app/data_dir.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"

namespace movio::app {
namespace {

struct Owner {
    uid_t user = 0;
    gid_t group = 0;
};

std::optional<Owner> owner_by_name(const char* name) {
    std::array<char, 4096> text{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwnam_r(name, &entry, text.data(), text.size(), &found) != 0 || found == nullptr) return std::nullopt;
    return Owner{entry.pw_uid, entry.pw_gid};
}

std::optional<unsigned> number_in_environment(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
    return error == std::errc{} && *end == '\0' ? std::optional(value) : std::nullopt;
}

Owner owner_for_new_folder() {
    if (const auto movio = owner_by_name("movio")) return *movio;
    const auto user = number_in_environment("SUDO_UID");
    const auto group = number_in_environment("SUDO_GID");
    if (user && group && *user != 0) return {*user, *group};
    return owner_by_name("nobody").value_or(Owner{65534, 65534});
}

std::unexpected<Error> system_error(std::string what, const std::filesystem::path& folder) {
    return fail(ErrorCode::unavailable, fmt::format("{} '{}': {}", what, folder.string(), system_message(errno)));
}

Result<void> become(const Owner& owner) {
    if (setgroups(0, nullptr) != 0 || setgid(owner.group) != 0 || setuid(owner.user) != 0)
        return fail(ErrorCode::unavailable,
                    fmt::format("cannot become user {}: {}", owner.user, system_message(errno)));
    return {};
}

}  // namespace

std::filesystem::path default_data_dir() {
    if (const char* configured = std::getenv("MOVIO_DATA_DIR"); configured != nullptr && *configured != '\0')
        return configured;
    if (geteuid() == 0) return "/var/lib/movio";
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return std::filesystem::path(data) / "movio";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "." : home) / ".local/share/movio";
}

Result<void> enter_data_dir(const std::filesystem::path& folder) {
    std::error_code error;
    const bool is_new = !std::filesystem::exists(folder, error);
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::unavailable,
                    fmt::format("cannot make the data folder '{}': {}", folder.string(), error.message()));
    if (geteuid() == 0) {
        struct stat facts{};
        if (stat(folder.c_str(), &facts) != 0) return system_error("cannot examine the data folder", folder);
        if (facts.st_uid == 0 && (is_new || std::filesystem::is_empty(folder, error))) {
            const Owner owner = owner_for_new_folder();
            if (chown(folder.c_str(), owner.user, owner.group) != 0)
                return system_error("cannot give away the data folder", folder);
            facts.st_uid = owner.user;
            facts.st_gid = owner.group;
        }
        if (facts.st_uid == 0) {
            return fail(ErrorCode::invalid,
                        fmt::format("the data folder '{0}' belongs to root, and Movio does not work as root; "
                                    "give it to the user that is to own the films: chown -R USER: '{0}'",
                                    folder.string()));
        }
        if (auto done = become({facts.st_uid, facts.st_gid}); !done) return done;
    }
    // Also tells whether the way to the folder is open to the user that we have become.
    if (access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return fail(ErrorCode::unavailable,
                    fmt::format("user {} cannot work in the data folder '{}': {}; choose another with --data-dir",
                                geteuid(), folder.string(), system_message(errno)));
    umask(0027);
    return {};
}

Result<int> open_executable(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_PATH | O_CLOEXEC);
    if (descriptor < 0) return system_error("cannot open the program", file);
    return descriptor;
}

Result<std::optional<DataDirLock>> DataDirLock::try_take(const std::filesystem::path& folder) {
    const auto file = folder / "lock";
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return system_error("cannot open the lock", file);
    DataDirLock lock(descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return std::optional<DataDirLock>(std::move(lock));
    if (errno == EWOULDBLOCK) return std::optional<DataDirLock>{};
    return system_error("cannot take the lock", file);
}

DataDirLock::DataDirLock(DataDirLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DataDirLock& DataDirLock::operator=(DataDirLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

DataDirLock::~DataDirLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace movio::app
