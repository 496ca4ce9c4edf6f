#include "media/engine/index/avc_scan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "media/engine/av/avc_packet.hpp"
#include "media/engine/av/clock.hpp"
#include "media/format/grid.hpp"
#include "media/format/hex.hpp"
#include "media/format/passthrough.hpp"

namespace movio::media {
namespace {

constexpr std::size_t kGroupsMax = 1U << 22;  // 20 hours of nothing but IDR pictures
constexpr int kLevelLeast = 9;                // 1b
constexpr int kLevelMax = 51;
constexpr std::int64_t kUnitHeadBytes = 4;  // its length, in our samples

constexpr int kUnspecified = 2;
constexpr int kBt2020 = 9;
constexpr int kPq = 16;
constexpr int kHlg = 18;

// first_mb_in_slice is 0 (§7.3.3): ue(v) of 0 is a single set bit.
bool begins_picture(ByteView slice) { return slice.size() > 1 && (slice[1] & std::byte{0x80}) != std::byte{0}; }

}  // namespace

AvcScan::AvcScan(const AVStream& stream) {
    if (stream.codecpar->codec_id != AV_CODEC_ID_H264) {
        refuse(fmt::format("It is not H.264 but {}.", avcodec_get_name(stream.codecpar->codec_id)));
        return;
    }
    auto found = av::read_avc_stream(stream);
    if (!found) {
        refuse("Its decoder configuration is damaged.");
        return;
    }
    sets_ = std::move(found->sets);
    length_bytes_ = found->length_bytes;
}

void AvcScan::refuse(std::string obstacle) {
    if (!obstacle_) obstacle_ = std::move(obstacle);
    groups_ = {};
}

void AvcScan::add_sets(ByteView unit) {
    if (!sets_.add(unit)) refuse("Its parameter sets change in the middle, or are damaged.");
}

void AvcScan::add(const AVPacket& packet) {
    if (obstacle_) return;
    if (av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr) != nullptr)
        return refuse("Its parameter sets change in the middle, or are damaged.");
    if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return refuse("An edit list hides some of its pictures.");
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) return refuse("Parts of it are damaged.");
    const auto time = av::usable_time(packet.pts);
    if (!time) return refuse("The container does not tell when each picture is displayed.");
    add_units(packet, *time);
}

void AvcScan::add_units(const AVPacket& packet, std::int64_t time) {
    const auto units = av::avc_units(packet, length_bytes_);
    if (!units) return refuse("Parts of it are damaged.");
    std::int64_t bytes = 0;
    int slices = 0;
    int idr = 0;
    int begun = 0;
    for (const auto unit : *units) {
        const auto kind = av::avc_unit_kind(unit);
        if (kind == av::AvcUnitKind::foreign)
            return refuse("It has layers, views or partitions that players do not know.");
        if (kind == av::AvcUnitKind::parameters) add_sets(unit);
        if (kind == av::AvcUnitKind::parameters || kind == av::AvcUnitKind::delimiter) continue;
        bytes += static_cast<std::int64_t>(unit.size()) + kUnitHeadBytes;
        if (kind == av::AvcUnitKind::other) continue;
        ++slices;
        idr += kind == av::AvcUnitKind::idr ? 1 : 0;
        begun += begins_picture(unit) ? 1 : 0;
    }
    if (obstacle_) return;
    if (slices == 0 || begun != 1 || (idr != 0 && idr != slices))
        return refuse("Its packets do not hold one picture each.");
    if (idr == 0 && (packet.flags & AV_PKT_FLAG_KEY) != 0) has_open_groups_ = true;
    add_picture(idr != 0, time, bytes);
}

// All that is decoded behind an IDR picture is displayed behind it, and nothing decoded before it is.
void AvcScan::add_picture(bool idr, std::int64_t time, std::int64_t bytes) {
    if (groups_.empty() && !idr) return refuse("It does not begin with an IDR picture.");
    if (idr ? time <= latest_ : time <= groups_.back().time)
        return refuse("Pictures are displayed across the bounds of their groups.");
    if (idr && groups_.size() == kGroupsMax) return refuse("It has too many IDR pictures.");
    if (idr) groups_.push_back({time, 0});
    groups_.back().bytes += bytes;
    latest_ = std::max(latest_, time);
    ++pictures_;
}

