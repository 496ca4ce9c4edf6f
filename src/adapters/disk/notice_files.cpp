#include "adapters/disk/notice_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/disk/folders.hpp"
#include "adapters/disk/staging.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace movio {
namespace {

using disk::Descriptor;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr std::string_view kEnding = ".json";
constexpr std::string_view kAside = ".new";

std::string text_of(const Notice& notice) {
    JsonWriter json;
    json.begin_object()
        .member("id", notice.id.text())
        .member("kind", notice.kind)
        .member("to", notice.to)
        .member("language", notice.language)
        .member("until_us", notice.until_us)
        .key("fields")
        .begin_object();
    for (const auto& [name, value] : notice.fields) json.member(name, value);
    json.end_object().end_object();
    return json.take() + "\n";
}

[[noreturn]] void throw_errno(std::string_view what, const std::filesystem::path& file) {
    throw Failure(fmt::format("cannot {} '{}': {}", what, file.string(), system_message(errno)));
}

bool is_useful(const Notice& notice) { return notice.until_us > wall_now_us(); }

}  // namespace

NoticeFiles::NoticeFiles(std::filesystem::path folder, Pool& disk, std::size_t files_max)
    : folder_(std::move(folder)), disk_(disk), files_max_(files_max) {}

Awaitable<void> NoticeFiles::send(Notice notice) {
    if (!is_useful(notice)) co_return;
    auto work = [&] {
        const std::scoped_lock lock(mutex_);
        write(notice);
        remove_surplus();
    };
    co_await on_pool(disk_, work);
    log_info("a notice is kept in a file, since no mail is set up; whoever runs this server hands it on",
             {{"notice_id", notice.id.text()},
              {"kind", notice.kind},
              {"file", (folder_ / (notice.id.text() + std::string(kEnding))).string()}});
}

Awaitable<std::vector<Notice>> NoticeFiles::list() {
    auto work = [&] {
        const std::scoped_lock lock(mutex_);
        std::vector<Notice> notices;
        for (const auto& file : files())
            if (auto notice = read(file); notice && is_useful(*notice)) notices.push_back(std::move(*notice));
        return notices;
    };
    co_return co_await on_pool(disk_, work);
}

Awaitable<std::optional<Notice>> NoticeFiles::find(NoticeId id) {
    auto work = [&] {
        const std::scoped_lock lock(mutex_);
        auto notice = read(folder_ / (id.text() + std::string(kEnding)));
        return notice && is_useful(*notice) ? notice : std::nullopt;
    };
    co_return co_await on_pool(disk_, work);
}

Awaitable<void> NoticeFiles::clean_up() {
    auto work = [&] {
        const std::scoped_lock lock(mutex_);
        for (const auto& file : files())
            if (const auto notice = read(file); !notice || !is_useful(*notice)) std::filesystem::remove(file);
    };
    co_await on_pool(disk_, work);
}

void NoticeFiles::write(const Notice& notice) {
    if (::mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) throw_errno("make folder", folder_);
    const auto name = notice.id.text() + std::string(kEnding);
    const auto aside = folder_ / (name + std::string(kAside));
    // Of an attempt that was cut off.
    ::unlink(aside.c_str());
    {
        const Descriptor file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
        if (!file) throw_errno("make file", aside);
        disk::write_all(file, as_bytes(text_of(notice)), 0, aside.string());
        disk::sync(file, aside.string());
    }
    if (::rename(aside.c_str(), (folder_ / name).c_str()) != 0) throw_errno("put in place", aside);
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) throw_errno("open folder", folder_);
    disk::sync(folder, folder_.string());
}

std::optional<Notice> NoticeFiles::read(const std::filesystem::path& file) const {
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto json = JsonView::parse(text);
    const auto id = json ? NoticeId::parse(json->text_or("id", "")) : std::nullopt;
    const auto fields = json ? json->find("fields") : std::nullopt;
    if (!id || !fields) return std::nullopt;
    Notice notice;
    notice.id = *id;
    notice.kind = json->text_or("kind", "");
    notice.to = json->text_or("to", "");
    notice.language = json->text_or("language", "");
    notice.until_us = json->integer_or("until_us", 0);
    for (std::size_t i = 0; i < fields->size(); ++i)
        notice.fields.emplace(fields->name_at(i), fields->at(i).text().value_or(""));
    return notice;
}

// Newest first: ids rise with time, so their order is that of the names.
std::vector<std::filesystem::path> NoticeFiles::files() const {
    std::vector<std::filesystem::path> files;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, none))
        if (entry.path().extension() == kEnding) files.push_back(entry.path());
    std::ranges::sort(files, std::greater<>());
    return files;
}

void NoticeFiles::remove_surplus() {
    const auto all = files();
    for (std::size_t i = files_max_; i < all.size(); ++i) std::filesystem::remove(all[i]);
}

}  // namespace movio
