#include "processing/task_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "media/format/sound.hpp"

namespace movio::processing {
namespace {

// The first tasks are short, so that a film plays soon after its index is there; then the full length.
std::int64_t video_task_length(std::int64_t first) {
    if (first == 0) return 1;
    return std::min<std::int64_t>(limits::kVideoTaskSegments, first * 2);
}

ledger::NewTask segments_task(std::string_view kind, const SegmentTask& segments, ledger::Priority priority,
                              int weight) {
    ledger::NewTask task;
    task.kind = kind;
    task.key = fmt::format("{}/{}-{}", segments.rendition.empty() ? std::string(kind) : segments.rendition,
                           segments.first, segments.end);
    task.args = to_json(segments);
    task.priority = priority;
    task.weight = weight;
    return task;
}

}  // namespace

std::string to_json(const SegmentTask& task) {
    JsonWriter json;
    json.begin_object()
        .member("rendition", task.rendition)
        .member("first", task.first)
        .member("end", task.end)
        .end_object();
    return json.take();
}

Result<SegmentTask> segment_task_from_json(std::string_view text) {
    const auto json = JsonView::parse(text);
    if (!json) return std::unexpected(json.error());
    SegmentTask task{json->text_or("rendition", ""), json->integer_or("first", -1), json->integer_or("end", -1)};
    if (task.first < 0 || task.end <= task.first)
        return fail(ErrorCode::internal, "a task names no segments", std::string(text));
    return task;
}

ledger::NewTask index_task(ledger::Priority priority) {
    ledger::NewTask task;
    task.kind = task_kind::kIndex;
    task.key = task_kind::kIndex;
    task.priority = priority;
    return task;
}

ledger::Plan film_tasks(const media::Plan& plan, ledger::Priority priority) {
    const std::int64_t segments = plan.grid.segments();
    ledger::Plan header;
    // Only the beginning is urgent: a second film must not wait for its own beginning until the first one is whole.
    const auto urgency = [priority](std::int64_t first) {
        if (first == 0) return priority;
        return first < limits::kVideoTaskSegments ? std::min(priority, ledger::Priority::interactive)
                                                  : ledger::Priority::bulk;
    };
    // Sound follows the picture by pieces, so that what is watched first is whole first.
    std::vector<std::int64_t> heard(plan.audio.size(), 0);
    const auto add_audio_until = [&](std::int64_t end) {
        for (std::size_t i = 0; i < heard.size(); ++i) {
            const auto piece = media::piece_segments(plan.audio[i]);
            for (auto& first = heard[i]; first < end; first += piece) {
                const SegmentTask task{plan.audio[i].name, first, std::min(segments, first + piece)};
                header.push_back(segments_task(task_kind::kAudio, task, urgency(first), 1));
            }
        }
    };
    const bool encodes = !std::ranges::all_of(plan.video, &media::VideoRendition::passthrough);
    // In long pieces, and before most of what is encoded: it costs little more than reading the source.
    const auto add_copies = [&] {
        for (const auto& rung : plan.video) {
            if (!rung.passthrough) continue;
            for (std::int64_t first = 0; first < segments; first += limits::kCopyTaskSegments) {
                const auto end = std::min<std::int64_t>(segments, first + limits::kCopyTaskSegments);
                // A film begins with its lowest rung; the copy is that only where nothing is encoded.
                const auto how = encodes ? std::min(urgency(first), ledger::Priority::interactive) : urgency(first);
                header.push_back(segments_task(task_kind::kVideo, {rung.name, first, end}, how, 1));
            }
        }
    };
    for (std::int64_t first = 0; first < segments;) {
        const std::int64_t end = encodes ? std::min(segments, first + video_task_length(first)) : segments;
        if (first == 0 && !encodes) add_copies();
        if (encodes) {
            const auto weight = static_cast<int>((end - first) * 4);
            header.push_back(segments_task(task_kind::kVideo, {"", first, end}, urgency(first), weight));
        }
        add_audio_until(end);
        if (first == 0 && plan.has_video()) {
            ledger::NewTask poster;
            poster.kind = task_kind::kPoster;
            poster.key = task_kind::kPoster;
            poster.priority = std::min(priority, ledger::Priority::interactive);
            header.push_back(std::move(poster));
        }
        if (first == 0 && encodes) add_copies();
        first = end;
    }
    if (plan.has_video()) {
        ledger::NewTask images;
        images.kind = task_kind::kImages;
        images.key = task_kind::kImages;
        images.priority = ledger::Priority::bulk;
        header = ledger::chord(std::move(header), std::move(images));
    }
    ledger::NewTask finish;
    finish.kind = task_kind::kFinish;
    finish.key = task_kind::kFinish;
    finish.priority = ledger::Priority::bulk;
    return ledger::chord(std::move(header), std::move(finish));
}

ledger::NewTask wanted_task(const std::string& rendition, std::int64_t n) {
    const std::int64_t k = std::max<std::int64_t>(n, 1) - 1;
    ledger::NewTask task;
    task.kind = task_kind::kSegment;
    task.key = fmt::format("{}/{}", rendition, k + 1);
    task.args = to_json(SegmentTask{rendition, k, k + 1});
    task.priority = ledger::Priority::on_demand;
    task.weight = 0;
    // It is tried while somebody waits; that the film has failed, its batch work says.
    task.attempts_max = limits::kTaskInterruptionsMax;
    return task;
}

}  // namespace movio::processing
