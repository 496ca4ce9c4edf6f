#include "media/engine/index/index_source.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "media/engine/av/clock.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/engine/av/input.hpp"
#include "media/engine/index/audio_scan.hpp"
#include "media/engine/index/chapter_scan.hpp"
#include "media/engine/index/damaged_clock.hpp"
#include "media/engine/index/tags.hpp"
#include "media/engine/index/text_scan.hpp"
#include "media/engine/index/video_scan.hpp"
#include "media/format/language.hpp"
#include "media/format/work.hpp"

namespace movio::media {
namespace {

constexpr std::size_t kWarningsMax = 100;
constexpr std::size_t kMatroskaHeadBytes = 64U << 10;
constexpr int kPacketsPerProgress = 256;
constexpr int kStillPictureBits = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;

bool is_encrypted(const AVStream& stream) {
    if (av::stream_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, 1) != nullptr) return true;
    const auto code = stream.codecpar->codec_tag;
    return code == MKTAG('e', 'n', 'c', 'v') || code == MKTAG('e', 'n', 'c', 'a') ||
           code == MKTAG('d', 'r', 'm', 'i') || code == MKTAG('d', 'r', 'm', 's');
}

Artefact json_artefact(ArtefactKind kind, std::string rendition, std::string_view json) {
    Artefact artefact;
    artefact.kind = kind;
    artefact.rendition = std::move(rendition);
    artefact.bytes.assign(as_bytes(json).begin(), as_bytes(json).end());
    return artefact;
}

class Indexer {
public:
    Indexer(ByteSource& source, ArtefactSink& sink, IndexReading reading)
        : source_(source), sink_(sink), reading_(reading) {}

    MediaResult<Index> run();

private:
    MediaResult<void> choose_tracks();
    MediaResult<void> choose_video();
    void choose_audio(int stream);
    void choose_text(int stream);
    bool has_matroska_webvtt();
    MediaResult<void> read_packets();
    bool knows_contents() const;
    MediaResult<void> read_details();
    MediaResult<void> add(const AVPacket& packet);
    Track describe(int stream, TrackKind kind);
    MediaResult<void> finish_tracks();
    MediaResult<void> check_clocks() const;
    MediaResult<void> check_sound_clocks() const;
    MediaResult<void> finish_times();
    MediaResult<void> hand_over_cues();
    void warn(std::string text);
    bool is_film(const AVStream& stream) const;

    ByteSource& source_;
    ArtefactSink& sink_;
    IndexReading reading_;
    std::unique_ptr<av::Input> input_;
    std::unique_ptr<av::Input> details_;  // where the container says more of itself than was read: names, flags
    Index index_;
    std::optional<int> video_stream_;
    std::optional<VideoScan> video_;
    std::map<int, AudioScan> audio_;
    std::map<int, TextScan> text_;
    std::optional<MediaError> sound_refused_;
};

void Indexer::warn(std::string text) {
    if (index_.warnings.size() < kWarningsMax) index_.warnings.push_back(std::move(text));
}

bool Indexer::is_film(const AVStream& stream) const {
    return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (stream.disposition & kStillPictureBits) == 0;
}

MediaResult<void> Indexer::choose_video() {
    for (int index = 0; index < input_->streams(); ++index) {
        const auto& stream = input_->stream(index);
        if (!is_film(stream)) continue;
        const bool better =
            !video_stream_ || ((stream.disposition & AV_DISPOSITION_DEFAULT) != 0 &&
                               (input_->stream(*video_stream_).disposition & AV_DISPOSITION_DEFAULT) == 0);
        if (better) video_stream_ = index;
    }
    if (!video_stream_) return {};
    auto scan = VideoScan::open(input_->context(), input_->stream(*video_stream_));
    if (!scan) return std::unexpected(scan.error());
    video_.emplace(*std::move(scan));
    return {};
}

void Indexer::choose_audio(int stream) {
    if (static_cast<int>(audio_.size()) == limits::kAudioTracksMax) {
        return warn("Stream " + std::to_string(stream) + ": only " + std::to_string(limits::kAudioTracksMax) +
                    " sound tracks are kept.");
    }
    auto scan = AudioScan::open(input_->stream(stream));
    if (scan) {
        audio_.emplace(stream, *std::move(scan));
        return;
    }
    warn("Stream " + std::to_string(stream) + " is left out: " + scan.error().message);
    sound_refused_ = scan.error();
}

// libav 5.1 knows WebVTT in Matroska only by its older name; the newer one stands in the head of the file.
bool Indexer::has_matroska_webvtt() {
    if (input_->container() != "matroska") return false;
    Bytes head(kMatroskaHeadBytes);
    const auto got = source_.read_at(0, head);
    return got && as_text(ByteView(head).first(*got)).contains("S_TEXT/WEBVTT");
}

void Indexer::choose_text(int stream) {
    auto scan = TextScan::open(input_->stream(stream), has_matroska_webvtt());
    if (!scan) {
        return warn("Stream " + std::to_string(stream) + " is left out: subtitles of this kind (" +
                    avcodec_get_name(input_->stream(stream).codecpar->codec_id) + ") are not understood.");
    }
    if (static_cast<int>(text_.size()) == limits::kTextTracksMax) {
        return warn("Stream " + std::to_string(stream) + ": only " + std::to_string(limits::kTextTracksMax) +
                    " subtitle tracks are kept.");
    }
    text_.emplace(stream, *std::move(scan));
}

MediaResult<void> Indexer::choose_tracks() {
    for (int index = 0; index < input_->streams(); ++index) {
        const auto type = input_->stream(index).codecpar->codec_type;
        const bool used = type == AVMEDIA_TYPE_AUDIO || is_film(input_->stream(index));
        if (used && is_encrypted(input_->stream(index))) {
            return bad_media(MediaStage::index, ErrorCode::encrypted,
                             "The film is encrypted. Upload a copy without protection.");
        }
    }
    if (auto chosen = choose_video(); !chosen) return chosen;
    for (int index = 0; index < input_->streams(); ++index) {
        auto& stream = input_->stream(index);
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO) choose_audio(index);
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE) choose_text(index);
        const bool used = (video_ && index == *video_stream_) || audio_.contains(index) || text_.contains(index);
        if (!used) stream.discard = AVDISCARD_ALL;
        if (is_film(stream) && index != video_stream_)
            warn("Stream " + std::to_string(index) + ": a second picture track is left out.");
    }
    if (video_ || !audio_.empty()) return {};
    if (sound_refused_) return std::unexpected(*sound_refused_);
    return bad_media(MediaStage::index, ErrorCode::not_media, "The file holds neither picture nor sound.");
}

