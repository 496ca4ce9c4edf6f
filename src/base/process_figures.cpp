#include "base/process_figures.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

namespace movio {
namespace {

constexpr int kUserTimeField = 14;  // proc(5), /proc/pid/stat; the system's follows
constexpr int kFirstFieldAfterName = 3;
constexpr std::int64_t kSecondUs = 1'000'000;

}  // namespace

ProcessFigures process_figures(int pid) {
    const std::string folder = "/proc/" + (pid == 0 ? std::string("self") : std::to_string(pid));
    ProcessFigures figures;
    std::string stat;
    // The name stands in brackets and may hold anything.
    if (std::ifstream file(folder + "/stat"); std::getline(file, stat) && stat.contains(')')) {
        std::istringstream fields(stat.substr(stat.rfind(')') + 1));
        std::string skipped;
        for (int field = kFirstFieldAfterName; field < kUserTimeField; ++field) fields >> skipped;
        std::int64_t user = 0;
        std::int64_t system = 0;
        if (fields >> user >> system) figures.cpu_us = (user + system) * kSecondUs / ::sysconf(_SC_CLK_TCK);
    }
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    if (std::ifstream file(folder + "/statm"); file >> pages >> resident)
        figures.rss_bytes = resident * ::sysconf(_SC_PAGESIZE);
    return figures;
}

}  // namespace movio
