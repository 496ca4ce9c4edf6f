#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

// Fields of an input, read by the rules and with the messages of Django REST framework, which old clients show to
// their users.
namespace movio::accounts {

inline constexpr std::string_view kRequired = "This field is required.";
// Problems that belong to no single field.
inline constexpr std::string_view kNonFieldErrors = "non_field_errors";

// What is wrong, by field, in the order in which the fields were read. A field has all that is wrong with it.
class FieldErrors {
public:
    using Field = std::pair<std::string, std::vector<std::string>>;

    void add(std::string_view field, std::string message);
    bool empty() const { return fields_.empty(); }
    bool has(std::string_view field) const;
    const std::vector<Field>& fields() const { return fields_; }
    // {"field": ["message", …], …}
    void write(JsonWriter& json) const;

private:
    std::vector<Field> fields_;
};

enum class Spaces { trim, keep };

// A field of text (DRF's CharField). Lengths are in characters.
struct TextField {
    std::string_view name;
    bool required = true;  // also: neither null nor blank; else those count as absent
    Spaces spaces = Spaces::trim;
    std::size_t characters_min = 0;
    std::string_view too_short = {};  // what is said then
    std::size_t characters_max = 0;   // 0: no limit
};

// The field's text; nullopt where it is absent or wrong, and then `errors` says what is wrong. Numbers become texts;
// truth values, lists and objects do not.
std::optional<std::string> read_text(const JsonView& body, const TextField& field, FieldErrors& errors);

// Whether the body is an object at all; `errors` says so if not.
bool is_form(const JsonView& body, FieldErrors& errors);

// A text or number as CharField takes it, untrimmed; nullopt for everything else.
std::optional<std::string> text_of_value(const JsonView& value);

std::size_t count_characters(std::string_view utf8);
// Without the white space of Unicode at both ends, as Python's str.strip().
std::string_view strip(std::string_view utf8);

}  // namespace movio::accounts
