#include "ports/database.hpp"

#include <array>

#include "base/error.hpp"

namespace movio {
namespace {

template <class T>
const T& column_as(const std::vector<SqlValue>& values, std::size_t column) {
    if (column < values.size())
        if (const auto* value = std::get_if<T>(&values[column])) return *value;
    static constexpr std::array kKinds{"NULL", "an integer", "text"};
    const char* kind = column < values.size() ? kKinds[values[column].index()] : "not there";
    throw Failure("column " + std::to_string(column) + " of a result row is " + kind + ", not " +
                  kKinds[SqlValue(T{}).index()]);
}

}  // namespace

std::int64_t SqlRow::integer(std::size_t column) const { return column_as<std::int64_t>(values_, column); }

const std::string& SqlRow::text(std::size_t column) const { return column_as<std::string>(values_, column); }

std::optional<std::int64_t> SqlRow::integer_or_null(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> SqlRow::text_or_null(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

}  // namespace movio
