#include "media/engine/index/chapter_scan.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "media/engine/index/tags.hpp"

namespace movio::media {
namespace {

// Beyond any film; libav says INT64_MIN for a time that overflows or is not known.
constexpr std::int64_t kFarMs = kClockSecondsMax * 1000;

std::int64_t milliseconds(std::int64_t time, AVRational time_base) {
    if (time_base.num <= 0 || time_base.den <= 0) return INT64_MIN;
    return av_rescale_q_rnd(time, time_base, {1, 1000},
                            static_cast<AVRounding>(AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX));
}

}  // namespace

std::vector<Chapter> read_chapters(const AVFormatContext& context, std::int64_t time_zero_us,
                                   std::int64_t duration_us) {
    const auto zero_ms = scale(time_zero_us, 1, 1000);
    const auto film_ms = scale(duration_us, 1, 1000);
    std::vector<Chapter> chapters;
    for (unsigned i = 0; i < context.nb_chapters && chapters.size() < limits::kChaptersMax; ++i) {
        const auto& chapter = *context.chapters[i];
        const auto start = milliseconds(chapter.start, chapter.time_base);
        const auto end = milliseconds(chapter.end, chapter.time_base);
        if (start < -kFarMs || start > kFarMs) continue;
        const bool open = end < -kFarMs || end > kFarMs;
        chapters.push_back({std::clamp<std::int64_t>(start - zero_ms, 0, film_ms),
                            open ? film_ms : std::clamp<std::int64_t>(end - zero_ms, 0, film_ms),
                            tag_text(chapter.metadata, "title")});
    }
    std::ranges::sort(chapters, {}, [](const Chapter& chapter) { return std::pair(chapter.start_ms, chapter.end_ms); });
    // One that ends where nothing begins goes on to the next; parts of others (Matroska nests them) cut these short.
    for (std::size_t i = 0; i < chapters.size(); ++i) {
        const auto next = i + 1 < chapters.size() ? chapters[i + 1].start_ms : film_ms;
        auto& chapter = chapters[i];
        chapter.end_ms = chapter.end_ms <= chapter.start_ms ? next : std::min(chapter.end_ms, next);
    }
    std::erase_if(chapters, [](const Chapter& chapter) { return chapter.end_ms <= chapter.start_ms; });
    for (std::size_t i = 0; i < chapters.size(); ++i)
        if (chapters[i].title.empty()) chapters[i].title = "Chapter " + std::to_string(i + 1);
    return chapters;
}

}  // namespace movio::media
