#include "media/engine/images/picture_figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace movio::media {
namespace {

constexpr int kPointsAcross = 160;
constexpr int kPointsDown = 90;
constexpr int kBlackBelow = 26;  // a tenth of the range
// What is compared lies as far apart as pixels of a picture 640 wide: detail as seen, not the grain of the camera.
constexpr int kDetailWidth = 640;
constexpr auto kUnreadableFormats = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                                    AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_FLOAT;

// The luma of a picture (green, where there is none) as 0 to 255.
class Luma {
public:
    static std::optional<Luma> of(const AVFrame& picture, bool full_range) {
        const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
        if (pixels == nullptr || (pixels->flags & kUnreadableFormats) != 0) return std::nullopt;
        const bool rgb = (pixels->flags & AV_PIX_FMT_FLAG_RGB) != 0;
        const auto& component = pixels->comp[rgb ? 1 : 0];
        if (component.depth < 8 || component.depth > 16 || picture.data[component.plane] == nullptr)
            return std::nullopt;
        return Luma(picture, component, full_range || rgb);
    }

    int at(int x, int y) const {
        const auto* place = data_ + static_cast<std::ptrdiff_t>(y) * line_ + static_cast<std::ptrdiff_t>(x) * step_;
        int value = *place;
        if (wide_) {
            std::uint16_t sample = 0;
            std::memcpy(&sample, place, sizeof sample);
            value = (sample >> shift_) & 0xFF;
        }
        return full_ ? value : std::clamp((value - 16) * 255 / 219, 0, 255);
    }
    int width() const { return width_; }
    int height() const { return height_; }
    int across() const { return std::min(width_, kPointsAcross); }
    int down() const { return std::min(height_, kPointsDown); }
    int x_of(int point) const { return (2 * point + 1) * width_ / (2 * across()); }
    int y_of(int point) const { return (2 * point + 1) * height_ / (2 * down()); }

private:
    Luma(const AVFrame& picture, const AVComponentDescriptor& component, bool full)
        : data_(picture.data[component.plane] + component.offset),
          line_(picture.linesize[component.plane]),
          step_(component.step),
          wide_(component.depth > 8),
          shift_(component.shift + component.depth - 8),
          full_(full),
          width_(picture.width),
          height_(picture.height) {}

    const std::uint8_t* data_;
    int line_;
    int step_;
    bool wide_;
    int shift_;
    bool full_;
    int width_;
    int height_;
};

struct Sums {
    std::int64_t points = 0;
    std::int64_t level = 0;
    std::int64_t squares = 0;
    std::int64_t black = 0;
    std::int64_t inner = 0;  // points with neighbours on all sides
    std::int64_t detail = 0;
};

Sums sums_of(const Luma& luma) {
    Sums sums;
    const int distance = std::max(1, luma.width() / kDetailWidth);
    for (int row = 0; row < luma.down(); ++row) {
        const int y = luma.y_of(row);
        for (int column = 0; column < luma.across(); ++column) {
            const int x = luma.x_of(column);
            const int level = luma.at(x, y);
            ++sums.points;
            sums.level += level;
            sums.squares += std::int64_t{level} * level;
            sums.black += level < kBlackBelow ? 1 : 0;
            const bool inner =
                x >= distance && y >= distance && x + distance < luma.width() && y + distance < luma.height();
            if (!inner) continue;
            ++sums.inner;
            sums.detail += std::abs(4 * level - luma.at(x - distance, y) - luma.at(x + distance, y) -
                                    luma.at(x, y - distance) - luma.at(x, y + distance));
        }
    }
    return sums;
}

}  // namespace

std::optional<PictureFigures> measure_picture(const AVFrame& picture, bool full_range) {
    const auto luma = Luma::of(picture, full_range);
    if (!luma || picture.width <= 0 || picture.height <= 0) return std::nullopt;
    const auto sums = sums_of(*luma);
    PictureFigures figures;
    const auto mean = sums.level / sums.points;
    const auto variance = std::max<std::int64_t>(0, sums.squares / sums.points - mean * mean);
    figures.luma = static_cast<int>(mean);
    figures.contrast = std::min(255, static_cast<int>(std::lround(std::sqrt(static_cast<double>(variance)))));
    // A quarter of the sum is the mean difference; in sixteenths.
    if (sums.inner > 0) figures.sharpness = static_cast<int>(sums.detail * 4 / sums.inner);
    figures.black = static_cast<int>(sums.black * 1000 / sums.points);
    return figures;
}

std::optional<int> black_share(const AVFrame& picture, bool full_range) {
    const auto luma = Luma::of(picture, full_range);
    if (!luma || picture.width <= 0 || picture.height <= 0) return std::nullopt;
    std::int64_t black = 0;
    for (int row = 0; row < luma->down(); ++row) {
        const int y = luma->y_of(row);
        for (int column = 0; column < luma->across(); ++column)
            black += luma->at(luma->x_of(column), y) < kBlackBelow ? 1 : 0;
    }
    return static_cast<int>(black * 1000 / (std::int64_t{luma->across()} * luma->down()));
}

}  // namespace movio::media
