#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace movio {

// Writes JSON text front to back. Commas and escapes are its business, balance is the caller's (asserted).
// Invalid UTF-8 is written as U+FFFD, so the output is always valid JSON.
class JsonWriter {
public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(bool flag);
    JsonWriter& value(double number);
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& null();
    // Text that is already JSON, from another writer.
    JsonWriter& raw(std::string_view json);
    template <class T>
    JsonWriter& member(std::string_view name, const T& content) {
        key(name);
        return value(content);
    }
    template <class T>
    JsonWriter& member(std::string_view name, const std::optional<T>& content) {
        key(name);
        return content ? value(*content) : null();
    }
    std::string take();

private:
    void separate();

    std::string out_;
    std::vector<bool> first_;
    bool after_key_ = false;
};

// A read-only place in a parsed document; cheap to copy, keeps the document alive. Access to something of another
// kind gives nullopt, never throws.
class JsonView {
public:
    // Depth at most 32; the whole text must be one value.
    static Result<JsonView> parse(std::string_view text);

    bool is_null() const;
    bool is_object() const;
    bool is_array() const;
    std::optional<std::string_view> text() const;
    std::optional<std::int64_t> integer() const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;

    // Member of an object; nullopt when this is no object or has no such member.
    std::optional<JsonView> find(std::string_view name) const;
    // Member of that kind, or the fallback when it is absent or of another kind.
    std::string text_or(std::string_view name, std::string_view fallback) const;
    std::int64_t integer_or(std::string_view name, std::int64_t fallback) const;
    bool boolean_or(std::string_view name, bool fallback) const;

    // Elements of an array, or members of an object; 0 for anything else. Beyond the size there is null.
    std::size_t size() const;
    JsonView at(std::size_t index) const;
    std::string_view name_at(std::size_t index) const;
    std::string serialize() const;

private:
    struct Document;
    JsonView(std::shared_ptr<const Document> document, const void* node)
        : document_(std::move(document)), node_(node) {}

    std::shared_ptr<const Document> document_;
    const void* node_ = nullptr;
};

}  // namespace movio
