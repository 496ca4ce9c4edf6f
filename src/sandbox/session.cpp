#include "sandbox/session.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <unistd.h>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace movio::sandbox {
namespace {

using media::MediaStage;

// 0 to 1000, each once, and some to spare for an engine that repeats itself.
constexpr int kProgressMessagesMax = 4000;

// A file is read once for its index and at most twice for a task; picture and sound far apart cost a few times more.
constexpr std::int64_t kReadsPerBlockMax = 16;
constexpr std::int64_t kReadsSpare = 1024;

std::int64_t reads_max(std::int64_t source_bytes) {
    return source_bytes / static_cast<std::int64_t>(kBlockBytes) * kReadsPerBlockMax + kReadsSpare;
}

void write_window(int fd, int slot, ByteView bytes) {
    auto at = static_cast<off_t>(slot) * static_cast<off_t>(kBlockBytes);
    while (!bytes.empty()) {
        const auto written = ::pwrite(fd, bytes.data(), bytes.size(), at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw Failure("There is no memory to hand a source over to the media process.");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        at += written;
    }
}

const char* text_of(MemfdFault fault) {
    switch (fault) {
        case MemfdFault::none: return "none";
        case MemfdFault::not_a_memfd: return "not a memfd";
        case MemfdFault::not_sealed: return "not sealed";
        case MemfdFault::wrong_size: return "of another size than said";
        case MemfdFault::unreadable: return "unreadable";
    }
    return "?";
}

}  // namespace

Session::Session(Channel& channel, ChildProcess& child, Pool& checks, const MediaJob& job,
                 const std::string& forbidden_act, ArtefactHandler& on_artefact, ProgressHandler& on_progress)
    : channel_(channel),
      child_(child),
      checks_(checks),
      job_(job),
      forbidden_act_(forbidden_act),
      on_artefact_(on_artefact),
      on_progress_(on_progress),
      check_(job.order) {}

Awaitable<Verdict> Session::talk() {
    if (!co_await send_order()) co_return verdict_;
    while (!verdict_.done && !verdict_.error) {
        auto received = co_await channel_.receive();
        child_.drain_errors();
        if (received.outcome == ReceiveOutcome::closed) break;
        if (received.outcome == ReceiveOutcome::oversized) {
            refuse("a message was too large");
            break;
        }
        auto message = child_message_from_json(received.datagram.text);
        if (!message) {
            refuse("a message was not understood: " + received.datagram.text.substr(0, 200));
            break;
        }
        if (!co_await take(std::move(*message), std::move(received.datagram.fds))) break;
    }
    co_return verdict_;
}

Awaitable<bool> Session::send_order() {
    const std::string text = media::to_json(job_.order);
    const UniqueFd memory = make_sealed_memfd("movio-order", as_bytes(text));
    if (!memory) throw Failure("There is no memory to start a media process.");
    OrderMessage order{static_cast<std::int64_t>(text.size()), SourceKind::none, 0, forbidden_act_};
    std::vector<int> fds{memory.get()};
    if (job_.source) {
        const bool by_file = job_.source->local_file().has_value();
        order.source = by_file ? SourceKind::file : SourceKind::window;
        if (job_.source->growing_descriptor() >= 0) order.source = SourceKind::growing;
        order.source_bytes = job_.source->size();
        if (order.source == SourceKind::window) {
            window_ = make_window(kWindowBytes);
            if (!window_) throw Failure("There is no memory to hand a source over to the media process.");
            fds.push_back(window_.get());
        }
    }
    co_return co_await channel_.send(to_json(ParentMessage(order)), std::move(fds));
}

Awaitable<bool> Session::take(ChildMessage message, std::vector<UniqueFd> fds) {
    const bool is_artefact = std::holds_alternative<ArtefactMessage>(message);
    if (fds.size() != (is_artefact ? 1U : 0U)) {
        refuse("a message came with the wrong number of descriptors");
    } else if (const auto* hello = std::get_if<Hello>(&message)) {
        take_hello(*hello);
    } else if (!verdict_.said_hello) {
        refuse("it did not begin with hello");
    } else if (const auto* read = std::get_if<ReadRequest>(&message)) {
        co_await answer_read(*read);
    } else if (const auto* wait = std::get_if<WaitRequest>(&message)) {
        co_await answer_wait(*wait);
    } else if (is_artefact) {
        co_await take_artefact(std::move(std::get<ArtefactMessage>(message)), std::move(fds));
    } else if (const auto* progress = std::get_if<Progress>(&message)) {
        take_progress(*progress);
    } else if (auto* error = std::get_if<ErrorMessage>(&message)) {
        verdict_.error = std::move(error->error);
        verdict_.last_word = true;
    } else {
        take_done();
    }
    co_return !verdict_.error && !verdict_.done;
}

void Session::take_hello(const Hello& hello) {
    if (verdict_.said_hello) return refuse("it said hello twice");
    if (hello.protocol != kProtocolVersion) {
        throw Failure("movio-media is of another version than movio; install both from the same build.");
    }
    if (!hello.seccomp || hello.uid == 0) throw Failure("The media process is not confined; it is not used.");
    verdict_.said_hello = true;
    verdict_.landlock_abi = hello.landlock_abi;
}

void Session::take_progress(Progress progress) {
    if (++progress_messages_ > kProgressMessagesMax) return refuse("it floods us with progress");
    if (progress.permille <= permille_) return;
    permille_ = progress.permille;
    if (on_progress_) on_progress_(permille_);
}

void Session::take_done() {
    if (auto missing = check_.missing()) return refuse("it ended without " + *missing);
    verdict_.done = true;
    verdict_.last_word = true;
}

Awaitable<void> Session::answer_read(ReadRequest read) {
    if (!window_) {
        refuse("it asks for a source that it has not been given");
        co_return;
    }
    if (++reads_ > reads_max(job_.source->size())) {
        verdict_.error = media::MediaError{MediaStage::index,
                                           ErrorCode::damaged,
                                           "The file is laid out in a way that needs it to be read over and over.",
                                           {}};
        co_return;
    }
    const auto length = static_cast<std::size_t>(read.length);
    const Bytes bytes = co_await job_.source->read(read.offset, length);
    const auto usable = ByteView(bytes).first(std::min(bytes.size(), length));
    write_window(window_.get(), read.slot, usable);
    co_await channel_.send(to_json(ParentMessage(Data{read.slot, static_cast<std::int64_t>(usable.size())})), {});
}

Awaitable<void> Session::answer_wait(WaitRequest wait) {
    const bool grows = job_.source && job_.source->growing_descriptor() >= 0;
    if (!grows || told_.complete || wait.bytes <= told_.bytes) {
        refuse("it waits for nothing");
        co_return;
    }
    child_.begin_excuse();
    const auto arrived = co_await job_.source->wait_for(wait.bytes);
    child_.end_excuse();
    if (!arrived) {
        verdict_.error = media::MediaError{MediaStage::open, ErrorCode::cancelled, "The upload does not go on.", {}};
        co_return;
    }
    told_ = *arrived;
    co_await channel_.send(to_json(ParentMessage(Grown{told_.bytes, told_.complete})), {});
}

std::optional<std::string> Session::check(ArtefactMessage& message, const UniqueFd& memory) {
    auto& artefact = message.artefact;
    const auto bytes = static_cast<std::size_t>(message.bytes);
    const auto memory_fault = read_sealed_memfd(memory.get(), bytes, bytes, artefact.bytes);
    if (memory_fault != MemfdFault::none) return std::string("the memory of an artefact was ") + text_of(memory_fault);
    if (auto fault = check_.content_fault(artefact)) return "an artefact was not what the plan says: " + *fault;
    const bool is_kept_by_digest =
        artefact.kind == media::ArtefactKind::segment || artefact.kind == media::ArtefactKind::init_segment;
    if (is_kept_by_digest) artefact.sha256 = sha256_hex(artefact.bytes);
    return std::nullopt;
}

Awaitable<void> Session::take_artefact(ArtefactMessage message, std::vector<UniqueFd> fds) {
    auto& artefact = message.artefact;
    if (auto fault = check_.head_fault(artefact, message.bytes)) {
        refuse("an artefact was not wanted: " + *fault);
        co_return;
    }
    // Megabytes are read, parsed and hashed, which would hold up all else on this thread.
    if (auto fault = co_await on_pool(checks_, [&] { return check(message, fds.front()); })) {
        refuse(*std::move(fault));
        co_return;
    }
    fds.clear();
    auto taken = co_await on_artefact_(std::move(artefact));
    if (!taken) {
        verdict_.error = std::move(taken.error());
        co_return;
    }
    co_await channel_.send(to_json(ParentMessage(Taken{})), {});
}

void Session::refuse(std::string detail) {
    verdict_.error = media::MediaError{MediaStage::package, ErrorCode::internal,
                                       "The media process did not keep to its order.", std::move(detail)};
}

}  // namespace movio::sandbox
