#include "media/format/plan_json.hpp"

#include "base/limits.hpp"
#include "media/format/avc_parameters.hpp"
#include "media/format/estimate.hpp"
#include "media/format/index_json.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kTextBytesMax = 2048;
constexpr std::size_t kRungsMax = 32;
constexpr std::size_t kWarningsMax = 512;
constexpr std::int64_t kFramesMax = limits::kDurationSecondsMax * 60;
constexpr int kSideMax = 1 << 16;
constexpr std::size_t kRenditionsMax = 64;
constexpr std::int64_t kEstimateMsMax = std::int64_t{1} << 40;  // 35 years
constexpr std::int64_t kEstimateBytesMax = std::int64_t{1} << 50;
constexpr int kKbpsMax = 1'000'000;

void write_grid(JsonWriter& writer, const Grid& grid) {
    writer.begin_object();
    write_rational(writer, "frame_rate", grid.frame_rate());
    writer.member("frames_total", grid.frames_total());
    if (grid.is_explicit()) {
        writer.key("first_frames").begin_array();
        for (const auto frame : grid.first_frames()) writer.value(frame);
        writer.end_array();
    }
    writer.end_object();
}

Grid read_grid(JsonFields fields) {
    const auto rate = fields.frame_rate("frame_rate");
    const auto total = fields.integer("frames_total", 1, kFramesMax);
    if (!fields.has("first_frames")) return Grid::every(rate, total);
    std::vector<std::int64_t> frames;
    fields.each_value("first_frames", limits::kDurationSecondsMax, [&](const JsonView& element) {
        const auto frame = element.integer();
        const bool fits = frame && *frame < total && (frames.empty() ? *frame == 0 : *frame > frames.back());
        if (!fits) return fields.fail("first_frames", "must begin with 0 and rise");
        frames.push_back(*frame);
    });
    if (frames.empty()) fields.fail("first_frames", "is empty");
    return fields.failed() ? Grid::every(rate, total) : Grid::explicit_list(rate, total, std::move(frames));
}

void write_video(JsonWriter& writer, const VideoRendition& video) {
    writer.begin_object().member("name", video.name).member("width", video.width).member("height", video.height);
    writer.member("codecs", video.codecs).member("profile", video.profile).member("level", video.level);
    writer.member("cap_kbps", video.cap_kbps).member("buffer_kbit", video.buffer_kbit).member("crf", video.crf);
    writer.member("preset", video.preset).member("threads", video.threads);
    writer.member("parameters_hash", video.parameters_hash);
    if (video.passthrough) writer.member("passthrough", true).member("avc_config", video.avc_config);
    writer.end_object();
}

VideoRendition read_video(JsonFields& fields) {
    VideoRendition video;
    video.name = fields.text("name", kNameBytesMax);
    video.width = fields.small("width", 2, kSideMax);
    video.height = fields.small("height", 2, kSideMax);
    video.codecs = fields.text("codecs", kNameBytesMax);
    video.profile = fields.text("profile", kNameBytesMax);
    video.level = fields.small("level", 9, 62);
    video.cap_kbps = fields.small("cap_kbps", 1, kKbpsMax);
    video.buffer_kbit = fields.small("buffer_kbit", 1, kKbpsMax);
    video.crf = fields.small("crf", 0, 51);
    video.preset = fields.text("preset", kNameBytesMax);
    video.threads = fields.small("threads", 1, 64);
    video.parameters_hash = fields.text("parameters_hash", kNameBytesMax);
    if (fields.has("passthrough")) video.passthrough = fields.flag("passthrough");
    if (video.passthrough) video.avc_config = fields.text("avc_config", 2 * kAvcConfigBytesMax);
    return video;
}

void write_audio(JsonWriter& writer, const AudioRendition& audio) {
    writer.begin_object().member("name", audio.name).member("stream", audio.stream);
    writer.member("language", audio.language).member("label", audio.label).member("default", audio.is_default);
    writer.member("passthrough", audio.passthrough).member("codecs", audio.codecs);
    writer.member("sample_rate", audio.sample_rate).member("channels", audio.channels).member("kbps", audio.kbps);
    writer.member("media_time", audio.media_time).member("frames_total", audio.frames_total);
    writer.member("codec_config", audio.codec_config).end_object();
}

