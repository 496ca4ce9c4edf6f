#include "app/process_limits.hpp"

#include <algorithm>

#include <sys/resource.h>

#include "base/limits.hpp"

namespace movio::app {
namespace {

constexpr rlim_t kDescriptorsWanted = 65'536;
constexpr std::size_t kDescriptorsOfOurOwn = 256;  // databases, sources, media processes

}  // namespace

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    const rlim_t wanted = std::min(limit.rlim_max, kDescriptorsWanted);
    if (limit.rlim_cur < wanted) {
        const rlimit raised{wanted, limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit.rlim_cur = wanted;
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t connections_within(std::size_t descriptors) {
    const std::size_t rest = descriptors > kDescriptorsOfOurOwn ? descriptors - kDescriptorsOfOurOwn : 0;
    return std::clamp<std::size_t>(rest / 2, 1, limits::kConnectionsMax);
}

}  // namespace movio::app
