#include "http/input.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/utf8.hpp"

namespace movio::http {
namespace {

constexpr std::string_view kOnlyOnce = "must be given once";

std::optional<std::string> check_number(std::int64_t number, const FieldRules& rules, std::string_view what) {
    if (rules.min && number < *rules.min) return "must be at least " + std::to_string(*rules.min) + std::string(what);
    if (rules.max && number > *rules.max) return "must be at most " + std::to_string(*rules.max) + std::string(what);
    return std::nullopt;
}

std::int64_t characters(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
}

std::expected<std::string, std::string> check_text(std::string_view text, const FieldRules& rules) {
    if (!is_valid_utf8(text)) return FieldError("must be UTF-8 text");
    if (text.contains('\0')) return FieldError("must not hold a NUL character");
    if (auto problem = check_number(characters(text), rules, " characters long"))
        return FieldError(std::move(*problem));
    if (!rules.one_of.empty() && std::ranges::find(rules.one_of, text) == rules.one_of.end()) {
        std::string allowed;
        for (const auto& one : rules.one_of) allowed += (allowed.empty() ? "" : ", ") + one;
        return FieldError("must be one of: " + allowed);
    }
    return std::string(text);
}

// The rules with the bounds of the type.
template <class T>
FieldRules within(FieldRules rules) {
    using Limits = std::numeric_limits<T>;
    rules.min = std::max<std::int64_t>(rules.min.value_or(Limits::min()), Limits::min());
    rules.max = std::min<std::int64_t>(rules.max.value_or(Limits::max()), Limits::max());
    return rules;
}

// The one text of a value that is no list.
std::expected<std::string_view, std::string> one_text(const InputValue& value) {
    if (value.json) {
        const auto text = value.json->text();
        if (!text) return FieldError("must be a text");
        return *text;
    }
    if (value.texts.size() != 1) return FieldError(std::string(kOnlyOnce));
    return value.texts.front();
}

}  // namespace

std::string_view to_text(Place place) {
    switch (place) {
        case Place::path: return "path";
        case Place::query: return "query";
        case Place::body: return "body";
    }
    return "query";
}

std::string_view to_text(ParameterType type) {
    switch (type) {
        case ParameterType::text: return "text";
        case ParameterType::integer: return "integer";
        case ParameterType::boolean: return "boolean";
        case ParameterType::uuid: return "uuid";
        case ParameterType::text_list: return "text list";
        case ParameterType::file: return "file";
    }
    return "text";
}

std::expected<std::string, std::string> FieldType<std::string>::parse(const InputValue& value,
                                                                      const FieldRules& rules) {
    const auto text = one_text(value);
    if (!text) return FieldError(text.error());
    return check_text(*text, rules);
}

std::expected<std::int64_t, std::string> FieldType<std::int64_t>::parse(const InputValue& value,
                                                                        const FieldRules& rules) {
    std::int64_t number = 0;
    if (value.json) {
        const auto given = value.json->integer();
        if (!given) return FieldError("must be a whole number");
        number = *given;
    } else {
        if (value.texts.size() != 1) return FieldError(std::string(kOnlyOnce));
        const auto text = value.texts.front();
        const auto parsed = std::from_chars(text.begin(), text.end(), number);
        if (parsed.ec != std::errc() || parsed.ptr != text.end()) return FieldError("must be a whole number");
    }
    if (auto problem = check_number(number, rules, "")) return FieldError(std::move(*problem));
    return number;
}

FieldRules FieldType<std::int64_t>::narrow(FieldRules rules) { return within<std::int64_t>(std::move(rules)); }
FieldRules FieldType<int>::narrow(FieldRules rules) { return within<int>(std::move(rules)); }

std::expected<int, std::string> FieldType<int>::parse(const InputValue& value, const FieldRules& rules) {
    const auto number = FieldType<std::int64_t>::parse(value, narrow(rules));
    if (!number) return FieldError(number.error());
    return static_cast<int>(*number);
}

std::expected<bool, std::string> FieldType<bool>::parse(const InputValue& value, const FieldRules&) {
    if (value.json) {
        const auto given = value.json->boolean();
        if (!given) return FieldError("must be true or false");
        return *given;
    }
    if (value.texts.size() != 1) return FieldError(std::string(kOnlyOnce));
    const auto text = value.texts.front();
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return FieldError("must be true or false");
}

std::expected<Uuid, std::string> FieldType<Uuid>::parse(const InputValue& value, const FieldRules&) {
    const auto text = one_text(value);
    if (!text) return FieldError(text.error());
    const auto id = Uuid::parse(*text);
    if (!id) return FieldError("must be a UUID");
    return *id;
}

std::expected<std::vector<std::string>, std::string> FieldType<std::vector<std::string>>::parse(
    const InputValue& value, const FieldRules& rules) {
    std::vector<std::string_view> given = value.texts;
    if (value.json) {
        if (!value.json->is_array()) return FieldError("must be a list of texts");
        for (std::size_t i = 0; i < value.json->size(); ++i) {
            const auto text = value.json->at(i).text();
            if (!text) return FieldError("must be a list of texts");
            given.push_back(*text);
        }
    }
    if (auto problem = check_number(static_cast<std::int64_t>(given.size()), rules, " items long"))
        return FieldError(std::move(*problem));
    FieldRules each;
    each.one_of = rules.one_of;
    std::vector<std::string> out;
    for (const auto text : given) {
        auto checked = check_text(text, each);
        if (!checked) return FieldError("has an item that " + checked.error());
        out.push_back(std::move(*checked));
    }
    return out;
}

std::optional<InputValue> find_value(const Parameter& parameter, const Parameters& path, const Parameters& query,
                                     const std::optional<JsonView>& body) {
    InputValue value;
    if (parameter.place == Place::body) {
        value.json = body ? body->find(parameter.name) : std::nullopt;
        if (!value.json || value.json->is_null()) return std::nullopt;
        return value;
    }
    value.texts = (parameter.place == Place::path ? path : query).all(parameter.name);
    if (value.texts.empty()) return std::nullopt;
    return value;
}

void check_body_members(std::span<const Parameter> known, const std::optional<JsonView>& body,
                        std::vector<FieldProblem>& problems) {
    if (!body) return;
    if (!body->is_object()) {
        problems.push_back({"", "body", "must be a JSON object"});
        return;
    }
    for (std::size_t i = 0; i < body->size(); ++i) {
        const auto name = body->name_at(i);
        const bool expected = std::ranges::any_of(known, [name](const Parameter& parameter) {
            return parameter.place == Place::body && parameter.name == name;
        });
        if (!expected) problems.push_back({std::string(name), "body", "is not a known field"});
    }
}

Error invalid_input(std::span<const FieldProblem> problems) {
    std::string message;
    for (const auto& problem : problems) {
        if (!message.empty()) message += "; ";
        message += problem.field.empty() ? "the " + problem.place : "'" + problem.field + "'";
        message += " " + problem.message;
    }
    message += ".";
    // The first word begins a sentence.
    if (message.starts_with("the ")) message[0] = 'T';
    return {ErrorCode::invalid, std::move(message), {}};
}

}  // namespace movio::http
