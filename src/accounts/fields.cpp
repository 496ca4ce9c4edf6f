#include "accounts/fields.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace movio::accounts {
namespace {

// What Python's str.strip() takes away: U+0009–000D, U+001C–0020, U+0085, U+00A0 and the separators of Unicode.
constexpr std::string_view kSpaces[] = {
    "\x09",   "\x0a",   "\x0b",   "\x0c",   "\x0d",   "\x1c",   "\x1d",   "\x1e",   "\x1f",   " ",
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
};

// As Python writes it, which is what the original kept.
std::string text_of_number(const JsonView& value) {
    if (const auto whole = value.integer()) return std::to_string(*whole);
    // Beyond int64 but exact in the document.
    auto written = value.serialize();
    if (std::ranges::all_of(written, [](char c) { return c >= '0' && c <= '9'; })) return written;
    auto text = fmt::format("{}", value.number().value_or(0));
    if (text.find_first_of(".en") == std::string::npos) text += ".0";
    return text;
}

std::string_view python_type(const JsonView& value) {
    if (value.is_array()) return "list";
    if (value.text()) return "str";
    if (value.boolean()) return "bool";
    return value.integer() ? "int" : "float";
}

}  // namespace

void FieldErrors::add(std::string_view field, std::string message) {
    auto found = std::ranges::find(fields_, field, &Field::first);
    if (found == fields_.end())
        found = fields_.insert(fields_.end(), Field(std::string(field), std::vector<std::string>()));
    found->second.push_back(std::move(message));
}

bool FieldErrors::has(std::string_view field) const {
    return std::ranges::find(fields_, field, &Field::first) != fields_.end();
}

void FieldErrors::write(JsonWriter& json) const {
    json.begin_object();
    for (const auto& [name, messages] : fields_) {
        json.key(name).begin_array();
        for (const auto& message : messages) json.value(message);
        json.end_array();
    }
    json.end_object();
}

std::optional<std::string> text_of_value(const JsonView& value) {
    if (const auto text = value.text()) return std::string(*text);
    if (value.number()) return text_of_number(value);
    return std::nullopt;
}

std::optional<std::string> read_text(const JsonView& body, const TextField& field, FieldErrors& errors) {
    const auto given = body.find(field.name);
    if (!given || given->is_null()) {
        if (field.required) errors.add(field.name, std::string(given ? "This field may not be null." : kRequired));
        return std::nullopt;
    }
    auto text = text_of_value(*given);
    if (!text) {
        errors.add(field.name, "Not a valid string.");
        return std::nullopt;
    }
    if (strip(*text).empty() && (field.spaces == Spaces::trim || text->empty())) {
        if (field.required) errors.add(field.name, "This field may not be blank.");
        return std::nullopt;
    }
    if (field.spaces == Spaces::trim) text = std::string(strip(*text));
    const auto characters = count_characters(*text);
    if (field.characters_max > 0 && characters > field.characters_max)
        errors.add(field.name, fmt::format("Ensure this field has no more than {} characters.", field.characters_max));
    if (characters < field.characters_min) errors.add(field.name, std::string(field.too_short));
    if (text->contains('\0')) errors.add(field.name, "Null characters are not allowed.");
    return text;
}

bool is_form(const JsonView& body, FieldErrors& errors) {
    if (body.is_object()) return true;
    errors.add(kNonFieldErrors,
               body.is_null() ? std::string("No data provided")
                              : fmt::format("Invalid data. Expected a dictionary, but got {}.", python_type(body)));
    return false;
}

std::size_t count_characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string_view strip(std::string_view utf8) {
    const auto starts = [&](std::string_view space) { return utf8.starts_with(space); };
    const auto ends = [&](std::string_view space) { return utf8.ends_with(space); };
    for (auto found = std::ranges::find_if(kSpaces, starts); found != std::end(kSpaces);
         found = std::ranges::find_if(kSpaces, starts))
        utf8.remove_prefix(found->size());
    for (auto found = std::ranges::find_if(kSpaces, ends); found != std::end(kSpaces);
         found = std::ranges::find_if(kSpaces, ends))
        utf8.remove_suffix(found->size());
    return utf8;
}

}  // namespace movio::accounts
