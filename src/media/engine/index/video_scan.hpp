#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/engine/index/avc_scan.hpp"
#include "media/engine/index/trial.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// What the packets of the film's picture say, in one pass.
class VideoScan {
public:
    static MediaResult<VideoScan> open(AVFormatContext& container, AVStream& stream);

    MediaResult<void> add(const AVPacket& packet);
    // Whether the contents of further packets do not matter, but for what SampleTable lets through.
    bool knows_contents() const { return first_key_ && !tried_before_key_ && trial_.done(); }
    // Completes `track` (kind video); fails where no frame can be shown.
    MediaResult<void> finish(Track& track, std::vector<std::string>& warnings);

private:
    VideoScan(AVFormatContext& container, AVStream& stream, DecodeTrial trial);
    std::int64_t repaired_time(const AVPacket& packet);
    bool shows_picture(const AVPacket& packet);
    void add_keyframe(std::int64_t time, const AVPacket& packet);
    MediaResult<void> try_to_decode(const AVPacket& packet);
    MediaResult<void> check_gaps() const;
    void describe(Track& track) const;

    AVFormatContext* container_;
    AVStream* stream_;
    Rational time_base_;
    DecodeTrial trial_;
    AvcScan avc_;
    std::int64_t packets_ = 0;
    std::int64_t bytes_ = 0;
    std::int64_t jumped_back_ = 0;
    bool tried_before_key_ = false;
    std::optional<std::int64_t> last_dts_;
    std::optional<std::int64_t> first_key_;
    bool first_field_seen_ = false;
    std::vector<std::int64_t> times_;  // pts of every shown frame
    std::int64_t latest_ = INT64_MIN;
    std::int64_t latest_duration_ = 0;
    std::vector<Keyframe> keyframes_;
};

}  // namespace movio::media
