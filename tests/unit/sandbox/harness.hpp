#pragma once
#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sandbox/media_process.hpp"

namespace movio::sandbox::testing {

// A source in memory: read by request.
class MemorySource : public SourceReader {
public:
    explicit MemorySource(std::string text) : text_(std::move(text)) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(text_.size()); }
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override;

private:
    std::string text_;
};

// A source on disk: inherited as a descriptor.
class DiskSource : public SourceReader {
public:
    explicit DiskSource(std::filesystem::path path) : path_(std::move(path)) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(std::filesystem::file_size(path_)); }
    std::optional<std::filesystem::path> local_file() const override { return path_; }
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override;

private:
    std::filesystem::path path_;
};

// A file that grows by a piece each time more of it is waited for.
class GrowingFileSource : public SourceReader {
public:
    GrowingFileSource(std::string text, std::size_t piece);
    ~GrowingFileSource() override;
    std::int64_t size() const override { return 0; }
    int growing_descriptor() const override { return descriptor_; }
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override;
    Awaitable<std::optional<Arrived>> wait_for(std::int64_t bytes) override;

    std::chrono::milliseconds wait_each{0};
    std::int64_t stalls_at = -1;
    int waits = 0;

private:
    std::string text_;
    std::size_t piece_;
    std::size_t written_ = 0;
    int descriptor_ = -1;
};

// Reads of it fail, as when a store is down.
class FailingSource : public MemorySource {
public:
    using MemorySource::MemorySource;
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override;
};

// The whole of one run, with everything it handed over.
struct RunRecord {
    std::optional<media::MediaResult<void>> result;
    std::string failure;  // text of a Failure, when it threw one
    std::vector<media::Artefact> artefacts;
    std::vector<int> progress;

    bool ok() const { return result && result->has_value(); }
    // The error's code, or `invalid` (which no run gives) when there is none.
    ErrorCode code() const { return result && !*result ? result->error().code : ErrorCode::invalid; }
    std::string message() const { return result && !*result ? result->error().message : failure; }
    std::string detail() const { return result && !*result ? result->error().detail : failure; }
    std::string text(std::size_t artefact) const { return std::string(as_text(artefacts.at(artefact).bytes)); }
};

std::filesystem::path fake_media();
std::filesystem::path real_media();
std::filesystem::path media_file(const std::string& name);  // of the shared test data; may not exist
MediaProcessOptions options_for(const std::filesystem::path& executable, std::size_t processes_max = 4);

MediaJob index_job(std::shared_ptr<SourceReader> source, std::chrono::seconds wall_limit = std::chrono::seconds(60));
MediaJob script_job(const std::string& script);

// Runs it on an event loop of its own, in the calling thread.
RunRecord run_job(MediaProcesses& processes, MediaJob job, std::stop_token stop = {});

struct Level {
    bool confined = false;
    SandboxLevel level;
};
Level run_selftest(MediaProcesses& processes);

std::size_t open_descriptors();
// No child of this process is left, not even as a zombie.
bool no_child_left();
// What `name` says in /proc/<pid>/status, nullopt when the process is gone (or only waits to be reaped).
std::optional<std::string> status_of(int pid, const std::string& name);
std::vector<int> children_of(int pid);

}  // namespace movio::sandbox::testing
