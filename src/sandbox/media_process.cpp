#include "sandbox/media_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <span>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "async/pool.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "sandbox/child_process.hpp"
#include "sandbox/deadline.hpp"
#include "sandbox/process_list.hpp"
#include "sandbox/protocol/agreement.hpp"
#include "sandbox/self_report.hpp"
#include "sandbox/session.hpp"
#include "sandbox/slots.hpp"
#include "sandbox/spawn.hpp"

namespace movio::sandbox {
namespace {

using media::MediaResult;
using media::MediaStage;

// After its last word, or when it hung up, the process is given this long to be gone by itself.
constexpr std::chrono::seconds kLastBreath{3};
constexpr std::size_t kSpawnsQueuedMax = 1024;
constexpr std::size_t kCheckThreads = 2;  // one keeps up with several processes that encode, two with two that copy
constexpr std::size_t kChecksQueuedMax = 1024;  // one of each process
constexpr std::chrono::seconds kSelftestLimit{20};
constexpr int kNobody = 65534;
constexpr int kInteractiveNiceness = 5;  // a third of the share of what has none, where both want a processor

struct Ended {
    Verdict verdict;
    KillReason reason = KillReason::none;
    ExitStatus status;
    std::string errors;
    std::exception_ptr outage;
    pid_t pid = -1;
};

void log_failure(const std::string& log_id, const Ended& ended, const media::MediaError& error) {
    if (error.code == ErrorCode::cancelled) return;
    const auto level = error.code == ErrorCode::internal ? LogLevel::error : LogLevel::warn;
    log(level, "media work failed",
        {{"video_id", log_id},
         {"code", std::string(to_text(error.code))},
         {"reason", error.message},
         {"detail", error.detail},
         {"ended_by", text_of(ended.status)},
         {"pid", static_cast<std::int64_t>(ended.pid)}});
}

Awaitable<MediaResult<void>> keep(std::string* report, media::Artefact artefact) {
    report->assign(as_text(artefact.bytes));
    co_return MediaResult<void>();
}

// `report` must outlive the handler.
ArtefactHandler keep_in(std::string& report) {
    return [&report](media::Artefact artefact) { return keep(&report, std::move(artefact)); };
}

}  // namespace

std::string SandboxLevel::text() const {
    std::string out = seccomp ? "seccomp" : "no seccomp";
    out += landlock_abi > 0 ? ", Landlock ABI " + std::to_string(landlock_abi) : ", no Landlock";
    out += unprivileged ? ", not root" : ", root";
    return out;
}

struct MediaProcesses::State {
    explicit State(MediaProcessOptions wanted)
        : options(std::move(wanted)),
          executable(options.executable_descriptor >= 0 ? ::fcntl(options.executable_descriptor, F_DUPFD_CLOEXEC, 3)
                                                        : ::open(options.executable.c_str(), O_PATH | O_CLOEXEC)),
          slots(options.processes_max),
          growing_slots(options.growing_max),
          spawner("spawn", 1, kSpawnsQueuedMax) {
        if (!executable) {
            throw Failure("The media process " + options.executable.string() +
                          " cannot be opened: " + system_message(errno));
        }
        // Inherited as ignored, the kernel would reap our children itself and forget how they ended.
        struct sigaction present{};
        ::sigaction(SIGCHLD, nullptr, &present);
        if (present.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
    }

    SpawnRequest request_for(const MediaJob& job) const {
        SpawnRequest request;
        request.executable = executable.get();
        if (job.source) request.source_descriptor = job.source->growing_descriptor();
        if (job.source && request.source_descriptor < 0) request.source_file = job.source->local_file();
        request.idle = job.urgency == Urgency::batch;
        request.niceness = job.urgency == Urgency::interactive ? kInteractiveNiceness : 0;
        request.cpus_max = options.cpus_max;
        request.uid = static_cast<uid_t>(options.run_as_uid > 0 ? options.run_as_uid : kNobody);
        request.gid = static_cast<gid_t>(options.run_as_gid > 0 ? options.run_as_gid : kNobody);
        request.address_space_bytes_max = options.address_space_bytes_max;
        return request;
    }

    Awaitable<Ended> run(MediaJob job, std::string forbidden_act, ArtefactHandler on_artefact,
                         ProgressHandler on_progress, std::stop_token stop);

    MediaProcessOptions options;
    UniqueFd executable;
    ProcessSlots slots;
    ProcessSlots growing_slots;
    ProcessList processes;
    // The one thread that starts children: the signal that ends them with their parent follows the thread.
    Pool spawner;
    Pool checks{"media", kCheckThreads, kChecksQueuedMax};
};

Awaitable<Ended> MediaProcesses::State::run(MediaJob job, std::string forbidden_act, ArtefactHandler on_artefact,
                                            ProgressHandler on_progress, std::stop_token stop) {
    Ended ended;
    const bool grows = job.source && job.source->growing_descriptor() >= 0;
    const auto slot =
        grows ? co_await growing_slots.acquire(Urgency::on_demand, stop) : co_await slots.acquire(job.urgency, stop);
    if (!slot) {
        ended.reason = KillReason::stopped;
        co_return ended;
    }
    const auto request = request_for(job);
    auto spawned = co_await on_pool(spawner, [&request] { return spawn_media_process(request); });
    if (!spawned) throw Failure(spawned.error().message + " " + spawned.error().detail);
    const auto child = std::make_shared<ChildProcess>(std::move(*spawned));
    const std::stop_callback on_stop(stop, [child] { child->kill(KillReason::stopped); });
    const auto executor = co_await asio::this_coro::executor;
    Deadline deadline(executor, child);
    deadline.begin(job.wall_limit);

    ProcessList::Entry entry(processes, {.pid = child->pid(),
                                         .log_id = job.log_id,
                                         .task_id = job.task_id,
                                         .urgency = job.urgency,
                                         .started_us = wall_now_us()});
    ProgressHandler on_any_progress = [&entry, &on_progress](int permille) {
        entry.progressed(permille);
        if (on_progress) on_progress(permille);
    };
    Channel channel(executor, child->take_channel());
    Session session(channel, *child, checks, job, forbidden_act, on_artefact, on_any_progress);
    try {
        ended.verdict = co_await session.talk();
    } catch (...) {
        ended.outage = std::current_exception();
    }
    const auto& verdict = ended.verdict;
    if (ended.outage || (verdict.error && !verdict.last_word)) {
        child->kill(KillReason::refused);
    } else {
        deadline.end_within(kLastBreath, verdict.last_word ? KillReason::finished : KillReason::misbehaved);
    }
    ended.status = co_await child->wait();
    if (job.on_cost) job.on_cost(ended.status.cpu);
    child->drain_errors();
    ended.errors = child->errors();
    ended.reason = child->kill_reason();
    ended.pid = child->pid();
    co_return ended;
}

Awaitable<std::optional<Arrived>> SourceReader::wait_for(std::int64_t) { co_return Arrived{size(), true}; }

MediaProcesses::MediaProcesses(MediaProcessOptions options) : state_(std::make_shared<State>(std::move(options))) {}
MediaProcesses::~MediaProcesses() = default;

Awaitable<MediaResult<void>> MediaProcesses::run(MediaJob job, ArtefactHandler on_artefact, ProgressHandler on_progress,
                                                 std::stop_token stop) {
    const auto state = state_;
    const std::string log_id = job.log_id;
    const auto ended = co_await state->run(std::move(job), {}, std::move(on_artefact), std::move(on_progress), stop);
    if (ended.outage) std::rethrow_exception(ended.outage);
    auto result = judge(ended.verdict, ended.reason, ended.status, ended.errors);
    if (!result) log_failure(log_id, ended, result.error());
    co_return result;
}

std::vector<RunningProcess> MediaProcesses::running() const { return state_->processes.look(); }

Awaitable<std::optional<SandboxLevel>> MediaProcesses::selftest(SelftestDepth depth) {
    const auto state = state_;
    std::string report;
    MediaJob job;
    job.order.work = media::SelftestWork{};
    job.urgency = Urgency::on_demand;
    job.wall_limit = kSelftestLimit;
    const auto first = co_await state->run(job, {}, keep_in(report), {}, {});
    if (first.outage) std::rethrow_exception(first.outage);
    const auto result = judge(first.verdict, first.reason, first.status, first.errors);
    const std::string unrefused =
        result ? unrefused_acts(report) : result.error().message + " " + result.error().detail;
    bool confined = unrefused.empty();
    if (!confined) log_error("the media process is not confined", {{"acts", unrefused}});
    const std::size_t acts = depth == SelftestDepth::full ? kDeadlyActs.size() : 1;
    for (const auto act : std::span(kDeadlyActs).first(acts)) {
        const auto ended = co_await state->run(job, std::string(act), keep_in(report), {}, {});
        if (ended.outage) std::rethrow_exception(ended.outage);
        if (ended.status.by_signal && ended.status.number == SIGSYS) continue;
        confined = false;
        log_error("the media process is not confined",
                  {{"acts", std::string(act)}, {"ended_by", text_of(ended.status)}});
    }
    if (!confined) co_return std::nullopt;
    co_return SandboxLevel{true, first.verdict.landlock_abi, true};
}

}  // namespace movio::sandbox
