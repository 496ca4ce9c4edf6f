#include "media/format/index_json.hpp"

#include <array>
#include <utility>

#include "base/limits.hpp"
#include "media/format/avc_parameters.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kTitleBytesMax = 1024;
constexpr std::size_t kWarningBytesMax = 1024;
constexpr std::size_t kWarningsMax = 256;
constexpr std::size_t kCodecConfigDigitsMax = 2048;
constexpr std::size_t kIdrFramesMax = limits::kDurationSecondsMax * 4 + 2;
constexpr std::int64_t kTrackBytesMax = std::int64_t{1} << 48;
constexpr std::size_t kKeyframesMax = limits::kDurationSecondsMax + 1;
constexpr std::int64_t kTicksMax = std::int64_t{1} << 61;
constexpr std::int64_t kTimeMaxUs = kClockSecondsMax * 1'000'000;
constexpr std::int64_t kPacketsMax = std::int64_t{1} << 40;
constexpr int kSideMax = 1 << 16;
constexpr std::int64_t kChapterMsMax = limits::kDurationSecondsMax * 1000 + 1000;

constexpr std::array kKinds{
    std::pair{TrackKind::video, std::string_view("video")},
    std::pair{TrackKind::audio, std::string_view("audio")},
    std::pair{TrackKind::text, std::string_view("text")},
};

std::string_view kind_name(TrackKind kind) {
    for (const auto& [value, name] : kKinds)
        if (value == kind) return name;
    return "text";
}

void write_numbers(JsonWriter& writer, const std::vector<std::int64_t>& numbers) {
    writer.begin_array();
    for (const auto number : numbers) writer.value(number);
    writer.end_array();
}

void write_passthrough(JsonWriter& writer, const PassthroughFacts& facts) {
    writer.begin_object().member("avc_config", facts.avc_config);
    writer.member("profile", facts.profile).member("level", facts.level);
    write_numbers(writer.key("idr_frames"), facts.idr_frames);
    write_numbers(writer.key("idr_bytes"), facts.idr_bytes);
    writer.end_object();
}

void write_video(JsonWriter& writer, const VideoInfo& video) {
    writer.begin_object().member("width", video.width).member("height", video.height);
    write_rational(writer, "sample_aspect", video.sample_aspect);
    writer.member("rotation", video.rotation).member("mirrored", video.mirrored);
    writer.member("bit_depth", video.bit_depth).member("interlaced", video.interlaced);
    writer.member("primaries", video.colour.primaries).member("transfer", video.colour.transfer);
    writer.member("matrix", video.colour.matrix).member("full_range", video.colour.full_range);
    write_rational(writer, "frame_rate", video.frame_rate);
    writer.member("frames", video.frames).member("frames_dropped", video.frames_dropped);
    writer.member("frames_repeated", video.frames_repeated);
    if (video.passthrough) write_passthrough(writer.key("passthrough"), *video.passthrough);
    if (!video.passthrough_obstacle.empty()) writer.member("passthrough_obstacle", video.passthrough_obstacle);
    writer.end_object();
}

// Frames rise from 0 and have bytes each: what is merged from them is a grid.
PassthroughFacts read_passthrough(JsonFields fields) {
    PassthroughFacts facts;
    facts.avc_config = fields.text("avc_config", 2 * kAvcConfigBytesMax);
    facts.profile = fields.small("profile", 0, 255);
    facts.level = fields.small("level", 9, 62);
    fields.each_value("idr_frames", kIdrFramesMax, [&](const JsonView& element) {
        const auto frame = element.integer();
        const bool fits = frame && (facts.idr_frames.empty() ? *frame == 0 : *frame > facts.idr_frames.back());
        if (!fits || *frame > kTicksMax) return fields.fail("idr_frames", "must begin with 0 and rise");
        facts.idr_frames.push_back(*frame);
    });
    fields.each_value("idr_bytes", kIdrFramesMax, [&](const JsonView& element) {
        const auto bytes = element.integer();
        if (!bytes || *bytes < 0 || *bytes > kTrackBytesMax) return fields.fail("idr_bytes", "is out of bounds");
        facts.idr_bytes.push_back(*bytes);
    });
    if (facts.idr_frames.empty() || facts.idr_bytes.size() != facts.idr_frames.size())
        fields.fail("idr_bytes", "is not as long as idr_frames");
    return facts;
}

