#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.hpp"
#include "sandbox/protocol/unique_fd.hpp"

namespace movio::sandbox {

// What a media process is started with. The descriptors stay the caller's.
struct SpawnRequest {
    int executable = -1;  // opened O_PATH: what is started is what was there when Movio started
    std::optional<std::filesystem::path> source_file;  // opened here, becomes descriptor 4
    int source_descriptor = -1;                        // in place of a file, borrowed
    bool idle = false;                                 // SCHED_IDLE
    int niceness = 0;                                  // added to ours
    int cpus_max = 0;                                  // the last so many of the processors that we may use; 0: all
    uid_t uid = 0;                                     // taken only when we are root
    gid_t gid = 0;
    std::int64_t address_space_bytes_max = 0;
};

struct SpawnedProcess {
    pid_t pid = -1;
    UniqueFd pidfd;
    UniqueFd channel;  // our end, non-blocking
    UniqueFd errors;   // what the child writes to standard error, non-blocking
};

// Starts the executable with an empty environment, descriptors 0–4 only, its limits set, to be killed when the calling
// *thread* ends (PR_SET_PDEATHSIG). Blocks for about a millisecond; call it from the one thread that lives as long as
// the process. The error is `not_found` where the source file is not there.
Result<SpawnedProcess> spawn_media_process(const SpawnRequest& request);

}  // namespace movio::sandbox
