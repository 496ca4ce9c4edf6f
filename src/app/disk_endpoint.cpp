#include "app/disk_endpoint.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "adapters/disk/usage.hpp"
#include "app/admin_endpoint.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "catalog/holdings.hpp"

namespace movio::app {
namespace {

constexpr std::int64_t kCountEveryUs = 60'000'000;
constexpr std::string_view kStaging = ".tmp";  // of the disk store: what is being written

struct DiskUse {
    disk::FileSystemUse whole;
    std::map<std::string, disk::FolderUse> parts;
    std::int64_t counted_us = 0;
};

// Folders of the store by their names, and what lies beside it. Blocks.
DiskUse count(const DiskParts& parts) {
    DiskUse use;
    use.whole = disk::file_system_use(parts.data_dir);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(parts.blobs, error)) {
        const auto name = entry.path().filename().string();
        use.parts[name == kStaging ? "staging" : name] = disk::folder_use(entry.path());
    }
    for (const auto& entry : std::filesystem::directory_iterator(parts.data_dir, error)) {
        if (entry.path() == parts.blobs) continue;
        const auto one = disk::folder_use(entry.path());
        auto& part = use.parts[entry.path().filename().string().contains(".db") ? "databases" : "other"];
        part.files += one.files;
        part.bytes += one.bytes;
    }
    use.counted_us = wall_now_us();
    return use;
}

// What was counted last; several who ask at once do not count twice.
class DiskMeter {
public:
    explicit DiskMeter(DiskParts parts) : parts_(std::move(parts)) {}

    const DiskParts& parts() const { return parts_; }

    Awaitable<DiskUse> look() {
        if (auto known = fresh()) co_return std::move(*known);
        try {
            auto use = co_await on_pool(*parts_.disk, [this] { return count(parts_); });
            keep(use);
            co_return use;
        } catch (...) {
            keep(std::nullopt);
            throw;
        }
    }

private:
    // nullopt: the caller counts.
    std::optional<DiskUse> fresh() {
        const std::scoped_lock lock(mutex_);
        if (known_ && (counting_ || wall_now_us() - known_->counted_us < kCountEveryUs)) return known_;
        counting_ = true;
        return std::nullopt;
    }

    void keep(const std::optional<DiskUse>& use) {
        const std::scoped_lock lock(mutex_);
        counting_ = false;
        if (use) known_ = use;
    }

    DiskParts parts_;
    std::mutex mutex_;
    bool counting_ = false;
    std::optional<DiskUse> known_;
};

struct DiskState {
    DiskUse use;
    catalog::Holdings films;
};

void write_films(JsonWriter& json, std::string_view name, const catalog::Holdings::Part& part) {
    json.key(name).begin_object().member("films", part.films).member("bytes", part.bytes).end_object();
}

struct ShowDisk {
    struct Input {};
    using Output = DiskState;

    static http::EndpointDescription describe() {
        auto description = public_admin_endpoint(http::Method::get, "/api/v2/admin/disk",
                                                 "What is on the disk, and how much room there is.");
        description.answers = {{200, "As it was counted last, at most a minute ago.", "Disk"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& state) {
        json.begin_object()
            .member("counted_at", rfc3339(state.use.counted_us))
            .member("bytes", state.use.whole.bytes)
            .member("free_bytes", state.use.whole.free_bytes);
        json.key("parts").begin_array();
        for (const auto& [name, part] : state.use.parts)
            json.begin_object()
                .member("name", name)
                .member("files", part.files)
                .member("bytes", part.bytes)
                .end_object();
        json.end_array();
        write_films(json, "kept", state.films.kept);
        write_films(json, "trash", state.films.trash);
        write_films(json, "uploading", state.films.uploading);
        json.end_object();
    }
    static void headers(http::Headers& headers, const Output&) { headers.set("Cache-Control", "no-store"); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) {
        auto use = co_await meter->look();
        auto films = co_await catalog::holdings(*meter->parts().catalog);
        co_return DiskState{std::move(use), films};
    }

    std::shared_ptr<DiskMeter> meter;
};

}  // namespace

void add_disk_endpoint(http::Router& router, DiskParts parts) {
    router.add(http::make_endpoint(ShowDisk{std::make_shared<DiskMeter>(std::move(parts))}));
}

std::string disk_schema() {
    return R"({"type":"object",
        "required":["counted_at","bytes","free_bytes","parts","kept","trash","uploading"],
        "properties":{"counted_at":{"type":"string","format":"date-time"},
        "bytes":{"type":"integer","minimum":0,"description":"Of the whole file system."},
        "free_bytes":{"type":"integer","minimum":0},
        "parts":{"type":"array","items":{"type":"object","required":["name","files","bytes"],
        "properties":{"name":{"type":"string",
        "description":"source: as uploaded; media: what players get; staging: on its way in; databases; the rest."},
        "files":{"type":"integer","minimum":0},"bytes":{"type":"integer","minimum":0}},
        "additionalProperties":false}},
        "kept":{"$ref":"#/components/schemas/DiskFilms"},
        "trash":{"$ref":"#/components/schemas/DiskFilms"},
        "uploading":{"$ref":"#/components/schemas/DiskFilms"}},"additionalProperties":false})";
}

std::string disk_films_schema() {
    return R"({"type":"object","required":["films","bytes"],
        "properties":{"films":{"type":"integer","minimum":0},
        "bytes":{"type":"integer","minimum":0,"description":"Of their files as they were uploaded or announced."}},
        "additionalProperties":false})";
}

}  // namespace movio::app
