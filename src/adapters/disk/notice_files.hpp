#pragma once
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "async/pool.hpp"
#include "base/limits.hpp"
#include "ports/notices.hpp"

namespace movio {

// Notices of a server that has no mail: each is a file <folder>/<id>.json that its owner alone may read (mode 0600, the
// folder 0700), durable, until it is of no use any more; beyond `files_max` the oldest go. The log tells the file's
// name and never what is in it. Whoever owns the folder hands the links on. All disk work is done on the pool.
class NoticeFiles final : public Notices {
public:
    // The pool outlives it. The folder is made with the first notice.
    NoticeFiles(std::filesystem::path folder, Pool& disk, std::size_t files_max = limits::kNoticesKeptMax);

    Awaitable<void> send(Notice notice) override;
    // Newest first, with their secrets.
    Awaitable<std::vector<Notice>> list();
    Awaitable<std::optional<Notice>> find(NoticeId id);
    // Removes what is of no use any more.
    Awaitable<void> clean_up();

private:
    void write(const Notice& notice);
    std::optional<Notice> read(const std::filesystem::path& file) const;
    std::vector<std::filesystem::path> files() const;
    void remove_surplus();

    std::filesystem::path folder_;
    Pool& disk_;
    std::size_t files_max_;
    std::mutex mutex_;
};

}  // namespace movio
