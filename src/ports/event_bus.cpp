#include "ports/event_bus.hpp"

#include <charconv>
#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace movio {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    if (text.size() < at + count) return std::nullopt;
    const char* begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + count, value);
    if (error != std::errc{} || end != begin + count || value < 0) return std::nullopt;
    return value;
}

// "2026-11-22T18:54:08.123Z", exactly as rfc3339() writes it.
std::optional<std::int64_t> time_us_from_text(std::string_view text) {
    if (text.size() != 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != '.' || text[23] != 'Z')
        return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    const auto ms = digits(text, 20, 3);
    if (!year || !month || !day || !hour || !minute || !second || !ms) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const auto time = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second) + milliseconds(*ms);
    return duration_cast<microseconds>(time.time_since_epoch()).count();
}

std::unexpected<Error> bad_event(std::string_view why) {
    return fail(ErrorCode::invalid, "the event cannot be read: " + std::string(why));
}

}  // namespace

std::string to_json(const Event& event) {
    JsonWriter out;
    out.begin_object().member("id", event.id.text()).member("type", event.type).member("version", event.version);
    out.member("time", rfc3339(event.time_us));
    out.member("video_id", event.video.is_nil() ? std::nullopt : std::optional(event.video.text()));
    out.member("revision", event.revision).key("data").raw(event.data).end_object();
    return out.take();
}

Result<Event> event_from_json(std::string_view text) {
    const auto root = JsonView::parse(text);
    if (!root) return bad_event("it is not JSON");
    if (!root->is_object()) return bad_event("it is not an object");
    Event event;
    const auto id = EventId::parse(root->text_or("id", ""));
    if (!id) return bad_event("'id' is not an id");
    event.id = *id;
    event.type = root->text_or("type", "");
    if (event.type.empty()) return bad_event("'type' is missing");
    event.version = static_cast<int>(root->integer_or("version", 1));
    const auto time_us = time_us_from_text(root->text_or("time", ""));
    if (!time_us) return bad_event("'time' is not RFC 3339 with milliseconds and Z");
    event.time_us = *time_us;
    if (const auto video = root->find("video_id"); video && !video->is_null()) {
        const auto parsed = VideoId::parse(video->text().value_or(""));
        if (!parsed) return bad_event("'video_id' is not an id");
        event.video = *parsed;
    }
    event.revision = static_cast<int>(root->integer_or("revision", 0));
    if (const auto data = root->find("data")) {
        if (!data->is_object()) return bad_event("'data' is not an object");
        event.data = data->serialize();
    }
    return event;
}

JsonView data_of(const Event& event) {
    auto data = JsonView::parse(event.data);
    if (!data) throw Failure("the data of event " + event.id.text() + " of type " + event.type + " is no JSON");
    return *data;
}

}  // namespace movio
