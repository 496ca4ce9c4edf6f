#include <array>
#include <optional>

#include "media/format/captions/cue_list.hpp"
#include "media/format/captions/cue_markup.hpp"
#include "media/format/captions/cue_settings.hpp"
#include "media/format/captions/cue_times.hpp"
#include "media/format/captions/formats.hpp"
#include "media/format/captions/line_reader.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kFieldsMax = 16;

struct Event {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string_view speaker;
    std::string_view text;
};

MediaResult<void> add_cue(CueList& list, const Event& event) {
    CueText text;
    text.open(CueTag::voice, event.speaker);
    const int alignment = append_ass_markup(text, event.text);
    return list.add(event.start_ms, event.end_ms, std::move(text), settings_of_alignment(alignment));
}

// The next field; the last one is the rest with its commas.
std::string_view take_field(std::string_view& rest, bool last) {
    const auto comma = last ? std::string_view::npos : rest.find(',');
    const auto field = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return trim(field);
}

enum class Field { other, start, end, name, text };

Field field_named(std::string_view name) {
    if (name == "Start") return Field::start;
    if (name == "End") return Field::end;
    if (name == "Name" || name == "Actor") return Field::name;
    if (name == "Text") return Field::text;
    return Field::other;
}

using Fields = std::vector<Field>;

// The order of [Events] unless a Format line says another.
const Fields kUsualFields{Field::other, Field::start, Field::end,   Field::other, Field::name,
                          Field::other, Field::other, Field::other, Field::other, Field::text};

std::optional<Fields> parse_format(std::string_view line) {
    Fields fields;
    bool has_text = false;
    while (!line.empty() && fields.size() < kFieldsMax) {
        fields.push_back(field_named(take_field(line, false)));
        has_text = has_text || fields.back() == Field::text;
    }
    // Text must be last, or its commas could not be told from the others.
    return has_text && fields.back() == Field::text ? std::optional(std::move(fields)) : std::nullopt;
}

std::optional<Event> parse_dialogue(std::string_view line, const Fields& fields) {
    Event event;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> end;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        auto value = take_field(line, i + 1 == fields.size());
        if (fields[i] == Field::start) start = take_time(value);
        if (fields[i] == Field::end) end = take_time(value);
        if (fields[i] == Field::name) event.speaker = value;
        if (fields[i] == Field::text) event.text = value;
    }
    if (!start || !end) return std::nullopt;
    event.start_ms = *start;
    event.end_ms = *end;
    return event;
}

}  // namespace

MediaResult<Captions> parse_ass(std::string_view text) {
    CueList list;
    LineReader reader(text);
    auto fields = kUsualFields;
    bool in_events = false;
    while (const auto whole = reader.next()) {
        auto line = trim(*whole);
        if (line.starts_with('[')) in_events = line.starts_with("[Events]");
        if (!in_events) continue;
        if (line.starts_with("Format:")) {
            fields = parse_format(line.substr(7)).value_or(kUsualFields);
        } else if (line.starts_with("Dialogue:")) {
            const auto event = parse_dialogue(line.substr(9), fields);
            if (!event) continue;
            const auto added = add_cue(list, *event);
            if (!added) return std::unexpected(added.error());
        }
    }
    return list.take();
}

MediaResult<Captions> parse_ass_packets(const std::vector<RawCue>& packets) {
    CueList list;
    for (const auto& packet : packets) {
        std::string_view rest = packet.payload;
        Event event{.start_ms = packet.start_ms, .end_ms = packet.end_ms, .speaker = {}, .text = {}};
        constexpr int kSpeakerField = 3;
        constexpr int kTextField = 8;
        for (int field = 0; field <= kTextField; ++field) {
            const auto value = take_field(rest, field == kTextField);
            if (field == kSpeakerField) event.speaker = value;
            if (field == kTextField) event.text = value;
        }
        const auto added = add_cue(list, event);
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

}  // namespace movio::media
