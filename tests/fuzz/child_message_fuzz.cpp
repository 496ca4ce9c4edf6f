// What is taken from the child as a message says the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sandbox/protocol/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::sandbox;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto message = child_message_from_json(text)) {
        const auto written = to_json(*message);
        const auto again = child_message_from_json(written);
        if (!again || to_json(*again) != written) std::abort();
    }
    return 0;
}
