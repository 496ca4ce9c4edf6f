#include "media/format/vtt_tracks.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace movio::media {

namespace {

std::string vtt_time(std::int64_t ms) {
    return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

// WebVTT §4.1: these three would begin a tag, a character reference or an arrow.
std::string escaped(std::string_view title) {
    std::string text;
    for (const char letter : title) {
        if (letter == '&')
            text += "&amp;";
        else if (letter == '<')
            text += "&lt;";
        else if (letter == '>')
            text += "&gt;";
        else
            text += letter;
    }
    return text;
}

}  // namespace

std::string storyboard_sheet_name(std::int64_t n) { return fmt::format("storyboard-{}.jpg", n); }

std::string render_storyboard_vtt(const Plan& plan, const Storyboard& board) {
    const auto& grid = plan.grid;
    const auto ms = [&grid](std::int64_t frame) {
        return scale(std::min(frame, grid.frames_total()), grid.frame_ticks() * 1000, grid.timescale());
    };
    std::string text = "WEBVTT\n";
    for (std::int64_t tile = 0; tile < board.tiles; ++tile) {
        const auto start = ms(board.frame_of(tile));
        // A film of half a millisecond still has a cue that ends behind its beginning.
        const auto end = std::max(start + 1, ms(board.frame_of(tile + 1)));
        const auto place = tile % board.tiles_each();
        fmt::format_to(std::back_inserter(text), "\n{} --> {}\n{}#xywh={},{},{},{}\n", vtt_time(start), vtt_time(end),
                       storyboard_sheet_name(tile / board.tiles_each() + 1), place % board.columns * board.tile_width,
                       place / board.columns * board.tile_height, board.tile_width, board.tile_height);
    }
    return text;
}

std::string render_chapters_vtt(const Plan& plan) {
    if (plan.index.chapters.empty()) return {};
    std::string text = "WEBVTT\n";
    for (const auto& chapter : plan.index.chapters) {
        fmt::format_to(std::back_inserter(text), "\n{} --> {}\n{}\n", vtt_time(chapter.start_ms),
                       vtt_time(chapter.end_ms), escaped(chapter.title));
    }
    return text;
}

}  // namespace movio::media
