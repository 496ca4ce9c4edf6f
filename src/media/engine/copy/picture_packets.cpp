#include "media/engine/copy/picture_packets.hpp"

#include <algorithm>

#include "media/engine/av/clock.hpp"

namespace movio::media {

MediaResult<PicturePackets> PicturePackets::open(ByteSource& bytes, const ArtefactSink& sink, const Plan& plan) {
    const auto* track = plan.find_picture();
    if (track == nullptr || track->keyframes.empty()) {
        return bad_media(MediaStage::decode, ErrorCode::internal,
                         "The plan names no picture track that its index has.");
    }
    PicturePackets packets(bytes, sink, plan, *track);
    if (auto opened = packets.reopen(); !opened) return std::unexpected(opened.error());
    return packets;
}

MediaResult<void> PicturePackets::reopen() {
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

std::int64_t PicturePackets::frame_of(const AVPacket& packet) const {
    const auto time = av::usable_time(packet.pts);
    return time ? slot_of(*time - track_->first_pts, track_->time_base, plan_->grid.frame_rate()) : -1;
}

MediaResult<bool> PicturePackets::read() {
    fresh_ = false;
    for (;;) {
        const auto more = input_->read(*packet_);
        if (!more) return std::unexpected(more.error());
        if (!*more) return false;
        if (packet_->stream_index == track_->stream) return true;
    }
}

bool PicturePackets::seek(const Keyframe& keyframe) {
    if (plan_->index.seekable_by_time) return input_->seek_time(track_->stream, keyframe.pts);
    return keyframe.position >= 0 && input_->seek_byte(keyframe.position);
}

// Groups are closed, so what is decoded before the frame is displayed before it. False: the packets found begin
// behind it.
MediaResult<bool> PicturePackets::find(std::int64_t frame) {
    for (;;) {
        const auto more = read();
        if (!more || !*more) return more;
        const auto at = frame_of(*packet_);
        if (at > frame) return false;
        if (at == frame) break;
    }
    ready_ = true;
    return true;
}

MediaResult<void> PicturePackets::start_at(std::int64_t frame) {
    ready_ = false;
    const auto& keyframes = track_->keyframes;
    const auto time = track_->first_pts + latest_shown(frame, track_->time_base, plan_->grid.frame_rate());
    const auto after = std::ranges::upper_bound(keyframes, time, {}, &Keyframe::pts) - keyframes.begin();
    // Seeking may lead behind the frame: then further and further back, and to the start of the file at last.
    auto number = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - 1, 0));
    for (std::size_t back = 1; number > 0; back *= 2) {
        if (seek(keyframes[number])) {
            const auto found = find(frame);
            if (!found) return std::unexpected(found.error());
            if (*found) return {};
        }
        number -= std::min(number, back);
    }
    if (!fresh_) {
        if (auto opened = reopen(); !opened) return opened;
    }
    const auto found = find(frame);
    if (!found) return std::unexpected(found.error());
    if (*found) return {};
    return bad_media(MediaStage::package, ErrorCode::damaged,
                     "A picture that was there when the film was indexed cannot be found. The file is damaged.");
}

MediaResult<const AVPacket*> PicturePackets::next() {
    if (!ready_) {
        const auto more = read();
        if (!more) return std::unexpected(more.error());
        if (!*more) return nullptr;
    }
    ready_ = false;
    return packet_.get();
}

}  // namespace movio::media
