#include "media/engine/av/report.hpp"

#include <array>
#include <cstdarg>
#include <deque>
#include <mutex>

#include "media/engine/av/compat.hpp"

namespace movio::media::av {
namespace {

constexpr std::size_t kLinesMax = 12;
constexpr std::size_t kAllocationBytesMax = 512U << 20;  // one 8K frame of 16 bits in 4:4:4 is 214 MB

// libav's log callback carries no user pointer, so this one object of the process is static.
struct LogRing {
    std::mutex mutex;
    std::deque<std::string> lines;
};

LogRing& ring() {
    static LogRing instance;
    return instance;
}

__attribute__((format(printf, 3, 0))) void on_log(void* object, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_WARNING) return;
    std::array<char, 512> line{};
    int print_prefix = 1;
    av_log_format_line2(object, level, format, arguments, line.data(), static_cast<int>(line.size()), &print_prefix);
    std::string text(line.data());
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.empty()) return;
    auto& log = ring();
    const std::scoped_lock lock(log.mutex);
    if (!log.lines.empty() && log.lines.back() == text) return;
    if (log.lines.size() == kLinesMax) log.lines.pop_front();
    log.lines.push_back(std::move(text));
}

}  // namespace

void set_up() {
    av_log_set_callback(on_log);
    av_max_alloc(kAllocationBytesMax);
    take_log();
}

std::string take_log() {
    auto& log = ring();
    const std::scoped_lock lock(log.mutex);
    std::string text;
    for (const auto& line : log.lines) {
        if (!text.empty()) text += "; ";
        text += line;
    }
    log.lines.clear();
    return text;
}

bool log_mentions(std::string_view text) {
    auto& log = ring();
    const std::scoped_lock lock(log.mutex);
    for (const auto& line : log.lines) {
        if (line.contains(text)) return true;
    }
    return false;
}

std::string error_text(int av_error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(av_error, text.data(), text.size());
    return text.data();
}

std::unexpected<MediaError> failed(MediaStage stage, ErrorCode code, std::string message, int av_error) {
    auto detail = error_text(av_error);
    if (const auto lines = take_log(); !lines.empty()) detail += ": " + lines;
    return bad_media(stage, code, std::move(message), std::move(detail));
}

}  // namespace movio::media::av
