#include "base/log.hpp"

#include <atomic>
#include <memory>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace movio {
namespace {

std::atomic<LogFormat> g_format{LogFormat::json};

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warn: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string_view level_name(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warn: return "warn";
        case LogLevel::error: return "error";
    }
    return "info";
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("movio", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::info);
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

std::string json_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    JsonWriter writer;
    writer.begin_object();
    writer.member("time", rfc3339(wall_now_us())).member("level", level_name(level)).member("event", event);
    for (const auto& field : fields) {
        writer.key(field.name);
        std::visit([&writer](const auto& value) { writer.value(value); }, field.value);
    }
    writer.end_object();
    return writer.take();
}

std::string text_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    std::string out = fmt::format("{} {:<5} {}", rfc3339(wall_now_us()).substr(11, 12), level_name(level), event);
    for (const auto& field : fields) {
        out += fmt::format(" {}=", field.name);
        std::visit([&out](const auto& value) { out += fmt::format("{}", value); }, field.value);
    }
    // A value with a line break must not look like a line of its own.
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return out;
}

}  // namespace

void configure_log(LogLevel lowest, LogFormat format) {
    g_format = format;
    logger().set_level(to_spdlog(lowest));
}

bool is_logged(LogLevel level) { return logger().should_log(to_spdlog(level)); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    auto& target = logger();
    if (!target.should_log(to_spdlog(level))) return;
    try {
        target.log(to_spdlog(level),
                   g_format == LogFormat::json ? json_line(level, event, fields) : text_line(level, event, fields));
    } catch (...) {
        // A line that cannot be written must not take the work with it.
    }
}

}  // namespace movio