AudioRendition read_audio(JsonFields& fields) {
    AudioRendition audio;
    audio.name = fields.text("name", kNameBytesMax);
    audio.stream = fields.small("stream", 0, INT32_MAX);
    audio.language = fields.text("language", kNameBytesMax);
    audio.label = fields.text("label", kTextBytesMax);
    audio.is_default = fields.flag("default");
    audio.passthrough = fields.flag("passthrough");
    audio.codecs = fields.text("codecs", kNameBytesMax);
    audio.sample_rate = fields.small("sample_rate", 7350, 96'000);
    audio.channels = fields.small("channels", 1, 8);
    audio.kbps = fields.small("kbps", 1, kKbpsMax);
    audio.media_time = fields.integer("media_time", 0, 1 << 20);
    audio.frames_total = fields.integer("frames_total", 1, limits::kDurationSecondsMax * 100);
    audio.codec_config = fields.text("codec_config", kTextBytesMax);
    return audio;
}

void write_text(JsonWriter& writer, const TextRendition& text) {
    writer.begin_object().member("stream", text.stream).member("language", text.language).member("label", text.label);
    writer.member("codec", text.codec).member("default", text.is_default).member("forced", text.forced);
    writer.member("hearing_impaired", text.hearing_impaired).end_object();
}

TextRendition read_text(JsonFields& fields) {
    TextRendition text;
    text.stream = fields.small("stream", 0, INT32_MAX);
    text.language = fields.text("language", kNameBytesMax);
    text.label = fields.text("label", kTextBytesMax);
    text.codec = fields.text("codec", kNameBytesMax);
    text.is_default = fields.flag("default");
    text.forced = fields.flag("forced");
    text.hearing_impaired = fields.flag("hearing_impaired");
    return text;
}

Estimate read_estimate(JsonFields fields) {
    Estimate estimate;
    estimate.playable_ms = fields.integer("playable_ms", 0, kEstimateMsMax);
    estimate.complete_ms = fields.integer("complete_ms", 0, kEstimateMsMax);
    estimate.cpu_ms = fields.integer("cpu_ms", 0, kEstimateMsMax);
    fields.each("renditions", kRenditionsMax, [&](JsonFields& rendition) {
        auto name = rendition.text("name", kNameBytesMax);
        estimate.renditions.push_back({std::move(name), rendition.integer("bytes", 0, kEstimateBytesMax)});
    });
    return estimate;
}

}  // namespace

void write_plan(JsonWriter& writer, const Plan& plan) {
    writer.begin_object().member("version", plan.version);
    write_index(writer.key("index"), plan.index);
    write_grid(writer.key("grid"), plan.grid);
    writer.key("video_stream");
    if (plan.video_stream)
        writer.value(*plan.video_stream);
    else
        writer.null();
    writer.key("video").begin_array();
    for (const auto& video : plan.video) write_video(writer, video);
    writer.end_array().key("rejected").begin_array();
    for (const auto& rung : plan.rejected)
        writer.begin_object().member("height", rung.height).member("reason", rung.reason).end_object();
    writer.end_array();
    if (!plan.passthrough_obstacle.empty()) writer.member("passthrough_obstacle", plan.passthrough_obstacle);
    writer.key("audio").begin_array();
    for (const auto& audio : plan.audio) write_audio(writer, audio);
    writer.end_array().key("text").begin_array();
    for (const auto& text : plan.text) write_text(writer, text);
    writer.end_array().member("poster_frame", plan.poster_frame).key("warnings").begin_array();
    for (const auto& warning : plan.warnings) writer.value(warning);
    writer.end_array();
    if (plan.estimate) write_estimate(writer.key("estimate"), *plan.estimate);
    writer.end_object();
}

Plan read_plan(JsonFields& fields) {
    Plan plan;
    plan.version = fields.small("version", 1, INT32_MAX);
    if (plan.version != Plan::kVersion) fields.fail("version", "is not the one this program reads");
    auto index = fields.object("index");
    if (!fields.failed()) plan.index = read_index(index);
    if (!fields.failed()) plan.grid = read_grid(fields.object("grid"));
    if (fields.has("video_stream")) plan.video_stream = fields.small("video_stream", 0, INT32_MAX);
    fields.each("video", kRungsMax, [&](JsonFields& video) { plan.video.push_back(read_video(video)); });
    fields.each("rejected", kRungsMax, [&](JsonFields& rung) {
        const int height = rung.small("height", 0, kSideMax);
        plan.rejected.push_back({height, rung.text("reason", kTextBytesMax)});
    });
    if (fields.has("passthrough_obstacle"))
        plan.passthrough_obstacle = fields.text("passthrough_obstacle", kTextBytesMax);
    fields.each("audio", limits::kAudioTracksMax, [&](JsonFields& audio) { plan.audio.push_back(read_audio(audio)); });
    fields.each("text", limits::kTextTracksMax, [&](JsonFields& text) { plan.text.push_back(read_text(text)); });
    plan.poster_frame = fields.integer("poster_frame", 0, kFramesMax);
    fields.each_value("warnings", kWarningsMax, [&](const JsonView& warning) {
        const auto text = warning.text();
        if (!text || text->size() > kTextBytesMax) return fields.fail("warnings", "short texts are expected");
        plan.warnings.emplace_back(*text);
    });
    if (fields.has("estimate")) plan.estimate = read_estimate(fields.object("estimate"));
    return plan;
}

std::string to_json(const Plan& plan) {
    JsonWriter writer;
    write_plan(writer, plan);
    return writer.take();
}

Result<Plan> plan_from_json(std::string_view text) {
    const auto document = parse_document(text, "plan.json");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "plan.json", failure);
    auto plan = read_plan(fields);
    if (failure) return std::unexpected(*failure);
    return plan;
}

}  // namespace movio::media
