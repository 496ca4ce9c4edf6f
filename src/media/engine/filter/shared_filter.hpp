#pragma once
#include <deque>
#include <memory>

#include "media/engine/decode/picture_reader.hpp"
#include "media/engine/filter/shape.hpp"
#include "media/format/grid.hpp"

namespace movio::media {

// The reader's pictures after what all renditions share was done to them, each with its place on the grid. A picture
// of another size or format in the middle of a film renews the filters.
class SharedFilter {
public:
    SharedFilter(PictureReader& reader, Rational frame_rate, PictureSize size_max);

    struct Placed {
        Picture picture;
        std::int64_t slot = 0;  // first frame of the grid that shows it
    };
    MediaResult<void> start_at_frame(std::int64_t frame);
    MediaResult<std::optional<Placed>> next();

    bool errors_at_end() const { return reader_.errors_at_end(); }
    // Frame of the grid where the source's own picture ends.
    std::int64_t picture_end() const;

private:
    MediaResult<void> take(Picture picture);
    MediaResult<void> drain(bool flush);
    Placed placed(Picture picture) const;

    PictureReader& reader_;
    const VideoInfo& video_;
    Rational frame_rate_;
    PictureSize size_max_;
    bool interlaced_;
    bool chain_interlaced_ = false;
    bool ended_ = false;
    std::optional<FilterChain> chain_;
    std::deque<Picture> inside_;  // what the chain holds, without the frames
    std::deque<Picture> done_;
};

}  // namespace movio::media
