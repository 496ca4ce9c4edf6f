#include "media/format/captions/cue_markup.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "media/format/captions/utf8_text.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kTagBytesMax = 256;
constexpr std::size_t kReferenceBytesMax = 12;
constexpr std::size_t kOverrideBytesMax = 4096;

struct NamedCharacter {
    std::string_view name;
    char32_t value;
};

constexpr std::array kCharacters{
    NamedCharacter{"amp", '&'},     NamedCharacter{"lt", '<'},     NamedCharacter{"gt", '>'},
    NamedCharacter{"quot", '"'},    NamedCharacter{"apos", '\''},  NamedCharacter{"nbsp", 0xA0},
    NamedCharacter{"lrm", 0x200E},  NamedCharacter{"rlm", 0x200F}, NamedCharacter{"zwj", 0x200D},
    NamedCharacter{"zwnj", 0x200C},
};

std::optional<char32_t> referenced(std::string_view name) {
    for (const auto& character : kCharacters)
        if (character.name == name) return character.value;
    if (!name.starts_with('#')) return std::nullopt;
    name.remove_prefix(1);
    const bool hex = name.starts_with('x') || name.starts_with('X');
    if (hex) name.remove_prefix(1);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value, hex ? 16 : 10);
    const bool whole = error == std::errc() && end == name.data() + name.size() && !name.empty();
    return whole && value <= 0x10FFFF ? std::optional(static_cast<char32_t>(value)) : std::nullopt;
}

// A character reference at the front of `text`, or the ampersand itself.
std::size_t append_reference(CueText& cue, std::string_view text) {
    const auto end = text.substr(0, kReferenceBytesMax).find(';');
    const auto character = end == std::string_view::npos ? std::nullopt : referenced(text.substr(1, end - 1));
    if (!character) {
        cue.append(U'&');
        return 1;
    }
    cue.append(*character);
    return end + 1;
}

// The same in the annotation of a tag.
std::string dereferenced(std::string_view text) {
    std::string value;
    while (!text.empty()) {
        const auto end = text.front() == '&' ? text.substr(0, kReferenceBytesMax).find(';') : std::string_view::npos;
        const auto character = end == std::string_view::npos ? std::nullopt : referenced(text.substr(1, end - 1));
        if (character)
            append_utf8(value, *character);
        else
            value += text.front();
        text.remove_prefix(character ? end + 1 : 1);
    }
    return value;
}

std::string lower(std::string_view text) {
    std::string value(text);
    for (auto& c : value)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return value;
}

std::optional<CueTag> tag_named(std::string_view name) {
    if (name == "b" || name == "strong") return CueTag::bold;
    if (name == "i" || name == "em") return CueTag::italic;
    if (name == "u") return CueTag::underline;
    if (name == "ruby") return CueTag::ruby;
    if (name == "rt") return CueTag::ruby_text;
    if (name == "v") return CueTag::voice;
    return std::nullopt;
}

void apply_tag(CueText& cue, std::string_view inside) {
    const bool closes = inside.starts_with('/');
    if (closes) inside.remove_prefix(1);
    const auto name = inside.substr(0, inside.find_first_of(". \t\n/"));
    const auto tag = tag_named(lower(name));
    if (!tag) return;
    if (closes) return cue.close(*tag);
    const auto space = inside.find_first_of(" \t\n");
    cue.open(*tag, space == std::string_view::npos ? std::string() : dereferenced(inside.substr(space + 1)));
}

bool is_subrip_tag(std::string_view inside) {
    constexpr std::array<std::string_view, 10> kNames{"i", "b", "u", "s", "em", "strong", "font", "ruby", "rt", "span"};
    if (inside.starts_with('/')) inside.remove_prefix(1);
    const auto name = lower(inside.substr(0, inside.find_first_of(" \t\n/=")));
    return std::ranges::find(kNames, name) != kNames.end();
}

// One override of ASS without its backslash: "i1", "an8", "p0".
struct Overrides {
    int alignment = 0;
    bool drawing = false;
};

