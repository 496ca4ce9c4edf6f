#include "sandbox/outcome.hpp"

#include <csignal>
#include <cstring>

namespace movio::sandbox {
namespace {

using media::MediaResult;
using media::MediaStage;

std::string with_errors(std::string detail, const std::string& errors) {
    return errors.empty() ? detail : detail + "; it wrote: " + errors;
}

MediaResult<void> judge_signal(ExitStatus status, const std::string& errors) {
    const std::string detail = with_errors("ended by " + text_of(status), errors);
    switch (status.number) {
        case SIGSYS:
            return media::bad_media(MediaStage::decode, ErrorCode::internal,
                                    "The media process tried something forbidden and was ended.", detail);
        case SIGXFSZ:
            return media::bad_media(MediaStage::package, ErrorCode::too_large,
                                    "A part of the film came out too large to store.", detail);
        case SIGSEGV:
        case SIGABRT:
        case SIGBUS:
        case SIGILL:
        case SIGFPE:
        case SIGTRAP:
            return media::bad_media(MediaStage::decode, ErrorCode::damaged, "The decoder crashed on this file.",
                                    detail);
        default:
            // SIGKILL and the like come from outside: the kernel short of memory, an operator.
            throw Failure("A media process was killed from outside: " + detail);
    }
}

MediaResult<void> judge_end(const Verdict& verdict, ExitStatus status, const std::string& errors) {
    if (!verdict.said_hello && !(status.by_signal && status.number == SIGSYS)) {
        // Ours would have written why.
        const bool is_foreign = errors.empty() && !status.by_signal;
        const std::string advice = is_foreign ? "; install movio and movio-media from the same build" : "";
        throw Failure(with_errors("A media process ended before it began: " + text_of(status) + advice, errors));
    }
    if (status.by_signal) return judge_signal(status, errors);
    const bool sanitizer_found_something = status.number != 0;
    return media::bad_media(MediaStage::decode, sanitizer_found_something ? ErrorCode::damaged : ErrorCode::internal,
                            "The media process ended without a result.", with_errors(text_of(status), errors));
}

}  // namespace

std::string text_of(ExitStatus status) {
    if (!status.by_signal) return "exit code " + std::to_string(status.number);
    const char* name = ::sigabbrev_np(status.number);
    return "signal " + std::to_string(status.number) + " (SIG" + (name == nullptr ? "?" : name) + ")";
}

MediaResult<void> judge(const Verdict& verdict, KillReason reason, ExitStatus status, const std::string& errors) {
    if (verdict.error) return std::unexpected(*verdict.error);
    if (verdict.done) return {};
    switch (reason) {
        case KillReason::stopped:
            return media::bad_media(MediaStage::open, ErrorCode::cancelled, "The work was cancelled.");
        case KillReason::timed_out:
            return media::bad_media(MediaStage::decode, ErrorCode::timeout,
                                    "The file took longer than is allowed for one step.",
                                    with_errors("wall-clock limit", errors));
        case KillReason::misbehaved:
            // On a busy machine it may have been ending all the while.
            if (status.number != SIGKILL) return judge_end(verdict, status, errors);
            return media::bad_media(MediaStage::decode, ErrorCode::internal,
                                    "The media process closed its line and went on.",
                                    with_errors(text_of(status), errors));
        default: return judge_end(verdict, status, errors);
    }
}

}  // namespace movio::sandbox
