#include "app/process_limits.hpp"

#include <algorithm>

#include <sys/resource.h>

#include "base/limits.hpp"

namespace movio::app {
namespace {

constexpr rlim_t kDescriptorsWanted = 65'536;
constexpr std::size_t kDescriptorsOfOurOwn = 256;  // databases, sources, media processes

}  // namespace

void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlimit raised{std::min(limit.rlim_max, kDescriptorsWanted), limit.rlim_max};
    if (limit.rlim_cur < raised.rlim_cur) setrlimit(RLIMIT_NOFILE, &raised);
}

std::size_t descriptor_limit() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : 0;
}

std::size_t connections_within(std::size_t descriptors) {
    const std::size_t rest = descriptors > kDescriptorsOfOurOwn ? descriptors - kDescriptorsOfOurOwn : 0;
    return std::clamp<std::size_t>(rest / 2, 1, limits::kConnectionsMax);
}

}  // namespace movio::app
