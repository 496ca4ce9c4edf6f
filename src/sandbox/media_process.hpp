#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "async/asio.hpp"
#include "media/format/artefact.hpp"
#include "media/format/work.hpp"

namespace movio::sandbox {

// How far a source has come that still grows.
struct Arrived {
    std::int64_t bytes = 0;
    bool complete = false;  // no more will come
};

// Where the child's bytes come from. A local file is opened by the parent and inherited as a descriptor; anything
// else is read by the parent when the child asks. A file that still grows is inherited too, and the child asks how far
// it has come.
class SourceReader {
public:
    virtual ~SourceReader() = default;
    virtual std::int64_t size() const = 0;
    virtual std::optional<std::filesystem::path> local_file() const { return std::nullopt; }
    virtual Awaitable<Bytes> read(std::int64_t offset, std::size_t length) = 0;
    // A descriptor of the file that grows, -1 for all others. It stays the source's.
    virtual int growing_descriptor() const { return -1; }
    // Of a source that grows: resumes when so many bytes are there or no more will come. nullopt: it is not worth
    // waiting for any more, and the job ends as cancelled.
    virtual Awaitable<std::optional<Arrived>> wait_for(std::int64_t bytes);
};

// Interactive runs a little nicer than the server and what is on demand; batch SCHED_IDLE.
enum class Urgency { on_demand, interactive, batch };

struct MediaJob {
    media::WorkOrder order;
    std::shared_ptr<SourceReader> source;  // nullptr for a self-test
    Urgency urgency = Urgency::batch;
    // Then the child is killed: MediaError timeout (see deadline.hpp). Waiting for a source to grow does not count.
    std::chrono::seconds wall_limit{600};
    std::string log_id;        // video id, for the log
    std::string task_id = {};  // what it works on, for whoever looks at what runs; empty: none
    // Told once, when the child has ended, however it did: its processor time. On the caller's executor.
    std::function<void(std::chrono::microseconds)> on_cost = {};
};

// Takes one artefact that the parent has checked (size, box grammar, tfdt, sample count and duration against the
// plan). Returning an error stops the child and becomes the job's error.
using ArtefactHandler = std::function<Awaitable<media::MediaResult<void>>(media::Artefact)>;
using ProgressHandler = std::function<void(int permille)>;

struct SandboxLevel {
    bool seccomp = false;
    int landlock_abi = 0;
    bool unprivileged = false;  // does not run as uid 0
    std::string text() const;   // for people: "seccomp, Landlock ABI 4, own user"
};

// How much the self-test tries. `start`, for every start of the server: all that is refused, and one act that must end
// the process, which shows that this kernel does so. `full`: every such act, one process each.
enum class SelftestDepth { start, full };

// A child that runs.
struct RunningProcess {
    int pid = -1;
    std::string log_id;
    std::string task_id;
    Urgency urgency = Urgency::batch;
    std::int64_t started_us = 0;
    int permille = 0;            // how far it says it is
    std::int64_t cpu_us = 0;     // processor time so far, of the kernel
    std::int64_t rss_bytes = 0;  // memory that it holds
};

struct MediaProcessOptions {
    std::filesystem::path executable;  // movio-media
    int executable_descriptor = -1;    // O_PATH, borrowed; for one that we may no longer open by its path
    // Who a child is when we are root; nobody by default, never root. Not root, we cannot choose.
    int run_as_uid = -1;
    int run_as_gid = -1;
    std::int64_t address_space_bytes_max = 4LL << 30;
    std::size_t processes_max = 4;  // running at once; more wait. Batch leaves one place free for what is more urgent
    std::size_t growing_max = 8;    // beside those, of sources that still grow: such a child mostly waits
    int cpus_max = 0;               // processors that all of them share; 0: as many as we may use
};

// Runs media work in child processes that can open nothing. One job, one process; a crash, a kill or a time-out is a
// MediaError, never ours. What says nothing about the file (no process to be had, killed from outside, the source or
// the handler failing) throws Failure: the work may be tried again. Thread-safe; handlers run on the caller's executor.
class MediaProcesses {
public:
    explicit MediaProcesses(MediaProcessOptions options);
    ~MediaProcesses();
    MediaProcesses(const MediaProcesses&) = delete;
    MediaProcesses& operator=(const MediaProcesses&) = delete;

    // Resumes when the child has ended. A requested stop kills it: MediaError cancelled.
    Awaitable<media::MediaResult<void>> run(MediaJob job, ArtefactHandler on_artefact, ProgressHandler on_progress,
                                            std::stop_token stop);
    // Runs the self-test; nullopt when a child could do what it must not (said in the log). 50 ms for each process.
    Awaitable<std::optional<SandboxLevel>> selftest(SelftestDepth depth = SelftestDepth::start);
    // Those that run now, the oldest first. Reads two lines of /proc for each.
    std::vector<RunningProcess> running() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio::sandbox
