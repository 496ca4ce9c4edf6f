#pragma once
#include "base/result.hpp"

namespace movio::sandbox {

struct PolicyLevel {
    bool seccomp = false;
    int landlock_abi = 0;  // 0: this kernel has none
};

// Closes the doors of this process for good: no new privileges, Landlock without a single permitted path, seccomp with
// a list of permitted calls. Landlock is used where the kernel has it; without seccomp it fails. Call before the first
// byte of a source is read.
Result<PolicyLevel> apply_policy();

// Landlock alone: the ABI version in force, 0 where there is none. It is tried out before it is believed.
int apply_landlock();

// seccomp alone.
Result<void> apply_seccomp();

}  // namespace movio::sandbox
