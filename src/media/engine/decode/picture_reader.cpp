#include "media/engine/decode/picture_reader.hpp"

#include <algorithm>

#include "media/engine/av/clock.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/engine/av/report.hpp"

namespace movio::media {
namespace {

std::int64_t time_of(const AVPacket& packet) {
    if (const auto pts = av::usable_time(packet.pts)) return *pts;
    return av::usable_time(packet.dts).value_or(INT64_MIN);
}

std::unexpected<MediaError> undecodable(int av_error = AVERROR_INVALIDDATA) {
    return av::failed(MediaStage::decode, ErrorCode::damaged,
                      "No frame of the picture can be decoded here. The file is damaged.", av_error);
}

}  // namespace

PictureReader::PictureReader(ByteSource& bytes, const ArtefactSink& sink, const Track& track, Access access,
                             int threads)
    : bytes_(bytes), sink_(sink), track_(&track), access_(access), threads_(threads) {}

MediaResult<std::unique_ptr<PictureReader>> PictureReader::open(ByteSource& bytes, const ArtefactSink& sink,
                                                                const Index& index, int stream, int threads) {
    const auto found = std::ranges::find(index.tracks, stream, &Track::stream);
    if (found == index.tracks.end() || !found->video || found->keyframes.empty()) {
        return bad_media(MediaStage::decode, ErrorCode::internal,
                         "The plan names no picture track that its index has.");
    }
    // Times of these follow from what was read before, so they are right only from the start.
    const bool derived_clock = index.container == "ogg";
    const auto access = derived_clock ? Access::from_start : index.seekable_by_time ? Access::time : Access::byte;
    std::unique_ptr<PictureReader> reader(new PictureReader(bytes, sink, *found, access, threads));
    if (auto opened = reader->reopen(); !opened) return std::unexpected(opened.error());
    return reader;
}

MediaResult<void> PictureReader::reopen() {
    auto input = av::Input::open(bytes_, sink_);
    if (!input) return std::unexpected(input.error());
    if (track_->stream >= (*input)->streams()) {
        return bad_media(MediaStage::decode, ErrorCode::internal,
                         "The source has fewer streams than when it was indexed.");
    }
    auto decoder = av::open_decoder((*input)->stream(track_->stream), threads_);
    if (!decoder) return std::unexpected(decoder.error());
    input_ = *std::move(input);
    decoder_ = *std::move(decoder);
    input_->only(track_->stream);
    fresh_ = true;
    return {};
}

MediaResult<void> PictureReader::begin_at_keyframe(std::size_t number, bool from_start) {
    keyframe_ = track_->keyframes[number];
    const bool whole = from_start || number == 0 || access_ == Access::from_start;
    bool placed = fresh_ && whole;
    if (!placed && !whole && access_ == Access::byte)
        placed = keyframe_.position >= 0 && input_->seek_byte(keyframe_.position);
    if (!placed && !whole && access_ == Access::time) placed = input_->seek_time(track_->stream, keyframe_.pts);
    if (placed) {
        if (!fresh_) avcodec_flush_buffers(decoder_.get());
    } else {
        if (auto opened = reopen(); !opened) return opened;
    }
    exact_keyframe_ = fresh_ && number > 0;
    awaiting_keyframe_ = true;
    ended_ = false;
    suspect_until_.reset();
    fed_until_ = INT64_MIN;
    landed_.reset();
    last_time_.reset();
    ready_.reset();
    return {};
}

MediaResult<void> PictureReader::start_at(std::int64_t time) {
    const auto& keyframes = track_->keyframes;
    const auto after = std::ranges::upper_bound(keyframes, time, {}, &Keyframe::pts);
    auto number = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - keyframes.begin() - 1, 0));
    bool from_start = false;
    for (std::size_t back = 1;; back *= 2) {
        if (auto begun = begin_at_keyframe(number, from_start); !begun) return begun;
        auto picture = decode();
        if (!picture) return std::unexpected(picture.error());
        if (*picture && ((*picture)->time <= time || number == 0)) {
            ready_ = *std::move(picture);
            return {};
        }
        // The seek went too far: pass over the packets before the keyframe instead.
        if (!from_start && number > 0 && (!landed_ || *landed_ > keyframe_.pts)) {
            from_start = true;
            continue;
        }
        if (number == 0) return undecodable();
        from_start = false;
        number -= std::min(number, back);
    }
}

MediaResult<std::optional<Picture>> PictureReader::next() {
    if (ready_) {
        auto picture = std::move(ready_);
        ready_.reset();
        return picture;
    }
    return decode();
}

// Until the keyframe comes, nothing is decoded. A source without labelled keyframes begins with its first packet.
bool PictureReader::is_awaited(const AVPacket& packet) {
    if (!awaiting_keyframe_) return true;
    const bool unlabelled = track_->keyframes.size() == 1 && keyframe_.position < 0;
    const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0 || unlabelled;
    if (!key || (exact_keyframe_ && time_of(packet) != keyframe_.pts)) return false;
    awaiting_keyframe_ = false;
    landed_ = time_of(packet);
    return true;
}

MediaResult<void> PictureReader::feed() {
    for (;;) {
        const int unreadable = input_->unreadable();
        const auto more = input_->read(*packet_);
        if (!more) return std::unexpected(more.error());
        if (input_->unreadable() > unreadable) suspect(fed_until_);
        fresh_ = false;
        if (!*more) break;
        if (packet_->stream_index != track_->stream || !is_awaited(*packet_)) continue;
        fed_until_ = std::max(fed_until_, time_of(*packet_));
        const int sent = avcodec_send_packet(decoder_.get(), packet_.get());
        if (sent < 0 && sent != AVERROR(EAGAIN)) suspect(fed_until_);
        if (sent >= 0) return {};
    }
    ended_ = true;
    avcodec_send_packet(decoder_.get(), nullptr);
    return {};
}

void PictureReader::suspect(std::int64_t time) { suspect_until_ = std::max(suspect_until_.value_or(time), time); }

std::optional<Picture> PictureReader::accept(av::Frame& frame) {
    auto time = av::usable_time(frame->pts);
    if (!time) time = av::usable_time(frame->pkt_dts);
    if (!time) time = last_time_ ? *last_time_ + std::max<std::int64_t>(av::duration(*frame), 1) : keyframe_.pts;
    if ((frame->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
        suspect(*time);
        return std::nullopt;
    }
    // Pictures before the keyframe refer to what was not decoded (open GOP).
    if (*time < landed_.value_or(INT64_MIN) || (last_time_ && *time <= *last_time_)) return std::nullopt;
    last_time_ = time;
    Picture picture{
        .frame = std::move(frame), .time = *time, .damaged = false, .errors_before = suspect_until_.has_value()};
    picture.damaged = picture.frame->decode_error_flags != 0;
    if (suspect_until_ && *time > *suspect_until_) suspect_until_.reset();
    return picture;
}

MediaResult<std::optional<Picture>> PictureReader::decode() {
    auto frame = av::new_frame();
    for (;;) {
        const int received = avcodec_receive_frame(decoder_.get(), frame.get());
        if (received >= 0) {
            if (auto picture = accept(frame)) return picture;
            if (!frame) frame = av::new_frame();
            av_frame_unref(frame.get());
            continue;
        }
        if (received == AVERROR_EOF) return std::optional<Picture>{};
        if (received != AVERROR(EAGAIN)) suspect(fed_until_);
        if (ended_) {
            if (received == AVERROR(EAGAIN)) return std::optional<Picture>{};
            continue;
        }
        if (auto fed = feed(); !fed) return std::unexpected(fed.error());
    }
}

}  // namespace movio::media
