#include "media/engine/index/text_scan.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/limits.hpp"
#include "media/engine/av/clock.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kUnknownLengthUs = 5'000'000;  // a cue without an end stays until the next, at most so long
constexpr std::size_t kSettingsBytesMax = 256;

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

std::string_view side_data(const AVPacket& packet, AVPacketSideDataType type) {
    std::size_t size = 0;
    const auto* data = av_packet_get_side_data(&packet, type, &size);
    return data == nullptr ? std::string_view{} : text_of(data, size);
}

// tx3g (3GPP TS 26.245 §5.17): a 16-bit length, the text, then boxes of style. Handed over as it is, with the styles.
bool is_empty_tx3g(std::string_view sample) { return sample.size() <= 2 || (sample[0] == 0 && sample[1] == 0); }

// A text at most `bytes_max` long that does not end within a UTF-8 sequence.
std::string shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        text = text.substr(0, bytes_max);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
        if (!text.empty()) text.remove_suffix(1);
    }
    return std::string(text);
}

}  // namespace

TextScan::TextScan(const AVStream& stream, std::string codec, bool bitmap)
    : stream_(&stream), codec_(std::move(codec)), bitmap_(bitmap) {}

std::optional<TextScan> TextScan::open(const AVStream& stream, bool matroska_webvtt) {
    switch (stream.codecpar->codec_id) {
        case AV_CODEC_ID_SUBRIP:
        case AV_CODEC_ID_TEXT: return TextScan(stream, "subrip", false);
        case AV_CODEC_ID_ASS:
        case AV_CODEC_ID_SSA: return TextScan(stream, "ass", false);
        case AV_CODEC_ID_WEBVTT: return TextScan(stream, "webvtt", false);
        case AV_CODEC_ID_MOV_TEXT: return TextScan(stream, "mov_text", false);
        case AV_CODEC_ID_DVD_SUBTITLE:
        case AV_CODEC_ID_DVB_SUBTITLE:
        case AV_CODEC_ID_HDMV_PGS_SUBTITLE:
        case AV_CODEC_ID_XSUB: return TextScan(stream, avcodec_get_name(stream.codecpar->codec_id), true);
        case AV_CODEC_ID_NONE:
            if (matroska_webvtt) return TextScan(stream, "webvtt", false);
            return std::nullopt;
        default: return std::nullopt;
    }
}

// WebVTT in WebM and MP4 carries settings and identifier beside the text; S_TEXT/WEBVTT in Matroska as a block
// addition of lines: settings, identifier, comment.
void TextScan::read_settings(const AVPacket& packet, RawCue& cue) const {
    cue.settings = shortened(side_data(packet, AV_PKT_DATA_WEBVTT_SETTINGS), kSettingsBytesMax);
    cue.identifier = shortened(side_data(packet, AV_PKT_DATA_WEBVTT_IDENTIFIER), kSettingsBytesMax);
    auto addition = side_data(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL);
    if (addition.size() <= 8) return;
    addition.remove_prefix(8);  // BlockAddID, 64 bits
    const auto line_end = std::min(addition.find('\n'), addition.size());
    cue.settings = shortened(addition.substr(0, line_end), kSettingsBytesMax);
    addition.remove_prefix(std::min(line_end + 1, addition.size()));
    cue.identifier = shortened(addition.substr(0, addition.find('\n')), kSettingsBytesMax);
}

void TextScan::add(const AVPacket& packet) {
    const auto pts = av::usable_time(packet.pts);
    const auto time = pts ? pts : av::usable_time(packet.dts);
    const auto time_base = av::from_av(stream_->time_base);
    const auto seconds = [&](std::int64_t count) { return scale(count, time_base.den, time_base.num, Rounding::down); };
    if (!time || std::abs(*time) > seconds(kClockSecondsMax - limits::kDurationSecondsMax)) return;
    if (packets_ == 0) first_ = end_ = *time;
    ++packets_;
    bytes_ += static_cast<std::size_t>(std::max(packet.size, 0));
    const auto duration = std::clamp<std::int64_t>(packet.duration, 0, seconds(limits::kDurationSecondsMax));
    end_ = std::max(end_, *time + duration);
    if (bitmap_) return;
    if (static_cast<std::int64_t>(cues_.size()) >= limits::kCuesPerTrackMax || bytes_ > limits::kCaptionFileBytesMax) {
        cut_short_ = true;
        return;
    }
    auto payload = text_of(packet.data, static_cast<std::size_t>(std::max(packet.size, 0)));
    if (codec_ == "mov_text") {
        if (is_empty_tx3g(payload)) payload = {};
    } else {
        while (payload.ends_with('\0')) payload.remove_suffix(1);
    }
    Packet cue;
    cue.start_us = av::to_microseconds(*time, time_base);
    cue.end_us = av::to_microseconds(*time + duration, time_base);
    cue.number = packets_;
    cue.cue.payload = shortened(payload, limits::kCueTextBytesMax);
    if (codec_ == "webvtt") read_settings(packet, cue.cue);
    cues_.push_back(std::move(cue));
}

void TextScan::finish(Track& track) {
    track.codec = codec_;
    track.first_pts = first_;
    track.end_pts = end_;
    track.packets = packets_;
    track.bytes = static_cast<std::int64_t>(bytes_);
    std::ranges::sort(cues_, {}, [](const Packet& cue) { return std::pair(cue.start_us, cue.number); });
    // Packets without text only end the one before: they are there to fill time in MP4.
    for (std::size_t i = 0; i < cues_.size(); ++i) {
        if (cues_[i].end_us > cues_[i].start_us) continue;
        const auto next = i + 1 < cues_.size() ? cues_[i + 1].start_us : INT64_MAX;
        cues_[i].end_us = std::min(cues_[i].start_us + kUnknownLengthUs, next);
    }
    std::erase_if(cues_, [](const Packet& cue) { return cue.cue.payload.empty(); });
    track.text = TextInfo{.bitmap = bitmap_, .cues = bitmap_ ? packets_ : static_cast<std::int64_t>(cues_.size())};
}

std::vector<RawCue> TextScan::take_cues(std::int64_t time_zero_us) {
    std::vector<RawCue> cues;
    cues.reserve(cues_.size());
    for (auto& packet : cues_) {
        auto& cue = packet.cue;
        cue.start_ms = scale(packet.start_us - time_zero_us, 1, 1000);
        cue.end_ms = scale(packet.end_us - time_zero_us, 1, 1000);
        if (cue.end_ms <= 0 || cue.end_ms > limits::kDurationSecondsMax * 1000) continue;
        cue.start_ms = std::max<std::int64_t>(cue.start_ms, 0);
        cues.push_back(std::move(cue));
    }
    cues_.clear();
    return cues;
}

}  // namespace movio::media
