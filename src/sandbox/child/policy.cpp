#include "sandbox/child/policy.hpp"

#include <cerrno>

#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.hpp"

namespace movio::sandbox {

Result<PolicyLevel> apply_policy() {
    if (::geteuid() == 0 || ::getuid() == 0) {
        return fail(ErrorCode::internal, "The media process must not run as root.");
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail(ErrorCode::internal, "The media process cannot give up privileges.", system_message(errno));
    }
    PolicyLevel level;
    level.landlock_abi = apply_landlock();
    if (auto closed = apply_seccomp(); !closed) return std::unexpected(closed.error());
    level.seccomp = true;
    return level;
}

}  // namespace movio::sandbox