MediaResult<void> Indexer::add(const AVPacket& packet) {
    const int stream = packet.stream_index;
    if (video_ && stream == *video_stream_) return video_->add(packet);
    if (const auto found = audio_.find(stream); found != audio_.end()) return found->second.add(packet);
    if (const auto found = text_.find(stream); found != text_.end()) found->second.add(packet);
    return {};
}

MediaResult<void> Indexer::read_packets() {
    auto packet = av::new_packet();
    const auto size = std::max<std::int64_t>(source_.size_expected(), 1);
    bool skims = reading_ == IndexReading::whole;
    for (std::int64_t packets = 0;; ++packets) {
        const auto more = input_->read(*packet);
        if (!more) return std::unexpected(more.error());
        if (!*more) return {};
        if (auto added = add(*packet); !added) return added;
        if (!skims && knows_contents()) {
            input_->skim();
            skims = true;
        }
        if (packets % kPacketsPerProgress == 0) {
            sink_.progress(
                static_cast<int>(std::clamp<std::int64_t>(avio_tell(input_->context().pb) * 1000 / size, 0, 1000)));
        }
    }
}

bool Indexer::knows_contents() const {
    return (!video_ || video_->knows_contents()) &&
           std::ranges::all_of(audio_, [](const auto& scan) { return scan.second.knows_contents(); });
}

// Matroska may say them behind its packets, and points there from its head, where a file that grows has nothing yet.
MediaResult<void> Indexer::read_details() {
    if (index_.container != "matroska") return {};
    auto head = av::Input::open_head(source_, sink_);
    if (!head && head.error().code == ErrorCode::cancelled) return std::unexpected(head.error());
    if (head && (*head)->streams() >= input_->streams()) details_ = *std::move(head);
    return {};
}

Track Indexer::describe(int number, TrackKind kind) {
    const auto& stream = input_->stream(number);
    const auto& said = details_ ? details_->stream(number) : stream;
    Track track;
    track.stream = number;
    track.kind = kind;
    track.codec = avcodec_get_name(stream.codecpar->codec_id);
    if (const char* profile = avcodec_profile_name(stream.codecpar->codec_id, stream.codecpar->profile))
        track.profile = profile;
    track.language = normalise_language(tag_text(said.metadata, "language"));
    track.title = tag_text(said.metadata, "title");
    track.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    track.forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
    track.hearing_impaired = (stream.disposition & AV_DISPOSITION_HEARING_IMPAIRED) != 0;
    track.commentary = (stream.disposition & AV_DISPOSITION_COMMENT) != 0;
    track.time_base = av::from_av(stream.time_base);
    return track;
}

MediaResult<void> Indexer::finish_tracks() {
    if (video_) {
        auto track = describe(*video_stream_, TrackKind::video);
        if (auto done = video_->finish(track, index_.warnings); !done) return done;
        const auto promised = avformat_index_get_entries_count(&input_->stream(*video_stream_));
        if (index_.container == "mov" && promised > track.packets) {
            warn("The file ends early: " + std::to_string(promised - track.packets) + " of " +
                 std::to_string(promised) + " frames are missing.");
        }
        index_.tracks.push_back(std::move(track));
    }
    for (auto at = audio_.begin(); at != audio_.end();) {
        auto track = describe(at->first, TrackKind::audio);
        if (auto done = at->second.finish(track); !done) {
            warn(done.error().message + " It is left out.");
            sound_refused_ = done.error();
            at = audio_.erase(at);
            continue;
        }
        index_.tracks.push_back(std::move(track));
        ++at;
    }
    if (!video_ && audio_.empty()) return std::unexpected(*sound_refused_);
    return {};
}

