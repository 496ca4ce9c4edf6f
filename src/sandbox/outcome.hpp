#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "media/format/media_result.hpp"

namespace movio::sandbox {

// Why we killed a child; `none` when we did not.
enum class KillReason {
    none,
    finished,  // it had said its last word
    stopped,   // the caller's stop token
    timed_out,
    misbehaved,  // said what no media process says
    refused,     // the caller did not want its artefact, or the source failed
    abandoned,
};

struct ExitStatus {
    bool by_signal = false;
    int number = 0;                    // signal or exit code
    std::chrono::microseconds cpu{0};  // processor time of all its threads
};

// What the conversation came to.
struct Verdict {
    bool said_hello = false;
    int landlock_abi = 0;                    // as it said
    bool done = false;                       // everything that was ordered has come and been taken
    bool last_word = false;                  // the child itself said done or error
    std::optional<media::MediaError> error;  // said by the child, by the handler, or ours about the child
};

// Makes one result of how a child talked and how it ended. Throws Failure where the end says nothing about the file:
// it could not start, or was killed by somebody else (the kernel short of memory, an operator); such a job may be
// run again.
media::MediaResult<void> judge(const Verdict& verdict, KillReason reason, ExitStatus status, const std::string& errors);

// `signal 11 (SIGSEGV)` or `exit code 1`.
std::string text_of(ExitStatus status);

}  // namespace movio::sandbox
