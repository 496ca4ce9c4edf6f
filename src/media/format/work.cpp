#include "media/format/work.hpp"

#include <array>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "media/format/hex.hpp"
#include "media/format/plan_json.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kRangesMax = 64;
constexpr std::size_t kCandidatesMax = 16;
constexpr std::int64_t kFramesMax = limits::kDurationSecondsMax * 60;
constexpr std::size_t kSettingsBytesMax = 256;
constexpr std::int64_t kMsMax = limits::kDurationSecondsMax * 1000 * 10;

void write_range(JsonWriter& writer, const SegmentRange& range) {
    writer.begin_object().member("rendition", range.rendition).member("first", range.first).member("end", range.end);
    writer.end_object();
}

SegmentRange read_range(JsonFields& fields) {
    SegmentRange range;
    range.rendition = fields.text("rendition", kNameBytesMax);
    range.first = fields.integer("first", 0, limits::kDurationSecondsMax);
    range.end = fields.integer("end", 0, limits::kDurationSecondsMax);
    if (range.end < range.first) fields.fail("end", "lies before its beginning");
    return range;
}

void write_numbers(JsonWriter& writer, const std::vector<std::int64_t>& numbers) {
    writer.begin_array();
    for (const auto number : numbers) writer.value(number);
    writer.end_array();
}

struct WorkWriter {
    JsonWriter& writer;

    void operator()(const IndexWork&) const { writer.member("kind", "index"); }
    void operator()(const SelftestWork&) const { writer.member("kind", "selftest"); }
    void operator()(const VideoWork& work) const {
        writer.member("kind", "video").key("ranges").begin_array();
        for (const auto& range : work.ranges) write_range(writer, range);
        writer.end_array().member("looks", work.looks);
    }
    void operator()(const AudioWork& work) const {
        write_range(writer.member("kind", "audio").key("range"), work.range);
        writer.member("levels", work.levels);
    }
    void operator()(const LevelsWork& work) const {
        write_range(writer.member("kind", "levels").key("range"), work.range);
    }
    void operator()(const PosterWork& work) const {
        writer.member("kind", "poster").member("frame", work.frame).member("width_max", work.width_max);
        write_numbers(writer.key("candidates"), work.candidates);
    }
    void operator()(const LookWork& work) const {
        writer.member("kind", "look").member("first_tile", work.first_tile).member("end_tile", work.end_tile);
    }
    void operator()(const SheetsWork& work) const {
        writer.member("kind", "sheets").key("strips").begin_array();
        for (const auto& strip : work.strips) {
            writer.begin_object().member("offset", strip.offset).member("bytes", strip.bytes);
            writer.member("first_tile", strip.first_tile).member("tiles", strip.tiles).end_object();
        }
        writer.end_array();
        write_numbers(writer.key("preview"), work.preview);
    }
};

std::vector<std::int64_t> read_numbers(JsonFields& fields, std::string_view name, std::size_t count_max,
                                       std::int64_t most) {
    std::vector<std::int64_t> numbers;
    fields.each_value(name, count_max, [&](const JsonView& element) {
        const auto number = element.integer();
        if (!number || *number < 0 || *number > most) return fields.fail(name, "is out of bounds");
        numbers.push_back(*number);
    });
    return numbers;
}

VideoWork read_video_work(JsonFields& fields) {
    VideoWork work;
    fields.each("ranges", kRangesMax, [&](JsonFields& range) { work.ranges.push_back(read_range(range)); });
    work.looks = fields.has("looks") && fields.flag("looks");
    return work;
}

AudioWork read_audio_work(JsonFields& fields) {
    auto range = fields.object("range");
    return {.range = read_range(range), .levels = fields.has("levels") && fields.flag("levels")};
}

LevelsWork read_levels_work(JsonFields& fields) {
    auto range = fields.object("range");
    return {.range = read_range(range)};
}

PosterWork read_poster_work(JsonFields& fields) {
    PosterWork work{.frame = fields.integer("frame", 0), .width_max = fields.small("width_max", 2, 1 << 14)};
    if (fields.has("candidates")) work.candidates = read_numbers(fields, "candidates", kCandidatesMax, kFramesMax);
    return work;
}

