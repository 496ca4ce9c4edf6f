// SubRip that users upload.
#include <cstddef>
#include <cstdint>

#include "media/format/captions/charset.hpp"
#include "media/format/captions/formats.hpp"
#include "support/media_caption_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const movio::ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    movio::media::test::expect_promises(movio::media::parse_subrip(movio::media::to_utf8_text(bytes)));
    movio::media::test::expect_promises(movio::media::captions_from_file(bytes));
    return 0;
}
