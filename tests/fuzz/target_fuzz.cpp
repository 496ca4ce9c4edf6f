// Whatever a request asks for, no part of its path leads upwards or hides a separator.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto target = movio::http::parse_target(text)) {
        for (const auto& segment : target->segments) {
            if (segment == "." || segment == ".." || segment.find('\0') != std::string::npos) std::abort();
        }
    }
    return 0;
}