LookWork read_look_work(JsonFields& fields) {
    LookWork work;
    work.first_tile = fields.integer("first_tile", 0, limits::kStoryboardTilesMax);
    work.end_tile = fields.integer("end_tile", work.first_tile, limits::kStoryboardTilesMax);
    return work;
}

SheetsWork read_sheets_work(JsonFields& fields) {
    SheetsWork work;
    fields.each("strips", limits::kStoryboardTilesMax, [&](JsonFields& element) {
        SheetsWork::Strip strip;
        strip.offset = element.integer("offset", 0);
        strip.bytes = element.integer("bytes", 1, limits::kSheetBytesMax);
        strip.first_tile = element.integer("first_tile", 0, limits::kStoryboardTilesMax);
        strip.tiles = element.integer("tiles", 1, limits::kStripTilesMax);
        work.strips.push_back(strip);
    });
    work.preview = read_numbers(fields, "preview", limits::kPreviewPicturesMax, limits::kStoryboardTilesMax);
    return work;
}

Work read_work(JsonFields& fields) {
    const auto kind = fields.text("kind", kNameBytesMax);
    if (kind == "index") return IndexWork{};
    if (kind == "selftest") return SelftestWork{};
    if (kind == "video") return read_video_work(fields);
    if (kind == "audio") return read_audio_work(fields);
    if (kind == "levels") return read_levels_work(fields);
    if (kind == "poster") return read_poster_work(fields);
    if (kind == "look") return read_look_work(fields);
    if (kind == "sheets") return read_sheets_work(fields);
    fields.fail("kind", "is not known");
    return SelftestWork{};
}

// Payloads are bytes (tx3g is binary, old SubRip is not UTF-8): what JSON cannot hold as text goes as hexadecimal.
void write_payload(JsonWriter& writer, const std::string& payload) {
    if (is_valid_utf8(payload))
        writer.member("payload", payload);
    else
        writer.member("payload_hex", to_hex(as_bytes(payload)));
}

std::string read_payload(JsonFields& fields) {
    if (!fields.has("payload_hex")) return fields.text("payload", limits::kCueTextBytesMax);
    const auto bytes = from_hex(fields.text("payload_hex", 2 * limits::kCueTextBytesMax));
    if (!bytes) fields.fail("payload_hex", "is not hexadecimal");
    return bytes ? std::string(as_text(*bytes)) : std::string();
}

}  // namespace

std::string to_json(const WorkOrder& order) {
    JsonWriter writer;
    writer.begin_object();
    std::visit(WorkWriter{writer}, order.work);
    if (order.plan) write_plan(writer.key("plan"), *order.plan);
    writer.end_object();
    return writer.take();
}

Result<WorkOrder> work_order_from_json(std::string_view text) {
    const auto document = parse_document(text, "The work order");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "The work order", failure);
    WorkOrder order;
    order.work = read_work(fields);
    if (!failure && fields.has("plan")) {
        auto plan = fields.object("plan");
        order.plan = read_plan(plan);
    }
    if (failure) return std::unexpected(*failure);
    return order;
}

std::string to_json(const std::vector<RawCue>& cues) {
    JsonWriter writer;
    writer.begin_object().key("cues").begin_array();
    for (const auto& cue : cues) {
        writer.begin_object().member("start_ms", cue.start_ms).member("end_ms", cue.end_ms);
        write_payload(writer, cue.payload);
        writer.member("settings", cue.settings).member("identifier", cue.identifier).end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

Result<std::vector<RawCue>> raw_cues_from_json(std::string_view text) {
    if (text.size() > limits::kRawCuesJsonBytesMax)
        return fail(ErrorCode::too_large, "The subtitle track holds more text than any film needs.");
    const auto document = JsonView::parse(text);
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "The subtitle track", failure);
    std::vector<RawCue> cues;
    fields.each("cues", limits::kCuesPerTrackMax, [&](JsonFields& element) {
        RawCue cue;
        cue.start_ms = element.integer("start_ms", -kMsMax, kMsMax);
        cue.end_ms = element.integer("end_ms", -kMsMax, kMsMax);
        cue.payload = read_payload(element);
        cue.settings = element.text("settings", kSettingsBytesMax);
        cue.identifier = element.text("identifier", kSettingsBytesMax);
        cues.push_back(std::move(cue));
    });
    if (failure) return std::unexpected(*failure);
    return cues;
}

}  // namespace movio::media
