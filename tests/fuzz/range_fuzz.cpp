// Whatever Range says, what is sent lies inside the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/ranges.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::http;
    if (size == 0) return 0;
    const std::int64_t bytes = std::int64_t{data[0]} << (data[0] % 48);
    Headers request;
    request.add("Range", std::string_view(reinterpret_cast<const char*>(data + 1), size - 1));
    const Selection selection = select_part(Method::get, request, bytes, "\"1\"");
    if (selection.part != Part::range && selection.part != Part::whole) return 0;
    if (selection.offset < 0 || selection.length < 0) std::abort();
    if (selection.offset > bytes || selection.length > bytes - selection.offset) std::abort();
    return 0;
}
