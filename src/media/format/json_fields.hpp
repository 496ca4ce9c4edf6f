#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "media/format/rational.hpp"

namespace movio::media {

// Reads the members of one JSON object that may come from a hostile process. Every read states its bounds; the first
// that is absent, of another kind or out of bounds is kept as the failure, and later reads give harmless values, so
// that a reader runs from top to bottom and asks once at its end.
class JsonFields {
public:
    // `document` names the whole in messages: "plan.json".
    JsonFields(JsonView view, std::string_view document, std::optional<Error>& failure);

    std::int64_t integer(std::string_view name, std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         std::int64_t most = std::numeric_limits<std::int64_t>::max());
    int small(std::string_view name, int least, int most) { return static_cast<int>(integer(name, least, most)); }
    std::string text(std::string_view name, std::size_t bytes_max);
    bool flag(std::string_view name);
    Rational rational(std::string_view name);  // [num, den], both positive
    // Of the output grid: 1 to 60 frames a second in terms of at most a million.
    Rational frame_rate(std::string_view name);
    bool has(std::string_view name) const;
    JsonFields object(std::string_view name);
    // An array of at most `count_max` elements.
    void each(std::string_view name, std::size_t count_max, const std::function<void(JsonFields&)>& read);
    void each_value(std::string_view name, std::size_t count_max, const std::function<void(const JsonView&)>& read);
    void fail(std::string_view name, std::string_view what);
    bool failed() const { return failure_->has_value(); }

private:
    std::optional<JsonView> member(std::string_view name);

    JsonView view_;
    std::string document_;
    std::optional<Error>* failure_;
};

// Text of a whole document, refused unread when it is longer than limits::kPlanJsonBytesMax.
Result<JsonView> parse_document(std::string_view text, std::string_view document);

void write_rational(JsonWriter& writer, std::string_view name, Rational value);

}  // namespace movio::media
