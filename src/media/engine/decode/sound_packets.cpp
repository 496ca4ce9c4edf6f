#include "media/engine/decode/sound_packets.hpp"

#include <algorithm>

#include "media/engine/av/clock.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kInterleaveUs = 2'000'000;  // how far sound may lie behind the picture in a file

// Their times follow from what was read before, or from an estimate, so they are right only from the start.
bool has_derived_clock(const Index& index) {
    return index.container == "ogg" || index.container == "mp3" || index.container == "aac";
}

}  // namespace

std::optional<std::int64_t> packet_time(const AVPacket& packet) {
    if (const auto pts = av::usable_time(packet.pts)) return pts;
    return av::usable_time(packet.dts);
}

std::int64_t sample_at(const Index& index, const Track& track, std::int64_t time, std::int64_t rate) {
    return scale(time, track.time_base.num * rate, track.time_base.den) - scale(index.time_zero_us, rate, 1'000'000);
}

MediaResult<SoundPackets> SoundPackets::open(ByteSource& bytes, const ArtefactSink& sink, const Index& index,
                                             int stream) {
    const auto found = std::ranges::find(index.tracks, stream, &Track::stream);
    if (found == index.tracks.end() || !found->audio) {
        return bad_media(MediaStage::decode, ErrorCode::internal, "The plan names no sound track that its index has.");
    }
    SoundPackets packets(bytes, sink, index, *found);
    if (auto opened = packets.reopen(); !opened) return std::unexpected(opened.error());
    return packets;
}

MediaResult<void> SoundPackets::reopen() {
    auto input = av::Input::open(*bytes_, *sink_);
    if (!input) return std::unexpected(input.error());
    if (track_->stream >= (*input)->streams()) {
        return bad_media(MediaStage::decode, ErrorCode::internal,
                         "The source has fewer streams than when it was indexed.");
    }
    input_ = *std::move(input);
    input_->only(track_->stream);
    fresh_ = true;
    return {};
}

MediaResult<av::Packet> SoundPackets::read() {
    auto packet = av::new_packet();
    fresh_ = false;
    for (;;) {
        const auto more = input_->read(*packet);
        if (!more) return std::unexpected(more.error());
        if (!*more) return av::Packet{};
        if (packet->stream_index == track_->stream) return packet;
    }
}

bool SoundPackets::seek(std::int64_t time) {
    return index_->seekable_by_time ? input_->seek_time(track_->stream, time) : seek_film(time);
}

// By the picture, whose access points are known.
bool SoundPackets::seek_film(std::int64_t time) {
    const auto picture = std::ranges::find(index_->tracks, TrackKind::video, &Track::kind);
    if (picture == index_->tracks.end()) return false;
    const auto before = av::to_ticks(av::to_microseconds(time, track_->time_base) - kInterleaveUs, picture->time_base);
    const auto after = std::ranges::upper_bound(picture->keyframes, before, {}, &Keyframe::pts);
    if (after == picture->keyframes.begin()) return false;
    const auto& keyframe = *std::prev(after);
    if (index_->seekable_by_time) return input_->seek_time(picture->stream, keyframe.pts);
    return keyframe.position >= 0 && input_->seek_byte(keyframe.position);
}

// False: the packets found begin after `time`.
MediaResult<bool> SoundPackets::find(std::int64_t time, bool whole) {
    ready_.clear();
    for (;;) {
        auto packet = read();
        if (!packet) return std::unexpected(packet.error());
        if (!*packet) return whole || !ready_.empty();
        const auto at = packet_time(**packet);
        const bool behind = at && *at > time;
        if (behind && ready_.empty() && !whole) return false;
        if (!behind && at) ready_.clear();
        ready_.push_back(*std::move(packet));
        if (behind) return true;
    }
}

MediaResult<void> SoundPackets::start_at(std::int64_t time) {
    const bool from_start = has_derived_clock(*index_) || time <= track_->first_pts;
    using Seek = bool (SoundPackets::*)(std::int64_t);
    for (const Seek way : {&SoundPackets::seek, &SoundPackets::seek_film}) {
        if (from_start) continue;
        fresh_ = false;
        if (!(this->*way)(time)) continue;
        const auto found = find(time, false);
        if (!found) return std::unexpected(found.error());
        if (*found) return {};
    }
    if (!fresh_) {
        if (auto opened = reopen(); !opened) return opened;
    }
    const auto found = find(time, true);
    if (!found) return std::unexpected(found.error());
    return {};
}

MediaResult<av::Packet> SoundPackets::next() {
    if (ready_.empty()) return read();
    auto packet = std::move(ready_.front());
    ready_.pop_front();
    return packet;
}

}  // namespace movio::media
