#include "sandbox/child/child_main.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/child/parent_link.hpp"
#include "sandbox/child/policy.hpp"
#include "sandbox/child/selftest.hpp"
#include "sandbox/child/sink.hpp"
#include "sandbox/child/source.hpp"
#include "sandbox/protocol/agreement.hpp"

namespace movio::sandbox {
namespace {

using media::MediaResult;
using media::MediaStage;

constexpr int kExitUsage = 2;
constexpr int kExitNotConfined = 4;
constexpr std::size_t kOrderBytesMax = 256U << 20;  // a plan of a day with every keyframe is a tenth of it

struct Assignment {
    media::WorkOrder order;
    OrderMessage message;
    UniqueFd window;
};

bool started_by_movio() {
    int kind = 0;
    socklen_t length = sizeof kind;
    return ::getsockopt(kChannelDescriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0 && kind == SOCK_SEQPACKET;
}

MediaResult<Assignment> receive_assignment(ParentLink& link) {
    const auto broken = [](std::string detail) {
        return media::bad_media(MediaStage::open, ErrorCode::internal,
                                "The media process did not understand its order.", std::move(detail));
    };
    std::vector<UniqueFd> fds;
    OrderMessage message = link.receive_order(fds);
    const bool windowed = message.source == SourceKind::window;
    if (fds.size() != (windowed ? 2U : 1U)) return broken("wrong number of descriptors");
    Bytes text;
    const auto fault =
        read_sealed_memfd(fds[0].get(), static_cast<std::size_t>(message.order_bytes), kOrderBytesMax, text);
    if (fault != MemfdFault::none) return broken("the order's memory is not readable");
    auto order = media::work_order_from_json(as_text(text));
    if (!order) return broken(order.error().message);
    return Assignment{std::move(*order), std::move(message), windowed ? std::move(fds[1]) : UniqueFd()};
}

MediaResult<void> run_selftest(const OrderMessage& message, LinkSink& sink) {
    if (!message.forbidden_act.empty()) {
        const bool known = attempt_deadly_act(message.forbidden_act);
        return media::bad_media(MediaStage::open, ErrorCode::internal,
                                known ? "A forbidden act was survived." : "There is no such act.",
                                message.forbidden_act);
    }
    media::Artefact report;
    report.kind = media::ArtefactKind::index;
    const std::string text = attempt_denied_acts();
    const auto bytes = as_bytes(text);
    report.bytes.assign(bytes.begin(), bytes.end());
    return sink.put(std::move(report));
}

MediaResult<void> run_assignment(const Engine& engine, ParentLink& link, Assignment assignment) {
    LinkSink sink(link);
    const auto& message = assignment.message;
    if (std::holds_alternative<media::SelftestWork>(assignment.order.work)) return run_selftest(message, sink);
    std::optional<FileSource> file;
    std::optional<WindowSource> window;
    std::optional<GrowingSource> growing;
    media::ByteSource* source = nullptr;
    if (message.source == SourceKind::file) source = &file.emplace(kSourceDescriptor, message.source_bytes);
    if (message.source == SourceKind::growing) source = &growing.emplace(link, kSourceDescriptor, message.source_bytes);
    if (message.source == SourceKind::window) {
        source = &window.emplace(link, assignment.window.get(), message.source_bytes);
        assignment.window.reset();
    }
    return engine.run_work(assignment.order, source, sink);
}

MediaResult<void> work(const Engine& engine, ParentLink& link) {
    try {
        auto assignment = receive_assignment(link);
        if (!assignment) return std::unexpected(assignment.error());
        return run_assignment(engine, link, std::move(*assignment));
    } catch (const std::bad_alloc&) {
        return media::bad_media(MediaStage::open, ErrorCode::too_large,
                                "The file needs more memory than one film may use.");
    } catch (const std::exception& error) {
        return media::bad_media(MediaStage::open, ErrorCode::internal, "The media process failed.", error.what());
    }
}

// No destructors and no atexit handlers: they could only go wrong, and the kernel frees everything.
[[noreturn]] void serve(const Engine& engine) {
    ::prctl(PR_SET_NAME, "movio-media");
    const auto level = apply_policy();
    if (!level) {
        std::fprintf(stderr, "%s %s\n", level.error().message.c_str(), level.error().detail.c_str());
        ::_exit(kExitNotConfined);
    }
    ParentLink link(kChannelDescriptor);
    link.send(Hello{kProtocolVersion, level->seccomp, level->landlock_abi, static_cast<std::int64_t>(::getuid())});
    const auto result = work(engine, link);
    link.settle();
    if (result) {
        link.send(Done{});
    } else {
        link.send(ErrorMessage{result.error()});
    }
    ::_exit(0);
}

}  // namespace

int child_main(int argc, char** argv, const Engine& engine) {
    if (argc > 1 && std::string_view(argv[1]) == "--version") {
        std::printf("%s", engine.versions().c_str());
        return 0;
    }
    if (argc > 1 || !started_by_movio()) {
        std::fprintf(stderr,
                     "movio-media is started by movio, which hands it one media file at a time; "
                     "by itself it only answers --version.\n");
        return kExitUsage;
    }
    serve(engine);
}

}  // namespace movio::sandbox
