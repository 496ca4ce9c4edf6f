#pragma once
#include <span>
#include <string_view>

// Files that are part of the executable (tools/embed.py writes the definitions at build time).
namespace movio::embedded {

struct File {
    std::string_view path;  // relative to the embedded folder, '/'-separated
    std::string_view content;
};

std::span<const File> migrations();
std::span<const File> web();

}  // namespace movio::embedded
