// Text packets as the child hands them over: the first byte chooses the codec, each line feed ends a packet.
#include <array>
#include <cstddef>
#include <cstdint>

#include "media/format/work.hpp"
#include "support/media_caption_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::string_view, 5> kCodecs{"subrip", "webvtt", "ass", "mov_text", "ttml"};
    if (size == 0) return 0;
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::vector<movio::media::RawCue> packets;
    while (!rest.empty() && packets.size() < 100) {
        const auto end = rest.find('\n');
        const auto start_ms = static_cast<std::int64_t>(packets.size()) * 500 - 1000;
        packets.push_back(
            {start_ms, start_ms + 700, std::string(rest.substr(0, end)), std::string(rest.substr(0, 40)), ""});
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    movio::media::test::expect_promises(
        movio::media::captions_from_packets(kCodecs[data[0] % kCodecs.size()], packets));
    const auto again = movio::media::raw_cues_from_json(movio::media::to_json(packets));
    for (std::size_t i = 0; again && i < packets.size(); ++i)
        if ((*again)[i].payload != packets[i].payload) std::abort();
    return 0;
}
