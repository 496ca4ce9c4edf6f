#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/engine/av/handles.hpp"
#include "media/format/avc_parameters.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// Finds out, packet by packet, whether an H.264 track can be handed on as it is. Everything that players of segments
// take for granted is looked at here, once: what does not hold is an obstacle, and the film is encoded.
class AvcScan {
public:
    explicit AvcScan(const AVStream& stream);

    // The first reason counts.
    void refuse(std::string obstacle);
    // Every packet of the track, in decoding order.
    void add(const AVPacket& packet);
    // `times` of the shown pictures, ascending and unique. Fills `passthrough` of `video`, whose other members are
    // known, or `passthrough_obstacle`.
    void finish(VideoInfo& video, const std::vector<std::int64_t>& times, Rational time_base);

private:
    // An IDR picture and what is decoded up to the next.
    struct Group {
        std::int64_t time = 0;
        std::int64_t bytes = 0;
    };

    void add_units(const AVPacket& packet, std::int64_t time);
    void add_picture(bool idr, std::int64_t time, std::int64_t bytes);
    void add_sets(ByteView unit);
    void check_sets(const VideoInfo& video);
    void check_picture(const VideoInfo& video);
    void check_slots(const std::vector<std::int64_t>& times, Rational time_base, Rational rate);
    PassthroughFacts facts(Rational time_base, Rational rate, std::int64_t first_time) const;
    void check_distances(const PassthroughFacts& facts, Rational rate, std::int64_t frames);

    std::optional<std::string> obstacle_;
    int length_bytes_ = 0;  // 0: start codes (Annex B)
    AvcParameterSets sets_;
    std::vector<Group> groups_;
    std::int64_t pictures_ = 0;
    std::int64_t latest_ = INT64_MIN;
    bool has_open_groups_ = false;  // keyframes that are no IDR pictures
};

}  // namespace movio::media
