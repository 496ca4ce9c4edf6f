#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace movio::app {

// One line on standard error that is drawn over and over; a line for every tenth where it is no terminal.
class ProgressBar {
public:
    explicit ProgressBar(std::string name);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    // `seconds_left` below 0 is unknown.
    void show(int percent, std::string_view stage, std::int64_t seconds_left);

private:
    std::string name_;
    std::string drawn_;
    std::int64_t drawn_us_ = 0;
    int tenth_ = -1;
    bool terminal_;
};

}  // namespace movio::app