MediaResult<void> Indexer::check_clocks() const {
    for (const auto& track : index_.tracks) {
        const auto most = scale(kClockSecondsMax, track.time_base.den, track.time_base.num, Rounding::down);
        if (track.first_pts >= -most && track.end_pts <= most) continue;
        return bad_media(MediaStage::index, ErrorCode::damaged,
                         "The film's clock counts more than a hundred years: it is damaged. Convert it and upload it "
                         "again.");
    }
    return {};
}

// One packet with a wrong clock must not make a day of film. A hole in the sound that ends within the picture is
// silence.
MediaResult<void> Indexer::check_sound_clocks() const {
    std::optional<std::int64_t> picture_end_us;
    if (video_) picture_end_us = av::to_microseconds(index_.tracks.front().end_pts, index_.tracks.front().time_base);
    for (const auto& [stream, scan] : audio_) {
        const auto& track = *std::ranges::find(index_.tracks, stream, &Track::stream);
        const auto resumed = scan.resumed();
        const bool behind =
            resumed && av::to_microseconds(*resumed, track.time_base) > picture_end_us.value_or(INT64_MIN);
        const auto first_us = av::to_microseconds(track.first_pts, track.time_base);
        const bool late = picture_end_us && first_us - *picture_end_us > limits::kGapSecondsMax * 1'000'000;
        if (behind || late) return damaged_clock();
    }
    return {};
}

MediaResult<void> Indexer::finish_times() {
    std::int64_t first_us = INT64_MAX;
    std::int64_t end_us = INT64_MIN;
    for (const auto& track : index_.tracks) {
        end_us = std::max(end_us, av::to_microseconds(track.end_pts, track.time_base));
        const auto heard = track.kind == TrackKind::audio ? audio_.at(track.stream).first_heard() : track.first_pts;
        if (!video_ || track.kind == TrackKind::video)
            first_us = std::min(first_us, av::to_microseconds(heard, track.time_base));
    }
    index_.time_zero_us = first_us;
    index_.duration_us = std::max<std::int64_t>(end_us - first_us, 0);
    if (index_.duration_us > limits::kDurationSecondsMax * 1'000'000) {
        return bad_media(MediaStage::index, ErrorCode::too_long,
                         "The film lasts longer than " + std::to_string(limits::kDurationSecondsMax / 3600) +
                             " hours. Cut it into parts.");
    }
    return {};
}

MediaResult<void> Indexer::hand_over_cues() {
    for (auto& [stream, scan] : text_) {
        auto track = describe(stream, TrackKind::text);
        scan.finish(track);
        index_.tracks.push_back(std::move(track));
        if (scan.cut_short())
            warn("Stream " + std::to_string(stream) + ": only the first " + std::to_string(limits::kCuesPerTrackMax) +
                 " subtitles are kept.");
        if (scan.bitmap()) continue;
        auto artefact =
            json_artefact(ArtefactKind::cues, std::to_string(stream), to_json(scan.take_cues(index_.time_zero_us)));
        if (auto taken = sink_.put(std::move(artefact)); !taken) return taken;
    }
    return {};
}

MediaResult<Index> Indexer::run() {
    auto input = av::Input::open(source_, sink_, av::ReadOrder::first_to_last);
    if (!input) return std::unexpected(input.error());
    input_ = *std::move(input);
    index_.container = input_->container();
    index_.seekable_by_time = index_.container != "mpegts" && index_.container != "mpeg";
    if (auto chosen = choose_tracks(); !chosen) return std::unexpected(chosen.error());
    if (auto read = read_packets(); !read) return std::unexpected(read.error());
    index_.source_bytes = source_.size();
    if (auto read = read_details(); !read) return std::unexpected(read.error());
    if (auto finished = finish_tracks(); !finished) return std::unexpected(finished.error());
    if (auto checked = check_clocks(); !checked) return std::unexpected(checked.error());
    if (auto checked = check_sound_clocks(); !checked) return std::unexpected(checked.error());
    if (auto finished = finish_times(); !finished) return std::unexpected(finished.error());
    auto& said = details_ ? *details_ : *input_;
    index_.chapters = read_chapters(said.context(), index_.time_zero_us, index_.duration_us);
    if (input_->unreadable() > 0) warn("Parts of the file cannot be read; they are left out.");
    if (auto handed = hand_over_cues(); !handed) return std::unexpected(handed.error());
    return std::move(index_);
}

}  // namespace

MediaResult<Index> index_source(ByteSource& source, ArtefactSink& sink, IndexReading reading) {
    Indexer indexer(source, sink, reading);
    auto index = indexer.run();
    if (!index) return index;
    if (auto taken = sink.put(json_artefact(ArtefactKind::index, {}, to_json(*index))); !taken)
        return std::unexpected(taken.error());
    sink.progress(1000);
    return index;
}

}  // namespace movio::media