VideoInfo read_video(JsonFields fields) {
    VideoInfo video;
    video.width = fields.small("width", 1, kSideMax);
    video.height = fields.small("height", 1, kSideMax);
    video.sample_aspect = fields.rational("sample_aspect");
    video.rotation = fields.small("rotation", 0, 270);
    if (video.rotation % 90 != 0) fields.fail("rotation", "is not a quarter turn");
    video.mirrored = fields.flag("mirrored");
    video.bit_depth = fields.small("bit_depth", 1, 32);
    video.interlaced = fields.flag("interlaced");
    video.colour.primaries = fields.small("primaries", 0, 255);
    video.colour.transfer = fields.small("transfer", 0, 255);
    video.colour.matrix = fields.small("matrix", 0, 255);
    video.colour.full_range = fields.flag("full_range");
    video.frame_rate = fields.frame_rate("frame_rate");
    video.frames = fields.integer("frames", 0, kTicksMax);
    video.frames_dropped = fields.integer("frames_dropped", 0, kTicksMax);
    video.frames_repeated = fields.integer("frames_repeated", 0, kTicksMax);
    if (fields.has("passthrough")) video.passthrough = read_passthrough(fields.object("passthrough"));
    if (fields.has("passthrough_obstacle"))
        video.passthrough_obstacle = fields.text("passthrough_obstacle", kWarningBytesMax);
    return video;
}

void write_audio(JsonWriter& writer, const AudioInfo& audio) {
    writer.begin_object().member("sample_rate", audio.sample_rate).member("channels", audio.channels);
    writer.member("codec_config", audio.codec_config).member("aac_lc", audio.aac_lc);
    writer.member("bit_rate", audio.bit_rate).member("gap_max", audio.gap_max);
    writer.member("frame_ticks_irregular", audio.frame_ticks_irregular).end_object();
}

AudioInfo read_audio(JsonFields fields) {
    AudioInfo audio;
    audio.sample_rate = fields.small("sample_rate", 0, 1'000'000);
    audio.channels = fields.small("channels", 0, 256);
    audio.codec_config = fields.text("codec_config", kCodecConfigDigitsMax);
    audio.aac_lc = fields.flag("aac_lc");
    audio.bit_rate = fields.small("bit_rate", 0, INT32_MAX);
    audio.gap_max = fields.integer("gap_max", 0, kTicksMax);
    audio.frame_ticks_irregular = fields.integer("frame_ticks_irregular", 0, kTicksMax);
    return audio;
}

void write_track(JsonWriter& writer, const Track& track) {
    writer.begin_object().member("stream", track.stream).member("kind", kind_name(track.kind));
    writer.member("codec", track.codec).member("profile", track.profile);
    writer.member("language", track.language).member("title", track.title);
    writer.member("default", track.is_default).member("forced", track.forced);
    writer.member("hearing_impaired", track.hearing_impaired).member("commentary", track.commentary);
    write_rational(writer, "time_base", track.time_base);
    writer.member("first_pts", track.first_pts).member("end_pts", track.end_pts);
    writer.member("packets", track.packets).member("bytes", track.bytes);
    if (track.video) write_video(writer.key("video"), *track.video);
    if (track.audio) write_audio(writer.key("audio"), *track.audio);
    if (track.text)
        writer.key("text")
            .begin_object()
            .member("bitmap", track.text->bitmap)
            .member("cues", track.text->cues)
            .end_object();
    writer.key("keyframes").begin_array();
    for (const auto& keyframe : track.keyframes)
        writer.begin_array().value(keyframe.pts).value(keyframe.dts).value(keyframe.position).end_array();
    writer.end_array().end_object();
}

void read_keyframes(JsonFields& fields, std::vector<Keyframe>& keyframes) {
    fields.each_value("keyframes", kKeyframesMax, [&](const JsonView& element) {
        const bool triple = element.is_array() && element.size() == 3;
        const auto pts = triple ? element.at(0).integer() : std::nullopt;
        const auto dts = triple ? element.at(1).integer() : std::nullopt;
        const auto position = triple ? element.at(2).integer() : std::nullopt;
        if (!pts || !dts || !position) return fields.fail("keyframes", "three whole numbers are expected");
        if (*pts < -kTicksMax || *pts > kTicksMax || *dts < -kTicksMax || *dts > kTicksMax || *position < -1)
            return fields.fail("keyframes", "is out of bounds");
        keyframes.push_back({*pts, *dts, *position});
    });
}

