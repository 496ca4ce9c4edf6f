#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/engine/av/handles.hpp"
#include "media/format/byte_source.hpp"

namespace movio::media::av {

// The samples of an MP4 by its table. Who wants their times and sizes alone need not read them: libav gets zeros in
// place of what nobody looks at. Not looked at is all of a sample; of H.264 and HEVC, what follows the head of a slice.
// Whole are subtitles and what libav itself parses.
class SampleTable {
public:
    // Of an open container that has such a table; its streams must outlive this. To be made once packets of every
    // stream have been read.
    explicit SampleTable(AVFormatContext& context);

    // Reads a sample of the table where exactly one is asked for: its length, or an error of the source. nullopt:
    // this is to be read as anything else.
    std::optional<MediaResult<std::size_t>> read_sample(ByteSource& source, std::int64_t offset,
                                                        std::span<std::byte> target);

private:
    struct Cursor {
        AVStream* stream;
        int length_bytes = 0;  // of the lengths before units of H.264 or HEVC; 0: nothing is looked at
        int next = -1;         // -1: its place is not known yet
        int searches = 0;
    };
    static bool advance(Cursor& cursor, int first, int end, std::int64_t offset, std::size_t length);
    const Cursor* find(std::int64_t offset, std::size_t length);
    std::vector<Cursor> cursors_;
};

}  // namespace movio::media::av
