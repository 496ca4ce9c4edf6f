#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace movio::http {

// ASCII case-insensitive comparison, as field names want it (RFC 9110 §5.1).
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Header fields in the order they were given; names compare without case. A line break in a value is dropped, so a
// value can never begin a field of its own.
class Headers {
public:
    struct Field {
        std::string name;
        std::string value;
    };

    void add(std::string_view name, std::string_view value);
    // Replaces every field of that name.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    // The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name).has_value(); }
    std::size_t count(std::string_view name) const;
    // All fields of that name joined by ", " (RFC 9110 §5.3); empty when there is none.
    std::string joined(std::string_view name) const;

    std::size_t size() const { return fields_.size(); }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<Field> fields_;
};

}  // namespace movio::http
