#pragma once
#include <deque>
#include <memory>

#include "media/engine/av/input.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// The packets of one sound track from any time on. Tries the container's own seeking first and reads from the start
// where that does not lead to the right place.
class SoundPackets {
public:
    // `bytes`, `sink` and `index` outlive it.
    static MediaResult<SoundPackets> open(ByteSource& bytes, const ArtefactSink& sink, const Index& index, int stream);

    // The packets that follow begin with the latest whose time is not after `time` (ticks), or with the track's first.
    MediaResult<void> start_at(std::int64_t time);
    // Null at the end of the track.
    MediaResult<av::Packet> next();

    const Track& track() const { return *track_; }
    const AVStream& stream() const { return input_->stream(track_->stream); }

private:
    SoundPackets(ByteSource& bytes, const ArtefactSink& sink, const Index& index, const Track& track)
        : bytes_(&bytes), sink_(&sink), index_(&index), track_(&track) {}
    MediaResult<void> reopen();
    bool seek(std::int64_t time);
    bool seek_film(std::int64_t time);
    MediaResult<bool> find(std::int64_t time, bool whole);
    MediaResult<av::Packet> read();

    ByteSource* bytes_;
    const ArtefactSink* sink_;
    const Index* index_;
    const Track* track_;
    std::unique_ptr<av::Input> input_;
    bool fresh_ = false;  // nothing was read since the input was opened
    std::deque<av::Packet> ready_;
};

// Presentation time of a packet, decoding time where it has none.
std::optional<std::int64_t> packet_time(const AVPacket& packet);

// Sample of a track, at `rate`, that a time stands for; 0 is time zero of the film.
std::int64_t sample_at(const Index& index, const Track& track, std::int64_t time, std::int64_t rate);

}  // namespace movio::media
