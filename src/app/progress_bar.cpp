#include "app/progress_bar.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.hpp"

namespace movio::app {
namespace {

constexpr int kWidth = 30;
constexpr std::int64_t kDrawEveryUs = 100'000;

std::string time_left(std::int64_t seconds) {
    if (seconds < 0) return "";
    if (seconds >= 3600) return fmt::format(", {} h {} min left", seconds / 3600, seconds / 60 % 60);
    if (seconds >= 60) return fmt::format(", {} min {} s left", seconds / 60, seconds % 60);
    return fmt::format(", {} s left", seconds);
}

}  // namespace

ProgressBar::ProgressBar(std::string name) : name_(std::move(name)), terminal_(isatty(STDERR_FILENO) == 1) {
    for (char& c : name_)
        if (static_cast<unsigned char>(c) < 0x20) c = '?';
}

ProgressBar::~ProgressBar() {
    if (terminal_ && !drawn_.empty()) std::fputc('\n', stderr);
}

void ProgressBar::show(int percent, std::string_view stage, std::int64_t seconds_left) {
    percent = std::clamp(percent, 0, 100);
    if (!terminal_) {
        if (percent / 10 == tenth_) return;
        tenth_ = percent / 10;
        fmt::print(stderr, "{}: {} % {}{}\n", name_, percent, stage, time_left(seconds_left));
        return;
    }
    const auto now = steady_now_us();
    if (percent < 100 && now - drawn_us_ < kDrawEveryUs) return;
    const int filled = percent * kWidth / 100;
    std::string line = fmt::format("{} [{}{}] {:3} % {}{}", name_, std::string(static_cast<std::size_t>(filled), '#'),
                                   std::string(static_cast<std::size_t>(kWidth - filled), '.'), percent, stage,
                                   time_left(seconds_left));
    if (line == drawn_) return;
    drawn_us_ = now;
    const std::size_t gone = drawn_.size() > line.size() ? drawn_.size() - line.size() : 0;
    fmt::print(stderr, "\r{}{}", line, std::string(gone, ' '));
    std::fflush(stderr);
    drawn_ = std::move(line);
}

}  // namespace movio::app
