#include <algorithm>
#include <vector>

#include "media/format/captions/cue_list.hpp"
#include "media/format/captions/cue_markup.hpp"
#include "media/format/captions/cue_settings.hpp"
#include "media/format/captions/cue_times.hpp"
#include "media/format/captions/formats.hpp"
#include "media/format/captions/line_reader.hpp"

namespace movio::media {

namespace {

MediaResult<void> add_cue(CueList& list, std::int64_t start_ms, std::int64_t end_ms, std::string_view markup) {
    CueText text;
    const int alignment = append_subrip_markup(text, markup);
    return list.add(start_ms, end_ms, std::move(text), settings_of_alignment(alignment));
}

bool is_counter(std::string_view line) {
    line = trim(line);
    return !line.empty() && line.size() <= 9 && std::ranges::all_of(line, [](char c) { return c >= '0' && c <= '9'; });
}

// The text of a cue with the lines that belong to the next one taken off: its counter, when a blank line stands before
// it. Text itself may hold blank lines, as it does in files in the wild.
struct Gathered {
    std::vector<std::string_view> lines;

    std::string text() {
        const bool counter = lines.size() >= 2 && is_counter(lines.back()) && trim(lines[lines.size() - 2]).empty();
        const bool alone = lines.size() == 1 && is_counter(lines.back());
        if (counter || alone) lines.pop_back();
        return joined();
    }
    std::string joined() const {
        std::string text;
        for (const auto line : lines) {
            if (text.size() > kRawCueTextBytesMax) break;
            text += line;
            text += '\n';
        }
        return text;
    }
};

}  // namespace

MediaResult<Captions> parse_subrip(std::string_view text) {
    CueList list;
    LineReader reader(text);
    std::optional<CueTimes> times;
    Gathered gathered;
    while (const auto line = reader.next()) {
        const auto next_times = parse_times_line(*line);
        if (!next_times) {
            if (times) gathered.lines.push_back(*line);
            continue;
        }
        if (times) {
            const auto added = add_cue(list, times->start_ms, times->end_ms, gathered.text());
            if (!added) return std::unexpected(added.error());
        }
        times = next_times;
        gathered.lines.clear();
    }
    if (times) {
        const auto added = add_cue(list, times->start_ms, times->end_ms, gathered.joined());
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

MediaResult<Captions> parse_subrip_packets(const std::vector<RawCue>& packets) {
    CueList list;
    for (const auto& packet : packets) {
        const auto added = add_cue(list, packet.start_ms, packet.end_ms, packet.payload);
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

}  // namespace movio::media
