#include <array>
#include <cstdio>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/version.hpp"

namespace movio::app {

int run_version(const std::filesystem::path& media_executable) {
    std::cout << "movio " << kVersion << '\n' << std::flush;
    std::string quoted = "'";
    for (const char c : media_executable.string()) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    quoted += "' --version";
    // The media process is a program of its own and knows the libraries that it is linked with.
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(quoted.c_str(), "re"), &pclose);
    if (!pipe) return kExitFailure;
    std::array<char, 256> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr) std::cout << line.data();
    return kExitDone;
}

}  // namespace movio::app