void AvcScan::check_sets(const VideoInfo& video) {
    if (sets_.sequences().size() != 1 || sets_.pictures().empty())
        return refuse("It has not exactly one sequence parameter set.");
    const auto sequence = read_avc_sequence(sets_.sequences().front()).value_or(AvcSequence{});
    constexpr int kHigh = 100;
    const bool usual_profile = sequence.profile == 66 || sequence.profile == 77 || sequence.profile == kHigh;
    if (sequence.bit_depth != 8) return refuse(fmt::format("It has {} bits, not 8.", sequence.bit_depth));
    if (sequence.chroma_format != 1) return refuse("Its colours are not 4:2:0.");
    if (!usual_profile) return refuse(fmt::format("Its profile ({}) is above High.", sequence.profile));
    if (!sequence.frames_only) return refuse("It is coded for interlaced pictures.");
    if (sequence.level < kLevelLeast) return refuse("Its level is none of the standard's.");
    if (sequence.level > kLevelMax)
        return refuse(fmt::format("Its level {}.{} is above 5.1.", sequence.level / 10, sequence.level % 10));
    if (!sequence.square_pixels) return refuse("Its pixels are not square.");
    if (sequence.width != video.width || sequence.height != video.height)
        return refuse("Container and picture do not agree on its size.");
    if (write_avc_config(sets_).size() > kAvcConfigBytesMax) return refuse("It has too many parameter sets.");
    for (const auto& unit : sets_.pictures()) {
        const auto picture = read_avc_picture(unit);
        if (!picture || picture->sequence_id != sequence.id || picture->slice_groups != 1)
            return refuse("It orders its macroblocks as players do not know.");
    }
}

void AvcScan::check_picture(const VideoInfo& video) {
    if (video.rotation != 0 || video.mirrored) return refuse("It has to be turned upright.");
    if (video.sample_aspect != Rational{1, 1}) return refuse("Its pixels are not square.");
    if (video.width % 2 != 0 || video.height % 2 != 0) return refuse("Its sides are odd numbers.");
    const auto& colour = video.colour;
    if (colour.full_range) return refuse("Its levels are full range.");
    if (colour.transfer == kPq || colour.transfer == kHlg || colour.primaries == kBt2020)
        return refuse("Its colours are not those of ordinary screens.");
    const bool known_matrix = colour.matrix == 1 || colour.matrix == 5 || colour.matrix == 6;
    if (colour.matrix != kUnspecified && !known_matrix) refuse("Its colours are not those of ordinary screens.");
}

void AvcScan::check_slots(const std::vector<std::int64_t>& times, Rational time_base, Rational rate) {
    if (static_cast<std::int64_t>(times.size()) != pictures_) return refuse("Two of its pictures have the same time.");
    for (std::size_t i = 0; i < times.size(); ++i)
        if (slot_of(times[i] - times.front(), time_base, rate) != static_cast<std::int64_t>(i))
            return refuse("Its frame rate is not constant, or too high.");
}

PassthroughFacts AvcScan::facts(Rational time_base, Rational rate, std::int64_t first_time) const {
    PassthroughFacts facts;
    facts.avc_config = to_hex(write_avc_config(sets_));
    const auto sequence = read_avc_sequence(sets_.sequences().front()).value_or(AvcSequence{});
    facts.profile = sequence.profile;
    facts.level = sequence.level;
    const auto half_second = std::max<std::int64_t>(1, scale(1, rate.num, 2 * rate.den));
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        const auto frame = slot_of(groups_[i].time - first_time, time_base, rate);
        // What lies between two that are kept belongs to the first; the distance between them does not grow by it.
        const bool more = i > 0 && i + 1 < groups_.size();
        const bool left_out =
            more && slot_of(groups_[i + 1].time - first_time, time_base, rate) - facts.idr_frames.back() <= half_second;
        if (left_out) {
            facts.idr_bytes.back() += groups_[i].bytes;
            continue;
        }
        facts.idr_frames.push_back(frame);
        facts.idr_bytes.push_back(groups_[i].bytes);
    }
    return facts;
}

void AvcScan::check_distances(const PassthroughFacts& facts, Rational rate, std::int64_t frames) {
    std::int64_t widest = 0;
    for (std::size_t i = 0; i < facts.idr_frames.size(); ++i) {
        const auto next = i + 1 < facts.idr_frames.size() ? facts.idr_frames[i + 1] : frames;
        widest = std::max(widest, next - facts.idr_frames[i]);
    }
    if (widest * rate.den <= kIdrSecondsMax * rate.num) return;
    const auto tenths = scale(widest, rate.den * 10, rate.num);
    refuse(fmt::format("{} {}.{} s apart; {} s are the most.",
                       has_open_groups_ ? "Its groups of pictures are open: those that stand alone (IDR) are up to"
                                        : "The pictures that stand alone (IDR) are up to",
                       tenths / 10, tenths % 10, kIdrSecondsMax));
}

void AvcScan::finish(VideoInfo& video, const std::vector<std::int64_t>& times, Rational time_base) {
    if (!obstacle_) check_sets(video);
    if (!obstacle_) check_picture(video);
    if (!obstacle_) check_slots(times, time_base, video.frame_rate);
    if (!obstacle_) {
        auto found = facts(time_base, video.frame_rate, times.front());
        check_distances(found, video.frame_rate, pictures_);
        if (!obstacle_) video.passthrough = std::move(found);
    }
    video.passthrough_obstacle = obstacle_.value_or("");
}

}  // namespace movio::media
