#include "base/clock.hpp"

#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace movio {

std::int64_t wall_now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t steady_now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string rfc3339(std::int64_t time_us) {
    using namespace std::chrono;
    // Rounded down, so that times before 1970 are right too.
    const auto time = floor<milliseconds>(microseconds(time_us));
    const auto whole = floor<seconds>(time);
    const auto ms = (time - whole).count();
    const auto since_epoch = static_cast<std::time_t>(whole.count());
    std::tm parts{};
    gmtime_r(&since_epoch, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ms);
}

}  // namespace movio
