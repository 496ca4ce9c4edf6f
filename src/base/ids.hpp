#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace movio {

// A UUIDv7 (RFC 9562 §5.7): sorts by the millisecond it was made in. Text form is 36 characters in lower case.
class Uuid {
public:
    static constexpr std::size_t kTextLength = 36;

    Uuid() = default;
    // Thread-safe; values of one process are strictly increasing within a millisecond.
    static Uuid make();
    // Any UUID version, either case; nothing else.
    static std::optional<Uuid> parse(std::string_view text);

    std::string text() const;
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    bool is_nil() const { return bytes_ == std::array<std::uint8_t, 16>{}; }
    auto operator<=>(const Uuid&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

// Ids of different things are different types, so that they cannot be mixed up in a call.
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(Uuid value) : value_(value) {}
    static Id make() { return Id(Uuid::make()); }
    static std::optional<Id> parse(std::string_view text) {
        const auto value = Uuid::parse(text);
        return value ? std::optional(Id(*value)) : std::nullopt;
    }
    std::string text() const { return value_.text(); }
    const Uuid& uuid() const { return value_; }
    bool is_nil() const { return value_.is_nil(); }
    auto operator<=>(const Id&) const = default;

private:
    Uuid value_;
};

using VideoId = Id<struct VideoTag>;
using UserId = Id<struct UserTag>;
using GroupId = Id<struct GroupTag>;
using TrackId = Id<struct TrackTag>;
using JobId = Id<struct JobTag>;
using TaskId = Id<struct TaskTag>;
using EventId = Id<struct EventTag>;
using UploadId = Id<struct UploadTag>;

}  // namespace movio

template <>
struct std::hash<movio::Uuid> {
    std::size_t operator()(const movio::Uuid& id) const noexcept {
        std::size_t value = 14695981039346656037ULL;
        for (const auto byte : id.bytes()) value = (value ^ byte) * 1099511628211ULL;
        return value;
    }
};

template <class Tag>
struct std::hash<movio::Id<Tag>> {
    std::size_t operator()(const movio::Id<Tag>& id) const noexcept { return std::hash<movio::Uuid>{}(id.uuid()); }
};
