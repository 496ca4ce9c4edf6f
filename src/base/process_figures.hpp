#pragma once
#include <cstdint>

namespace movio {

struct ProcessFigures {
    std::int64_t cpu_us = 0;     // processor time so far, of all its threads
    std::int64_t rss_bytes = 0;  // memory that it holds
};

// What the kernel says of a process; zeros when it is gone, or /proc does not show it. 0 is this one.
ProcessFigures process_figures(int pid);

}  // namespace movio
