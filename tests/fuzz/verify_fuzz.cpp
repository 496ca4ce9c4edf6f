// Segments and init segments that a hostile child hands over.
#include <cstddef>
#include <cstdint>

#include "media/format/avc.hpp"
#include "media/format/verify.hpp"
#include "support/media_films.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::media;
    static const auto plan =
        make_plan(test::index_of(test::picture_track(640, 360, {25, 1}, 104), test::sound_track(1, "en", 4160)), {})
            .value();
    const movio::ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    for (const auto* rendition : {"v-h264-360", "a-1-en-2"}) {
        (void)verify_segment(plan, rendition, 1, bytes);
        (void)verify_init(plan, rendition, bytes);
    }
    (void)make_avc_config(bytes);
    (void)to_avc_sample(bytes);
    return 0;
}
