// Parameter sets and decoder configurations of H.264 that strangers' files bring.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "media/format/avc.hpp"
#include "media/format/avc_parameters.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::media;
    const movio::ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    (void)read_avc_sequence(bytes);
    (void)read_avc_picture(bytes);
    for (const int length_bytes : {1, 2, 4}) (void)split_foreign_sample(bytes, length_bytes);
    const auto config = read_avc_config(bytes);
    if (!config || config->sets.sequences().empty()) return 0;
    const auto again = read_avc_config(write_avc_config(config->sets));
    if (!again || again->sets.sequences() != config->sets.sequences()) std::abort();
    if (again->sets.pictures() != config->sets.pictures()) std::abort();
    return 0;
}
