#include "media/format/measured.hpp"

#include "base/limits.hpp"
#include "media/format/json_fields.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kKeyBytesMax = 200;
constexpr std::size_t kRenditionsMax = 64;
constexpr std::size_t kSegmentsMax = limits::kDurationSecondsMax;

}  // namespace

std::string to_json(const Measured& measured) {
    JsonWriter writer;
    writer.begin_object().key("renditions").begin_array();
    for (const auto& [name, segments] : measured.renditions) {
        writer.begin_object().member("name", name).key("segments").begin_array();
        for (const auto& segment : segments)
            writer.begin_array().value(segment.bytes).value(segment.ticks).value(segment.damaged).end_array();
        writer.end_array().end_object();
    }
    writer.end_array().member("poster_key", measured.poster_key).end_object();
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
            const bool triple = element.is_array() && element.size() == 3;
            const auto bytes = triple ? element.at(0).integer() : std::nullopt;
            const auto ticks = triple ? element.at(1).integer() : std::nullopt;
            const auto damaged = triple ? element.at(2).integer() : std::nullopt;
            const bool fits = bytes && ticks && damaged && *bytes >= 0 && *bytes <= limits::kSegmentBytesMax &&
                              *ticks >= 0 && *damaged >= 0;
            if (!fits) return rendition.fail("segments", "three whole numbers are expected");
            segments.push_back({*bytes, *ticks, *damaged});
        });
    });
    measured.poster_key = fields.text("poster_key", kKeyBytesMax);
    if (failure) return std::unexpected(*failure);
    return measured;
}

}  // namespace movio::media
