#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "media/engine/av/input.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// A decoded picture of the source. `damaged`: the decoder patched it up. `errors_before`: what may be missing
// between it and the picture before it could not be decoded.
struct Picture {
    av::Frame frame;
    std::int64_t time = 0;  // ticks of the track, on the source's clock
    bool damaged = false;
    bool errors_before = false;
};

// Decodes the film's picture from anywhere, in the order of time. What is delivered does not depend on where decoding
// began: pictures that lack what they refer to are left out, and decoding begins earlier when that is needed.
class PictureReader {
public:
    // `bytes`, `sink` and `index` outlive it.
    static MediaResult<std::unique_ptr<PictureReader>> open(ByteSource& bytes, const ArtefactSink& sink,
                                                            const Index& index, int stream, int threads);

    // The pictures that follow begin with, or before, the latest one whose time is not after `time`. A `time` before
    // the first picture is the first picture's.
    MediaResult<void> start_at(std::int64_t time);
    // nullopt at the end of the film.
    MediaResult<std::optional<Picture>> next();
    // Something behind the last picture could not be decoded.
    bool errors_at_end() const { return suspect_until_.has_value(); }

    const Track& track() const { return *track_; }

private:
    enum class Access { time, byte, from_start };

    PictureReader(ByteSource& bytes, const ArtefactSink& sink, const Track& track, Access access, int threads);
    MediaResult<void> reopen();
    MediaResult<void> begin_at_keyframe(std::size_t keyframe, bool from_start);
    MediaResult<std::optional<Picture>> decode();
    MediaResult<void> feed();
    bool is_awaited(const AVPacket& packet);
    std::optional<Picture> accept(av::Frame& frame);
    void suspect(std::int64_t time);

    ByteSource& bytes_;
    const ArtefactSink& sink_;
    const Track* track_;
    Access access_;
    int threads_;
    std::unique_ptr<av::Input> input_;
    av::CodecContext decoder_;
    av::Packet packet_ = av::new_packet();
    bool fresh_ = false;  // nothing was read since the input was opened
    bool awaiting_keyframe_ = true;
    bool exact_keyframe_ = false;  // packets before the keyframe are passed over, whatever they are
    bool ended_ = false;
    // A decoder tells of an error before it gives the pictures that it still holds, which may be earlier ones: until a
    // picture behind the latest packet of that moment comes, what is missing is missing by damage.
    std::optional<std::int64_t> suspect_until_;
    std::int64_t fed_until_ = INT64_MIN;
    Keyframe keyframe_;
    std::optional<std::int64_t> landed_;  // time of the first packet that was decoded
    std::optional<std::int64_t> last_time_;
    std::optional<Picture> ready_;
};

}  // namespace movio::media
