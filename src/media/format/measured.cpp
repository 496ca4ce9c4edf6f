#include "media/format/measured.hpp"

#include <array>
#include <optional>

#include "base/limits.hpp"
#include "media/format/json_fields.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kKeyBytesMax = 200;
constexpr std::size_t kRenditionsMax = 64;
constexpr std::int64_t kTimeMsMax = std::int64_t{1} << 40;  // 35 years
constexpr std::size_t kSegmentsMax = limits::kDurationSecondsMax;
constexpr std::int64_t kMsMax = limits::kDurationSecondsMax * 1000 + 60'000;
constexpr int kTileSideMax = 1 << 10;
constexpr int kTilesAcrossMax = 32;

void write_storyboard(JsonWriter& writer, const Storyboard& board) {
    writer.begin_object().member("tile_width", board.tile_width).member("tile_height", board.tile_height);
    writer.member("columns", board.columns).member("rows", board.rows);
    writer.member("interval_frames", board.interval_frames).member("tiles", board.tiles).end_object();
}

Storyboard read_storyboard(JsonFields fields) {
    Storyboard board;
    board.tile_width = fields.small("tile_width", 2, kTileSideMax);
    board.tile_height = fields.small("tile_height", 2, kTileSideMax);
    board.columns = fields.small("columns", 1, kTilesAcrossMax);
    board.rows = fields.small("rows", 1, kTilesAcrossMax);
    board.interval_frames = fields.integer("interval_frames", 1, limits::kDurationSecondsMax * 60);
    board.tiles = fields.integer("tiles", 1, limits::kStoryboardTilesMax);
    return board;
}

void write_stretches(JsonWriter& writer, const std::vector<Stretch>& stretches) {
    writer.begin_array();
    for (const auto& stretch : stretches)
        writer.begin_array().value(stretch.start_ms).value(stretch.end_ms).end_array();
    writer.end_array();
}

std::optional<std::vector<Stretch>> read_stretches(JsonFields& fields, std::string_view name) {
    if (!fields.has(name)) return std::nullopt;
    std::vector<Stretch> stretches;
    fields.each_value(name, limits::kStretchesMax, [&](const JsonView& element) {
        const bool pair = element.is_array() && element.size() == 2;
        const auto start = pair ? element.at(0).integer() : std::nullopt;
        const auto end = pair ? element.at(1).integer() : std::nullopt;
        if (!start || !end || *start < 0 || *end < *start || *end > kMsMax)
            return fields.fail(name, "two times are expected");
        stretches.push_back({*start, *end});
    });
    return stretches;
}

// [bytes, ticks, damaged], and picture_bytes where it was measured.
std::optional<MeasuredSegment> read_segment_figures(const JsonView& element) {
    if (!element.is_array() || element.size() < 3 || element.size() > 4) return std::nullopt;
    std::array<std::int64_t, 4> figures{};
    for (std::size_t i = 0; i < element.size(); ++i) {
        const auto figure = element.at(i).integer();
        if (!figure || *figure < 0) return std::nullopt;
        figures.at(i) = *figure;
    }
    const auto [bytes, ticks, damaged, picture_bytes] = figures;
    if (bytes > limits::kSegmentBytesMax || picture_bytes > bytes) return std::nullopt;
    return MeasuredSegment{bytes, ticks, damaged, picture_bytes};
}

}  // namespace

std::string to_json(const Measured& measured) {
    JsonWriter writer;
    writer.begin_object().key("renditions").begin_array();
    for (const auto& [name, segments] : measured.renditions) {
        writer.begin_object().member("name", name).key("segments").begin_array();
        for (const auto& segment : segments) {
            writer.begin_array().value(segment.bytes).value(segment.ticks).value(segment.damaged);
            if (segment.picture_bytes > 0) writer.value(segment.picture_bytes);
            writer.end_array();
        }
        writer.end_array().end_object();
    }
    writer.end_array().member("poster_key", measured.poster_key);
    if (const auto& actual = measured.actual) {
        writer.key("actual").begin_object().member("playable_ms", actual->playable_ms);
        writer.member("complete_ms", actual->complete_ms).member("cpu_ms", actual->cpu_ms).end_object();
    }
    if (measured.storyboard) {
        write_storyboard(writer.key("storyboard"), *measured.storyboard);
        writer.member("storyboard_bytes", measured.storyboard_bytes);
    }
    if (!measured.preview_key.empty()) writer.member("preview_key", measured.preview_key);
    if (measured.loudness) writer.member("loudness", *measured.loudness);
    if (measured.black) write_stretches(writer.key("black"), *measured.black);
    if (measured.silence) write_stretches(writer.key("silence"), *measured.silence);
    writer.end_object();
    return writer.take();
}

Result<Measured> measured_from_json(std::string_view text) {
    const auto document = parse_document(text, "measured.json");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "measured.json", failure);
    Measured measured;
    fields.each("renditions", kRenditionsMax, [&](JsonFields& rendition) {
        auto& segments = measured.renditions[rendition.text("name", kNameBytesMax)];
        rendition.each_value("segments", kSegmentsMax, [&](const JsonView& element) {
            const auto segment = read_segment_figures(element);
            if (!segment) return rendition.fail("segments", "three or four whole numbers are expected");
            segments.push_back(*segment);
        });
    });
    measured.poster_key = fields.text("poster_key", kKeyBytesMax);
    if (fields.has("actual")) {
        auto actual = fields.object("actual");
        const auto time = [&actual](std::string_view name) { return actual.integer(name, 0, kTimeMsMax); };
        measured.actual = Estimate{time("playable_ms"), time("complete_ms"), time("cpu_ms"), {}};
    }
    if (fields.has("storyboard")) {
        measured.storyboard = read_storyboard(fields.object("storyboard"));
        measured.storyboard_bytes = fields.integer("storyboard_bytes", 0);
    }
    if (fields.has("preview_key")) measured.preview_key = fields.text("preview_key", kKeyBytesMax);
    if (fields.has("loudness")) measured.loudness = fields.small("loudness", -12'000, 10'000);
    measured.black = read_stretches(fields, "black");
    measured.silence = read_stretches(fields, "silence");
    if (failure) return std::unexpected(*failure);
    return measured;
}

std::optional<Estimate> actual_of(const Measured& measured) {
    auto actual = measured.actual;
    if (!actual) return std::nullopt;
    for (const auto& [name, segments] : measured.renditions) {
        actual->renditions.push_back({name, 0});
        for (const auto& segment : segments) actual->renditions.back().bytes += segment.bytes;
    }
    return actual;
}

}  // namespace movio::media
