#include "media/format/json_fields.hpp"

#include "base/limits.hpp"

namespace movio::media {

namespace {

// Terms of rates and time bases; larger ones make products overflow and mean nothing.
constexpr std::int64_t kRationalTermMax = 1'000'000'000;
constexpr std::int64_t kFrameRateTermMax = 1'000'000;
constexpr std::int64_t kFrameRateMax = 60;

}  // namespace

JsonFields::JsonFields(JsonView view, std::string_view document, std::optional<Error>& failure)
    : view_(std::move(view)), document_(document), failure_(&failure) {
    if (!view_.is_object()) fail("", "an object is expected");
}

void JsonFields::fail(std::string_view name, std::string_view what) {
    if (failure_->has_value()) return;
    *failure_ = Error{ErrorCode::invalid, document_ + " cannot be read: it is not in the form this version writes.",
                      document_ + ": '" + std::string(name) + "': " + std::string(what)};
}

std::optional<JsonView> JsonFields::member(std::string_view name) {
    if (failed()) return std::nullopt;
    auto found = view_.find(name);
    if (!found) fail(name, "is missing");
    return found;
}

bool JsonFields::has(std::string_view name) const {
    const auto found = view_.find(name);
    return found && !found->is_null();
}

std::int64_t JsonFields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto found = member(name);
    if (!found) return least > 0 ? least : 0;
    const auto value = found->integer();
    if (value && *value >= least && *value <= most) return *value;
    fail(name, value ? "is out of bounds" : "a whole number is expected");
    return least > 0 ? least : 0;
}

std::string JsonFields::text(std::string_view name, std::size_t bytes_max) {
    const auto found = member(name);
    if (!found) return {};
    const auto value = found->text();
    if (value && value->size() <= bytes_max) return std::string(*value);
    fail(name, value ? "is too long" : "a text is expected");
    return {};
}

bool JsonFields::flag(std::string_view name) {
    const auto found = member(name);
    if (!found) return false;
    const auto value = found->boolean();
    if (!value) fail(name, "true or false is expected");
    return value.value_or(false);
}

Rational JsonFields::rational(std::string_view name) {
    const auto found = member(name);
    if (!found) return {1, 1};
    if (found->is_array() && found->size() == 2) {
        const auto num = found->at(0).integer();
        const auto den = found->at(1).integer();
        const bool fits = num && den && *num > 0 && *den > 0 && *num <= kRationalTermMax && *den <= kRationalTermMax;
        if (fits) return {*num, *den};
    }
    fail(name, "two positive whole numbers are expected");
    return {1, 1};
}

Rational JsonFields::frame_rate(std::string_view name) {
    const auto rate = rational(name);
    const bool fits = rate.num <= kFrameRateTermMax && rate.den <= rate.num && rate.num <= rate.den * kFrameRateMax;
    if (!fits) fail(name, "is not between 1 and 60");
    return fits ? rate : Rational{25, 1};
}

JsonFields JsonFields::object(std::string_view name) {
    auto found = member(name);
    return JsonFields(found ? std::move(*found) : view_, document_, *failure_);
}

void JsonFields::each_value(std::string_view name, std::size_t count_max,
                            const std::function<void(const JsonView&)>& read) {
    const auto found = member(name);
    if (!found) return;
    if (!found->is_array()) return fail(name, "an array is expected");
    if (found->size() > count_max) return fail(name, "has too many elements");
    for (std::size_t index = 0; index < found->size() && !failed(); ++index) read(found->at(index));
}

void JsonFields::each(std::string_view name, std::size_t count_max, const std::function<void(JsonFields&)>& read) {
    each_value(name, count_max, [&](const JsonView& element) {
        JsonFields fields(element, document_, *failure_);
        if (!failed()) read(fields);
    });
}

Result<JsonView> parse_document(std::string_view text, std::string_view document) {
    if (text.size() > limits::kPlanJsonBytesMax)
        return movio::fail(ErrorCode::too_large,
                           std::string(document) + " is larger than any that this version writes.");
    return JsonView::parse(text);
}

void write_rational(JsonWriter& writer, std::string_view name, Rational value) {
    writer.key(name).begin_array().value(value.num).value(value.den).end_array();
}

}  // namespace movio::media
