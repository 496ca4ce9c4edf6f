#include "base/json.hpp"

#include <cassert>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace movio {

namespace json = boost::json;

void JsonWriter::separate() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (first_.empty()) return;
    if (!first_.back()) out_ += ',';
    first_.back() = false;
}

JsonWriter& JsonWriter::begin_object() {
    separate();
    out_ += '{';
    first_.push_back(true);
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    assert(!first_.empty() && !after_key_);
    out_ += '}';
    first_.pop_back();
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    separate();
    out_ += '[';
    first_.push_back(true);
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    assert(!first_.empty() && !after_key_);
    out_ += ']';
    first_.pop_back();
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    value(name);
    out_ += ':';
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    out_ += '"';
    const std::string valid = to_valid_utf8(text);
    for (const char c : valid) {
        switch (c) {
            case '"': out_ += "\\\""; break;
            case '\\': out_ += "\\\\"; break;
            case '\n': out_ += "\\n"; break;
            case '\r': out_ += "\\r"; break;
            case '\t': out_ += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out_ += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
                else
                    out_ += c;
        }
    }
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
    separate();
    out_ += flag ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    separate();
    out_ += std::isfinite(number) ? fmt::format("{}", number) : "null";
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    separate();
    out_ += fmt::format("{}", number);
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

std::string JsonWriter::take() {
    assert(first_.empty());
    return std::move(out_);
}

struct JsonView::Document {
    json::value root;
};

namespace {

const json::value& node_of(const void* node) { return *static_cast<const json::value*>(node); }

}  // namespace

Result<JsonView> JsonView::parse(std::string_view text) {
    json::error_code error;
    json::parse_options options;
    options.max_depth = 32;
    auto document = std::make_shared<Document>();
    document->root = json::parse(text, error, {}, options);
    if (error) return fail(ErrorCode::invalid, "The text is not valid JSON: " + error.message());
    const void* root = &document->root;
    return JsonView(std::move(document), root);
}

bool JsonView::is_null() const { return node_of(node_).is_null(); }
bool JsonView::is_object() const { return node_of(node_).is_object(); }
bool JsonView::is_array() const { return node_of(node_).is_array(); }

std::optional<std::string_view> JsonView::text() const {
    const auto* found = node_of(node_).if_string();
    return found ? std::optional(std::string_view(found->data(), found->size())) : std::nullopt;
}

std::optional<std::int64_t> JsonView::integer() const {
    const auto& node = node_of(node_);
    if (const auto* found = node.if_int64()) return *found;
    return std::nullopt;
}

std::optional<double> JsonView::number() const {
    const auto& node = node_of(node_);
    if (const auto* found = node.if_double()) return *found;
    if (const auto* found = node.if_int64()) return static_cast<double>(*found);
    if (const auto* found = node.if_uint64()) return static_cast<double>(*found);
    return std::nullopt;
}

std::optional<bool> JsonView::boolean() const {
    const auto* found = node_of(node_).if_bool();
    return found ? std::optional(*found) : std::nullopt;
}

std::optional<JsonView> JsonView::find(std::string_view name) const {
    const auto* object = node_of(node_).if_object();
    if (object == nullptr) return std::nullopt;
    const auto* found = object->if_contains(name);
    if (found == nullptr) return std::nullopt;
    return JsonView(document_, found);
}

std::string JsonView::text_or(std::string_view name, std::string_view fallback) const {
    const auto member = find(name);
    const auto found = member ? member->text() : std::nullopt;
    return std::string(found.value_or(fallback));
}

std::int64_t JsonView::integer_or(std::string_view name, std::int64_t fallback) const {
    const auto member = find(name);
    return (member ? member->integer() : std::nullopt).value_or(fallback);
}

bool JsonView::boolean_or(std::string_view name, bool fallback) const {
    const auto member = find(name);
    return (member ? member->boolean() : std::nullopt).value_or(fallback);
}

std::size_t JsonView::size() const {
    const auto& node = node_of(node_);
    if (const auto* array = node.if_array()) return array->size();
    if (const auto* object = node.if_object()) return object->size();
    return 0;
}

JsonView JsonView::at(std::size_t index) const {
    static const json::value null;
    const auto& node = node_of(node_);
    if (index >= size()) return JsonView(document_, &null);
    if (const auto* object = node.if_object())
        return JsonView(document_, &(object->begin() + static_cast<std::ptrdiff_t>(index))->value());
    return JsonView(document_, &node.get_array()[index]);
}

std::string_view JsonView::name_at(std::size_t index) const {
    const auto* object = node_of(node_).if_object();
    if (object == nullptr || index >= object->size()) return {};
    const auto name = (object->begin() + static_cast<std::ptrdiff_t>(index))->key();
    return {name.data(), name.size()};
}

std::string JsonView::serialize() const { return json::serialize(node_of(node_)); }

}  // namespace movio
