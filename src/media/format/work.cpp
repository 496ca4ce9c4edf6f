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

struct WorkWriter {
    JsonWriter& writer;

    void operator()(const IndexWork&) const { writer.member("kind", "index"); }
    void operator()(const SelftestWork&) const { writer.member("kind", "selftest"); }
    void operator()(const VideoWork& work) const {
        writer.member("kind", "video").key("ranges").begin_array();
        for (const auto& range : work.ranges) write_range(writer, range);
        writer.end_array();
    }
    void operator()(const AudioWork& work) const {
        write_range(writer.member("kind", "audio").key("range"), work.range);
    }
    void operator()(const PosterWork& work) const {
        writer.member("kind", "poster").member("frame", work.frame).member("width_max", work.width_max);
    }
};

Work read_work(JsonFields& fields) {
    const auto kind = fields.text("kind", kNameBytesMax);
    if (kind == "index") return IndexWork{};
    if (kind == "selftest") return SelftestWork{};
    if (kind == "video") {
        VideoWork work;
        fields.each("ranges", kRangesMax, [&](JsonFields& range) { work.ranges.push_back(read_range(range)); });
        return work;
    }
    if (kind == "audio") {
        auto range = fields.object("range");
        return AudioWork{.range = read_range(range)};
    }
    if (kind == "poster")
        return PosterWork{.frame = fields.integer("frame", 0), .width_max = fields.small("width_max", 2, 1 << 14)};
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
