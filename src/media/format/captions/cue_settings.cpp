#include "media/format/captions/cue_settings.hpp"

#include <algorithm>
#include <array>

namespace movio::media {

namespace {

constexpr std::size_t kSettingsBytesMax = 256;
constexpr std::size_t kNumberDigitsMax = 6;

bool is_number(std::string_view text, bool may_be_negative) {
    if (may_be_negative && text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.size() <= kNumberDigitsMax &&
               std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (point == std::string_view::npos) return digits(text);
    return digits(text.substr(0, point)) && digits(text.substr(point + 1));
}

bool is_percentage(std::string_view text) {
    if (!text.ends_with('%')) return false;
    text.remove_suffix(1);
    if (!is_number(text, false)) return false;
    const auto whole = text.substr(0, text.find('.'));
    return whole.size() < 3 || (whole == "100" && text.find_first_not_of("0.", 3) == std::string_view::npos);
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& values) {
    return std::ranges::find(values, text) != values.end();
}

bool is_valid(std::string_view name, std::string_view value) {
    constexpr std::array<std::string_view, 2> kVertical{"rl", "lr"};
    constexpr std::array<std::string_view, 5> kAlign{"start", "center", "end", "left", "right"};
    constexpr std::array<std::string_view, 3> kLineAlign{"start", "center", "end"};
    constexpr std::array<std::string_view, 3> kPositionAlign{"line-left", "center", "line-right"};
    if (name == "vertical") return one_of(value, kVertical);
    if (name == "align") return one_of(value, kAlign);
    if (name == "size") return is_percentage(value);
    const auto comma = value.find(',');
    const auto place = value.substr(0, comma);
    const bool has_alignment = comma != std::string_view::npos;
    const auto alignment = has_alignment ? value.substr(comma + 1) : std::string_view();
    if (name == "line")
        return (is_percentage(place) || (is_number(place, true) && place.find('.') == std::string_view::npos)) &&
               (!has_alignment || one_of(alignment, kLineAlign));
    return name == "position" && is_percentage(place) && (!has_alignment || one_of(alignment, kPositionAlign));
}

}  // namespace

std::string clean_settings(std::string_view text) {
    constexpr std::array<std::string_view, 5> kOrder{"vertical", "line", "position", "size", "align"};
    std::array<std::string, kOrder.size()> values;
    text = text.substr(0, kSettingsBytesMax);
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \t"), text.size());
        const auto setting = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto colon = setting.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = setting.substr(0, colon);
        const auto value = setting.substr(colon + 1);
        const auto place = std::ranges::find(kOrder, name);
        if (place == kOrder.end() || !is_valid(name, value)) continue;
        values[static_cast<std::size_t>(place - kOrder.begin())] = value;
    }
    std::string clean;
    for (std::size_t i = 0; i < kOrder.size(); ++i) {
        if (values[i].empty()) continue;
        if (!clean.empty()) clean += ' ';
        clean += kOrder[i];
        clean += ':';
        clean += values[i];
    }
    return clean;
}

std::string settings_of_alignment(int keypad) {
    if (keypad < 1 || keypad > 9) return {};
    std::string settings = keypad >= 7 ? "line:0" : keypad >= 4 ? "line:50%" : "";
    const auto* align = keypad % 3 == 1 ? "align:left" : keypad % 3 == 0 ? "align:right" : "";
    if (!settings.empty() && *align != '\0') settings += ' ';
    return settings + align;
}

}  // namespace movio::media
