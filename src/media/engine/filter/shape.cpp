#include "media/engine/filter/shape.hpp"

#include <fmt/format.h>

namespace movio::media {
namespace {

constexpr int kBt709 = 1;
constexpr int kUnspecified = 2;
constexpr int kBt601Lines625 = 5;
constexpr int kBt601Lines525 = 6;
constexpr int kBt2020 = 9;
constexpr int kPq = 16;
constexpr int kHlg = 18;
constexpr int kHighDefinitionLines = 720;

bool is_bt601(int matrix) { return matrix == kBt601Lines625 || matrix == kBt601Lines525 || matrix == 4; }

// ITU-T H.273 matrix coefficients as libswscale names them.
const char* matrix_name(int matrix) {
    switch (matrix) {
        case kBt709: return "bt709";
        case 4: return "fcc";
        case kBt601Lines625:
        case kBt601Lines525: return "bt601";
        case 7: return "smpte240m";
        case 9:
        case 10: return "bt2020";
        default: return nullptr;
    }
}

int effective_matrix(int matrix, int lines) {
    if (matrix_name(matrix) != nullptr) return matrix;
    return lines >= kHighDefinitionLines ? kBt709 : kBt601Lines525;
}

bool is_rgb(const AVFrame& frame) {
    const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return pixels != nullptr && (pixels->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

}  // namespace

ColourInfo output_colour(const VideoInfo& video) {
    const auto matrix = effective_matrix(video.colour.matrix, video.height);
    if (needs_tone_mapping(video) || !is_bt601(matrix)) return {kBt709, kBt709, kBt709, false};
    const auto lines = matrix == kBt601Lines625 || video.height == 576 ? kBt601Lines625 : kBt601Lines525;
    return {lines, kBt601Lines525, matrix == kBt601Lines625 ? kBt601Lines625 : kBt601Lines525, false};
}

bool needs_tone_mapping(const VideoInfo& video) {
    return video.colour.transfer == kPq || video.colour.transfer == kHlg || video.colour.primaries == kBt2020;
}

PictureSize lying(const VideoInfo& video, PictureSize upright) {
    return video.rotation == 90 || video.rotation == 270 ? PictureSize{upright.height, upright.width} : upright;
}

std::vector<FilterStep> shared_steps(const VideoInfo& video, bool interlaced, PictureSize size) {
    std::vector<FilterStep> steps;
    if (interlaced) steps.push_back({"bwdif", "mode=send_frame:parity=auto:deint=interlaced"});
    if (!needs_tone_mapping(video)) return steps;
    const auto& colour = video.colour;
    const int transfer = colour.transfer == kUnspecified || colour.transfer == 0 ? kBt709 : colour.transfer;
    const int matrix = matrix_name(colour.matrix) != nullptr ? colour.matrix : kBt2020;
    // Small first: the mapping works in floating point, three planes of it.
    steps.push_back({"scale", fmt::format("w={}:h={}:flags=bicubic", size.width, size.height)});
    steps.push_back({"format", "pix_fmts=yuv420p10le"});
    steps.push_back(
        {"zscale", fmt::format("matrixin={}:transferin={}:primariesin={}:rangein={}:transfer=linear:npl=100", matrix,
                               transfer, kBt2020, colour.full_range ? "full" : "limited")});
    steps.push_back({"format", "pix_fmts=gbrpf32le"});
    steps.push_back({"zscale", "primaries=bt709"});
    if (transfer == kPq || transfer == kHlg) steps.push_back({"tonemap", "tonemap=hable:desat=0"});
    steps.push_back({"zscale", "transfer=bt709:matrix=bt709:range=limited"});
    steps.push_back({"format", "pix_fmts=yuv420p"});
    return steps;
}

std::vector<FilterStep> rendition_steps(const VideoInfo& video, const AVFrame& like, PictureSize size, Levels levels) {
    const bool mapped = needs_tone_mapping(video);
    const bool jpeg = levels == Levels::jpeg;
    const int in_matrix = mapped ? kBt709 : effective_matrix(video.colour.matrix, video.height);
    const int out_matrix = jpeg ? kBt601Lines525 : output_colour(video).matrix;
    const bool in_full = !mapped && (video.colour.full_range || like.color_range == AVCOL_RANGE_JPEG);
    const auto before = lying(video, size);
    auto options = fmt::format("w={}:h={}:flags=bicubic", before.width, before.height);
    // Said only where something changes: the scaler passes on untouched what it need not convert.
    if (in_matrix != out_matrix || in_full != jpeg || is_rgb(like)) {
        options += fmt::format(":out_color_matrix={}:out_range={}", matrix_name(out_matrix), jpeg ? "full" : "limited");
        if (!is_rgb(like)) {
            options +=
                fmt::format(":in_color_matrix={}:in_range={}", matrix_name(in_matrix), in_full ? "full" : "limited");
        }
    }
    std::vector<FilterStep> steps{{"scale", options}, {"format", jpeg ? "pix_fmts=yuvj420p" : "pix_fmts=yuv420p"}};
    if (video.mirrored) steps.push_back({"hflip", ""});
    if (video.rotation == 90) steps.push_back({"transpose", "dir=clock"});
    if (video.rotation == 270) steps.push_back({"transpose", "dir=cclock"});
    if (video.rotation == 180) {
        steps.push_back({"hflip", ""});
        steps.push_back({"vflip", ""});
    }
    steps.push_back({"setsar", "sar=1"});
    return steps;
}

}  // namespace movio::media