int number_in(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void set_tag(CueText& cue, CueTag tag, std::string_view value) {
    if (!value.empty() && value != "0")
        cue.open(tag);
    else
        cue.close(tag);
}

void apply_override(CueText& cue, std::string_view override, Overrides& state) {
    const auto digit_behind = [&](std::size_t length) {
        return override.size() == length || (override[length] >= '0' && override[length] <= '9');
    };
    if (override.starts_with("an") && digit_behind(2)) {
        state.alignment = number_in(override.substr(2));
    } else if (override.starts_with('a') && digit_behind(1)) {
        // SSA's older numbering: 1–3 bottom, +4 top, +8 middle.
        const int old = number_in(override.substr(1));
        const int column = (old & 3) == 0 ? 2 : old & 3;
        state.alignment = column + ((old & 4) != 0 ? 6 : (old & 8) != 0 ? 3 : 0);
    } else if (override.starts_with('i') && digit_behind(1)) {
        set_tag(cue, CueTag::italic, override.substr(1));
    } else if (override.starts_with('b') && digit_behind(1)) {
        // A weight below 500 is not bold.
        const int weight = number_in(override.substr(1));
        set_tag(cue, CueTag::bold, weight == 1 || weight >= 500 ? "1" : "0");
    } else if (override.starts_with('u') && digit_behind(1)) {
        set_tag(cue, CueTag::underline, override.substr(1));
    } else if (override.starts_with('p') && digit_behind(1)) {
        state.drawing = number_in(override.substr(1)) > 0;
    } else if (override.starts_with('r')) {
        for (const auto tag : {CueTag::bold, CueTag::italic, CueTag::underline}) cue.close(tag);
    }
}

// The inside of {…}: what does not begin with a backslash is a comment.
void apply_overrides(CueText& cue, std::string_view block, Overrides& state) {
    auto at = block.find('\\');
    while (at != std::string_view::npos) {
        const auto next = block.find('\\', at + 1);
        const auto length = next == std::string_view::npos ? next : next - at - 1;
        apply_override(cue, block.substr(at + 1, length), state);
        at = next;
    }
}

// The end of the block that begins at the front of `text`; npos when there is none within reach.
std::size_t block_end(std::string_view text, char closing, std::size_t bytes_max) {
    return text.substr(0, bytes_max).find(closing);
}

}  // namespace

void append_webvtt_markup(CueText& cue, std::string_view text) {
    text = text.substr(0, kRawCueTextBytesMax);
    while (!text.empty() && !cue.full()) {
        std::size_t used = std::min(text.find_first_of("<&"), text.size());
        if (used > 0) {
            cue.append(text.substr(0, used));
        } else if (text.front() == '&') {
            used = append_reference(cue, text);
        } else {
            const auto end = block_end(text, '>', kTagBytesMax);
            if (end == std::string_view::npos) {
                used = 1;
            } else {
                apply_tag(cue, text.substr(1, end - 1));
                used = end + 1;
            }
        }
        text.remove_prefix(used);
    }
}

int append_subrip_markup(CueText& cue, std::string_view text) {
    text = text.substr(0, kRawCueTextBytesMax);
    Overrides state;
    while (!text.empty() && !cue.full()) {
        std::size_t used = std::min(text.find_first_of("<&{"), text.size());
        if (used > 0) {
            cue.append(text.substr(0, used));
        } else if (text.front() == '&') {
            used = append_reference(cue, text);
        } else if (text.front() == '{') {
            const auto end = text.starts_with("{\\") ? block_end(text, '}', kTagBytesMax) : std::string_view::npos;
            if (end != std::string_view::npos)
                apply_overrides(cue, text.substr(1, end - 1), state);
            else
                cue.append(U'{');
            used = end == std::string_view::npos ? 1 : end + 1;
        } else {
            const auto end = block_end(text, '>', kTagBytesMax);
            const bool tag = end != std::string_view::npos && is_subrip_tag(text.substr(1, end - 1));
            if (tag)
                apply_tag(cue, text.substr(1, end - 1));
            else
                cue.append(U'<');
            used = tag ? end + 1 : 1;
        }
        text.remove_prefix(used);
    }
    return state.alignment;
}

int append_ass_markup(CueText& cue, std::string_view text) {
    text = text.substr(0, kRawCueTextBytesMax);
    Overrides state;
    while (!text.empty() && !cue.full()) {
        std::size_t used = std::min(text.find_first_of("\\{"), text.size());
        if (used > 0) {
            if (!state.drawing) cue.append(text.substr(0, used));
        } else if (text.front() == '{') {
            const auto end = block_end(text, '}', kOverrideBytesMax);
            if (end != std::string_view::npos)
                apply_overrides(cue, text.substr(1, end - 1), state);
            else if (!state.drawing)
                cue.append(U'{');
            used = end == std::string_view::npos ? 1 : end + 1;
        } else {
            const char sign = text.size() > 1 ? text[1] : '\0';
            used = 2;
            if (sign == 'N')
                cue.line_break();
            else if (sign == 'n')
                cue.append(U' ');
            else if (sign == 'h')
                cue.append(U'\u00A0');
            else
                used = 1;
            if (used == 1 && !state.drawing) cue.append(U'\\');
        }
        text.remove_prefix(std::min(used, text.size()));
    }
    return state.alignment;
}

}  // namespace movio::media
