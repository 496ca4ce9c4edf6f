#pragma once
#include <array>

#include <sched.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "sandbox/protocol/unique_fd.hpp"

namespace movio::sandbox {

struct ChildLimit {
    int resource = 0;
    rlim_t value = 0;
};

// Everything that happens between the new process and its exec, prepared beforehand: nothing is allocated there.
struct ChildStart {
    int executable = -1;
    std::array<int, 5> places{-1, -1, -1, -1, -1};  // become descriptors 0–4; -1 stays closed
    std::array<ChildLimit, 5> limits;
    bool idle = false;
    int niceness = 0;
    bool set_cpus = false;
    cpu_set_t cpus{};
    bool change_user = false;
    uid_t uid = 0;
    gid_t gid = 0;
    const char* oom_score = "0";

    // Written by the child when it fails.
    const char* failed_step = "";
    int error = 0;
};

// The new process's number and pidfd; -1 when it did not come to exec (`failed_step`, `error`). The caller's thread is
// its parent in the sense of PR_SET_PDEATHSIG. Any thread may wait for it.
pid_t start_child(ChildStart& start, UniqueFd& pidfd);

}  // namespace movio::sandbox
