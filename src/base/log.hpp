#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace movio {

enum class LogLevel { debug, info, warn, error };
enum class LogFormat { json, text };

// One named value of a log line. Ids always, secrets never. Common names: video_id, job_id, task_id, request_id.
struct LogField {
    std::string_view name;
    std::variant<std::string, std::int64_t, double, bool> value;
};

// Called once, before other threads start. Lines go to standard error.
void configure_log(LogLevel lowest, LogFormat format);

// Whether a line of that level would be written, for callers whose fields cost something.
bool is_logged(LogLevel level);

// One line: {"time","level","event",fields…}. `event` is a short constant text ("segment stored"); what varies is a
// field. Thread-safe; never throws.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
inline void log_debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::debug, event, fields);
}
inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::info, event, fields);
}
inline void log_warn(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::warn, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::error, event, fields);
}

}  // namespace movio
