#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/child/policy.hpp"

// Landlock by raw calls (kernel: Documentation/userspace-api/landlock.rst): Debian 12's headers know ABI 2 at most,
// the kernel below may know more.
namespace movio::sandbox {
namespace {

constexpr long kCreateRuleset = 444;
constexpr long kRestrictSelf = 446;
constexpr unsigned long kAskVersion = 1;

struct RulesetAttr {
    std::uint64_t handled_access_fs = 0;
    std::uint64_t handled_access_net = 0;  // from ABI 4
    std::uint64_t scoped = 0;              // from ABI 6
};

// Rights added by each ABI; a right that is handled and that no rule grants is denied.
std::uint64_t file_rights(long abi) {
    constexpr std::uint64_t kFirst = (1U << 13) - 1;
    constexpr std::uint64_t kRefer = 1U << 13;
    constexpr std::uint64_t kTruncate = 1U << 14;
    constexpr std::uint64_t kDeviceIoctl = 1U << 15;
    return kFirst | (abi >= 2 ? kRefer : 0) | (abi >= 3 ? kTruncate : 0) | (abi >= 5 ? kDeviceIoctl : 0);
}

RulesetAttr deny_everything(long abi) {
    constexpr std::uint64_t kBindAndConnectTcp = 3;
    constexpr std::uint64_t kAbstractSocketsAndSignals = 3;
    RulesetAttr attr;
    attr.handled_access_fs = file_rights(abi);
    if (abi >= 4) attr.handled_access_net = kBindAndConnectTcp;
    if (abi >= 6) attr.scoped = kAbstractSocketsAndSignals;
    return attr;
}

bool root_folder_is_closed() {
    const long fd = ::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno == EACCES;
    ::close(static_cast<int>(fd));
    return false;
}

}  // namespace

int apply_landlock() {
    const long abi = ::syscall(kCreateRuleset, nullptr, 0UL, kAskVersion);
    if (abi < 1) return 0;
    const RulesetAttr attr = deny_everything(abi);
    // Older kernels refuse a larger structure unless the rest is zero, which it is for them.
    const long ruleset = ::syscall(kCreateRuleset, &attr, sizeof attr, 0UL);
    if (ruleset < 0) return 0;
    const long restricted = ::syscall(kRestrictSelf, ruleset, 0UL);
    ::close(static_cast<int>(ruleset));
    return restricted == 0 && root_folder_is_closed() ? static_cast<int>(abi) : 0;
}

}  // namespace movio::sandbox