TrackKind read_kind(JsonFields& fields) {
    const auto text = fields.text("kind", kNameBytesMax);
    for (const auto& [value, name] : kKinds)
        if (name == text) return value;
    fields.fail("kind", "is not video, audio or text");
    return TrackKind::text;
}

Track read_track(JsonFields& fields) {
    Track track;
    track.stream = fields.small("stream", 0, 1'000'000);
    track.kind = read_kind(fields);
    track.codec = fields.text("codec", kNameBytesMax);
    track.profile = fields.text("profile", kNameBytesMax);
    track.language = fields.text("language", kNameBytesMax);
    track.title = fields.text("title", kTitleBytesMax);
    track.is_default = fields.flag("default");
    track.forced = fields.flag("forced");
    track.hearing_impaired = fields.flag("hearing_impaired");
    track.commentary = fields.flag("commentary");
    track.time_base = fields.rational("time_base");
    const auto ticks_max = scale(kClockSecondsMax, track.time_base.den, track.time_base.num);
    track.first_pts = fields.integer("first_pts", -ticks_max, ticks_max);
    track.end_pts = fields.integer("end_pts", -ticks_max, ticks_max);
    track.packets = fields.integer("packets", 0, kPacketsMax);
    track.bytes = fields.integer("bytes", 0, kTicksMax);
    if (fields.has("video")) track.video = read_video(fields.object("video"));
    if (fields.has("audio")) track.audio = read_audio(fields.object("audio"));
    if (fields.has("text")) {
        auto text = fields.object("text");
        track.text = TextInfo{.bitmap = text.flag("bitmap"), .cues = text.integer("cues", 0, kTicksMax)};
    }
    read_keyframes(fields, track.keyframes);
    return track;
}

void read_chapters(JsonFields& fields, std::vector<Chapter>& chapters) {
    fields.each("chapters", limits::kChaptersMax, [&](JsonFields& element) {
        Chapter chapter;
        const auto least = chapters.empty() ? 0 : chapters.back().end_ms;
        chapter.start_ms = element.integer("start_ms", least, kChapterMsMax);
        chapter.end_ms = element.integer("end_ms", chapter.start_ms + 1, kChapterMsMax);
        chapter.title = element.text("title", limits::kChapterTitleBytesMax);
        chapters.push_back(std::move(chapter));
    });
}

}  // namespace

void write_index(JsonWriter& writer, const Index& index) {
    writer.begin_object().member("container", index.container).member("source_bytes", index.source_bytes);
    writer.member("time_zero_us", index.time_zero_us).member("duration_us", index.duration_us);
    writer.member("seekable_by_time", index.seekable_by_time).key("tracks").begin_array();
    for (const auto& track : index.tracks) write_track(writer, track);
    writer.end_array();
    if (!index.chapters.empty()) {
        writer.key("chapters").begin_array();
        for (const auto& chapter : index.chapters) {
            writer.begin_object().member("start_ms", chapter.start_ms).member("end_ms", chapter.end_ms);
            writer.member("title", chapter.title).end_object();
        }
        writer.end_array();
    }
    writer.key("warnings").begin_array();
    for (const auto& warning : index.warnings) writer.value(warning);
    writer.end_array().end_object();
}

Index read_index(JsonFields& fields) {
    Index index;
    index.container = fields.text("container", kNameBytesMax);
    index.source_bytes = fields.integer("source_bytes", 0);
    index.time_zero_us = fields.integer("time_zero_us", -kTimeMaxUs, kTimeMaxUs);
    index.duration_us = fields.integer("duration_us", 0, kTimeMaxUs);
    index.seekable_by_time = fields.flag("seekable_by_time");
    fields.each("tracks", limits::kStreamsMax, [&](JsonFields& track) { index.tracks.push_back(read_track(track)); });
    if (fields.has("chapters")) read_chapters(fields, index.chapters);
    fields.each_value("warnings", kWarningsMax, [&](const JsonView& warning) {
        const auto text = warning.text();
        if (!text || text->size() > kWarningBytesMax) return fields.fail("warnings", "short texts are expected");
        index.warnings.emplace_back(*text);
    });
    return index;
}

std::string to_json(const Index& index) {
    JsonWriter writer;
    write_index(writer, index);
    return writer.take();
}

Result<Index> index_from_json(std::string_view text) {
    const auto document = parse_document(text, "The index of the source");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "The index of the source", failure);
    auto index = read_index(fields);
    if (failure) return std::unexpected(*failure);
    return index;
}

}  // namespace movio::media
