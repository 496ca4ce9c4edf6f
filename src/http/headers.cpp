#include "http/headers.hpp"

#include <algorithm>

namespace movio::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string one_line(std::string_view value) {
    std::string out(value);
    std::erase_if(out, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return out;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
    fields_.push_back({std::string(name), one_line(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return equals_ignoring_case(field.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(fields_, [name](const Field& field) { return equals_ignoring_case(field.name, name); });
    return found == fields_.end() ? std::nullopt : std::optional<std::string_view>(found->value);
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(fields_, [name](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

std::string Headers::joined(std::string_view name) const {
    std::string out;
    for (const auto& field : fields_) {
        if (!equals_ignoring_case(field.name, name)) continue;
        if (!out.empty()) out += ", ";
        out += field.value;
    }
    return out;
}

}  // namespace movio::http
