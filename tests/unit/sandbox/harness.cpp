#include "unit/sandbox/harness.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "async/timing.hpp"

namespace movio::sandbox::testing {

namespace fs = std::filesystem;

Awaitable<Bytes> MemorySource::read(std::int64_t offset, std::size_t length) {
    const auto bytes = as_bytes(std::string_view(text_).substr(static_cast<std::size_t>(offset), length));
    co_return Bytes(bytes.begin(), bytes.end());
}

Awaitable<Bytes> DiskSource::read(std::int64_t, std::size_t) { throw Failure("a local file is not read by request"); }

GrowingFileSource::GrowingFileSource(std::string text, std::size_t piece)
    : text_(std::move(text)), piece_(piece), descriptor_(::memfd_create("growing", MFD_CLOEXEC)) {}

GrowingFileSource::~GrowingFileSource() { ::close(descriptor_); }

Awaitable<Bytes> GrowingFileSource::read(std::int64_t, std::size_t) {
    throw Failure("a growing file is not read by request");
}

Awaitable<std::optional<Arrived>> GrowingFileSource::wait_for(std::int64_t bytes) {
    ++waits;
    if (wait_each.count() > 0) co_await sleep_for(wait_each);
    while (written_ < text_.size() && std::cmp_less(written_, bytes)) {
        if (stalls_at >= 0 && std::cmp_greater_equal(written_, stalls_at)) co_return std::nullopt;
        const auto piece = std::min(piece_, text_.size() - written_);
        if (::write(descriptor_, text_.data() + written_, piece) < 0) throw Failure("the test has no memory");
        written_ += piece;
    }
    co_return Arrived{static_cast<std::int64_t>(written_), written_ == text_.size()};
}

Awaitable<Bytes> FailingSource::read(std::int64_t, std::size_t) { throw Failure("the store is down"); }

fs::path fake_media() { return fs::path(MOVIO_BINARY_DIR) / "tests" / "fake-media"; }
fs::path real_media() { return fs::path(MOVIO_BINARY_DIR) / "movio-media"; }

fs::path media_file(const std::string& name) {
    const char* set = std::getenv("MOVIO_TEST_DATA");
    const fs::path data = set != nullptr ? fs::path(set) : fs::path(MOVIO_SOURCE_DIR) / ".." / "shared";
    return data / "media" / name;
}

MediaProcessOptions options_for(const fs::path& executable, std::size_t processes_max) {
    MediaProcessOptions options;
    options.executable = executable;
    options.processes_max = processes_max;
    return options;
}

MediaJob index_job(std::shared_ptr<SourceReader> source, std::chrono::seconds wall_limit) {
    MediaJob job;
    job.order.work = media::IndexWork{};
    job.source = std::move(source);
    job.wall_limit = wall_limit;
    job.urgency = Urgency::on_demand;  // batch children of a busy machine would make the tests slow
    job.log_id = "test";
    return job;
}

MediaJob script_job(const std::string& script) { return index_job(std::make_shared<MemorySource>(script)); }

namespace {

Awaitable<media::MediaResult<void>> keep(RunRecord* run, media::Artefact artefact) {
    run->artefacts.push_back(std::move(artefact));
    co_return media::MediaResult<void>();
}

Awaitable<void> run_into(RunRecord* run, MediaProcesses* processes, MediaJob job, std::stop_token stop) {
    ArtefactHandler on_artefact = [run](media::Artefact artefact) { return keep(run, std::move(artefact)); };
    ProgressHandler on_progress = [run](int permille) { run->progress.push_back(permille); };
    try {
        run->result = co_await processes->run(std::move(job), std::move(on_artefact), std::move(on_progress), stop);
    } catch (const Failure& failure) {
        run->failure = failure.what();
    }
}

Awaitable<void> selftest_into(Level* into, MediaProcesses* processes) {
    if (const auto level = co_await processes->selftest(SelftestDepth::full)) *into = {true, *level};
}

void rethrow(const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

RunRecord run_job(MediaProcesses& processes, MediaJob job, std::stop_token stop) {
    RunRecord run;
    asio::io_context loop(1);
    asio::co_spawn(loop, run_into(&run, &processes, std::move(job), std::move(stop)), rethrow);
    loop.run();
    return run;
}

Level run_selftest(MediaProcesses& processes) {
    Level level;
    asio::io_context loop(1);
    asio::co_spawn(loop, selftest_into(&level, &processes), rethrow);
    loop.run();
    return level;
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) count += entry.path().empty() ? 0 : 1;
    return count;
}

bool no_child_left() {
    int status = 0;
    return ::waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD;
}

std::optional<std::string> status_of(int pid, const std::string& name) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    std::optional<std::string> found;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("State:") && line.contains("Z")) return std::nullopt;
        if (line.starts_with(name + ":")) found = line.substr(name.size() + 1);
    }
    return found;
}

std::vector<int> children_of(int pid) {
    std::vector<int> children;
    std::error_code gone;
    for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
        std::ifstream file(thread.path() / "children");
        for (int child = 0; file >> child;) children.push_back(child);
    }
    return children;
}

}  // namespace movio::sandbox::testing
