#pragma once
#include <concepts>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace movio::http {

enum class Place { path, query, body };
// `file` is a part of a multipart body, read by the endpoint itself.
enum class ParameterType { text, integer, boolean, uuid, text_list, file };

std::string_view to_text(Place place);
std::string_view to_text(ParameterType type);

struct FieldRules {
    bool required = false;                 // parts of the path always are
    std::optional<std::int64_t> min = {};  // integers: value; text: characters; lists: items
    std::optional<std::int64_t> max = {};
    std::vector<std::string> one_of = {};  // the only texts allowed, where not empty
    std::string help = {};
};

struct Parameter {
    std::string name;
    Place place = Place::query;
    ParameterType type = ParameterType::text;
    FieldRules rules = {};
};

// What the client gave for one field: texts from path or query, or one JSON value from the body.
struct InputValue {
    std::vector<std::string_view> texts;
    std::optional<JsonView> json;
};

// How a C++ type is read. The error says what was expected, to follow the field's name: "must be …". Specialise it for
// an enum of a module; `type` is how the API description names it. `narrow`, where there is one, adds to the rules what
// the type cannot hold, so that the description says it too.
template <class T>
struct FieldType;
template <class T>
FieldRules narrowed(FieldRules rules) {
    if constexpr (requires { FieldType<T>::narrow(std::move(rules)); })
        return FieldType<T>::narrow(std::move(rules));
    else
        return rules;
}

using FieldError = std::unexpected<std::string>;

template <>
struct FieldType<std::string> {
    static constexpr auto type = ParameterType::text;
    static std::expected<std::string, std::string> parse(const InputValue& value, const FieldRules& rules);
};
template <>
struct FieldType<std::int64_t> {
    static constexpr auto type = ParameterType::integer;
    static FieldRules narrow(FieldRules rules);
    static std::expected<std::int64_t, std::string> parse(const InputValue& value, const FieldRules& rules);
};
template <>
struct FieldType<bool> {
    static constexpr auto type = ParameterType::boolean;
    static std::expected<bool, std::string> parse(const InputValue& value, const FieldRules& rules);
};
template <>
struct FieldType<Uuid> {
    static constexpr auto type = ParameterType::uuid;
    static std::expected<Uuid, std::string> parse(const InputValue& value, const FieldRules& rules);
};
template <>
struct FieldType<std::vector<std::string>> {
    static constexpr auto type = ParameterType::text_list;
    static std::expected<std::vector<std::string>, std::string> parse(const InputValue& value, const FieldRules& rules);
};
template <class Tag>
struct FieldType<Id<Tag>> {
    static constexpr auto type = ParameterType::uuid;
    static std::expected<Id<Tag>, std::string> parse(const InputValue& value, const FieldRules& rules) {
        const auto parsed = FieldType<Uuid>::parse(value, rules);
        if (!parsed) return FieldError(parsed.error());
        return Id<Tag>(*parsed);
    }
};
template <>
struct FieldType<int> {
    static constexpr auto type = ParameterType::integer;
    static FieldRules narrow(FieldRules rules);
    static std::expected<int, std::string> parse(const InputValue& value, const FieldRules& rules);
};
// An absent field, or null in a body, leaves the optional as it is.
template <class T>
struct FieldType<std::optional<T>> {
    static constexpr auto type = FieldType<T>::type;
    static FieldRules narrow(FieldRules rules) { return narrowed<T>(std::move(rules)); }
    static std::expected<std::optional<T>, std::string> parse(const InputValue& value, const FieldRules& rules) {
        auto parsed = FieldType<T>::parse(value, rules);
        if (!parsed) return FieldError(std::move(parsed.error()));
        return std::optional<T>(std::move(*parsed));
    }
};

// One field of an input: where it comes from, its rules, and the member that takes it.
template <class Input>
struct Field {
    Parameter parameter;
    // Empty, or what is wrong.
    std::function<std::string(Input&, const InputValue&)> set;
};

template <class Input>
using Fields = std::vector<Field<Input>>;

template <class Input, class T>
Field<Input> field(Place place, std::string name, T Input::* member, FieldRules rules = {}) {
    if (place == Place::path) rules.required = true;
    Parameter parameter{std::move(name), place, FieldType<T>::type, narrowed<T>(std::move(rules))};
    auto set = [member, rules = parameter.rules](Input& input, const InputValue& value) -> std::string {
        auto parsed = FieldType<T>::parse(value, rules);
        if (!parsed) return std::move(parsed.error());
        input.*member = std::move(*parsed);
        return {};
    };
    return {std::move(parameter), std::move(set)};
}
// `in_query("limit", &Input::limit, {.min = 1, .max = 100, .help = "Items on a page."})`
template <class Input, class T>
Field<Input> in_path(std::string name, T Input::* member, FieldRules rules = {}) {
    return field(Place::path, std::move(name), member, std::move(rules));
}
template <class Input, class T>
Field<Input> in_query(std::string name, T Input::* member, FieldRules rules = {}) {
    return field(Place::query, std::move(name), member, std::move(rules));
}
template <class Input, class T>
Field<Input> in_body(std::string name, T Input::* member, FieldRules rules = {}) {
    return field(Place::body, std::move(name), member, std::move(rules));
}

// The value of one parameter, nullopt when the client did not give it.
std::optional<InputValue> find_value(const Parameter& parameter, const Parameters& path, const Parameters& query,
                                     const std::optional<JsonView>& body);
// Members of the body that no parameter takes. Unknown query parameters are no fault: trackers and caches add them.
void check_body_members(std::span<const Parameter> known, const std::optional<JsonView>& body,
                        std::vector<FieldProblem>& problems);
// All of them in one sentence.
Error invalid_input(std::span<const FieldProblem> problems);

// Every field that cannot be taken, not just the first.
template <class Input>
std::vector<FieldProblem> bind_fields(const Fields<Input>& fields, Input& input, const Parameters& path,
                                      const Parameters& query, const std::optional<JsonView>& body) {
    std::vector<FieldProblem> problems;
    for (const auto& field : fields) {
        const auto& parameter = field.parameter;
        const auto value = find_value(parameter, path, query, body);
        std::string problem;
        if (value)
            problem = field.set(input, *value);
        else if (parameter.rules.required)
            problem = "is required";
        if (!problem.empty())
            problems.push_back({parameter.name, std::string(to_text(parameter.place)), std::move(problem)});
    }
    return problems;
}

}  // namespace movio::http
