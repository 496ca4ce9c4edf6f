#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "media/engine/decode/sound_packets.hpp"

namespace movio::media {

using Plane = std::vector<float>;

// Decoded sound, mixed to the channels wanted, at the track's own rate. `position`: sample of its beginning, counted
// from time zero. `errors_before`: something before it could not be decoded.
struct SoundBlock {
    std::int64_t position = 0;
    std::vector<Plane> channels;
    bool errors_before = false;
};

// Decodes a sound track from anywhere. The position of a sample does not depend on where decoding began: clocks
// coarser than a sample are set right by the length of the codec's frames.
class SoundDecoder {
public:
    static MediaResult<SoundDecoder> open(ByteSource& bytes, const ArtefactSink& sink, const Index& index, int stream,
                                          int channels);

    // The blocks that follow begin at least half a second before this sample, so that the decoder has warmed up.
    MediaResult<void> start_at(std::int64_t position);
    MediaResult<std::optional<SoundBlock>> next();

    int sample_rate() const { return rate_; }
    // Something behind the last block could not be decoded.
    bool errors_at_end() const { return errors_; }
    // Sample behind the last one that the track's packets hold, counted from time zero.
    std::int64_t track_end() const;

private:
    SoundDecoder(const Index& index, SoundPackets packets, int channels);
    MediaResult<void> feed();
    MediaResult<std::vector<Plane>> mixed(const AVFrame& frame);
    MediaResult<void> prepare_mixer(const AVFrame& frame);
    std::int64_t position_of(const AVFrame& frame) const;

    const Index* index_;
    SoundPackets packets_;
    int channels_;
    int rate_;
    std::int64_t lattice_;  // samples; positions lie on multiples of it from the first packet on
    std::int64_t lattice_start_;
    av::CodecContext decoder_;
    av::Frame frame_ = av::new_frame();
    av::Resampler mixer_;
    int mixer_format_ = -1;
    int mixer_rate_ = 0;
    int mixer_channels_ = 0;
    std::uint64_t mixer_mask_ = 0;
    std::optional<std::int64_t> expected_;
    bool ended_ = false;
    bool errors_ = false;
};

}  // namespace movio::media
