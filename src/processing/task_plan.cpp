#include "processing/task_plan.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "media/format/pieces.hpp"

namespace movio::processing {
namespace {

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

// Puts together what makes blobs.
class BlobTasks {
public:
    BlobTasks(const media::Plan& plan, ledger::Priority priority) : plan_(plan), priority_(priority) {
        for (const auto& sound : plan.audio) heard_[sound.name] = 0;
    }

    void add_picture(std::int64_t first, std::int64_t end);
    void add_sound_until(std::int64_t end);
    void add_copies(std::int64_t first, std::int64_t end);
    void add_poster();
    ledger::Plan take() { return std::move(tasks_); }

private:
    // Only the beginning is urgent: a second film must not wait for its own beginning until the first one is whole.
    ledger::Priority urgency(std::int64_t first) const {
        if (first == 0) return priority_;
        return first < limits::kVideoTaskSegments ? soon() : ledger::Priority::bulk;
    }
    // What a film does not begin with is not as urgent as a film that does not play yet.
    ledger::Priority soon() const { return std::min(priority_, ledger::Priority::interactive); }

    const media::Plan& plan_;
    ledger::Priority priority_;
    std::map<std::string, std::int64_t> heard_;
    ledger::Plan tasks_;
};

void BlobTasks::add_picture(std::int64_t first, std::int64_t end) {
    auto rungs =
        segments_task(task_kind::kVideo, {"", first, end}, urgency(first), static_cast<int>((end - first) * 4));
    if (first == 0 && media::makes_ahead(plan_)) {
        tasks_.push_back(ahead_task(plan_, first, end, priority_));
        // Not at once: it would find nothing of the lowest rung there and make it, too.
        rungs.needs = {tasks_.back().key};
        rungs.priority = soon();
    }
    tasks_.push_back(std::move(rungs));
}

void BlobTasks::add_sound_until(std::int64_t end) {
    for (const auto& sound : plan_.audio) {
        for (auto& first = heard_[sound.name]; first < end;) {
            const auto piece = media::sound_piece(plan_, sound, first);
            // A film begins with its first track of sound.
            const auto how = &sound == &plan_.audio.front() ? urgency(first) : std::min(urgency(first), soon());
            tasks_.push_back(segments_task(task_kind::kAudio, {piece.rendition, piece.first, piece.end}, how, 1));
            first = piece.end;
        }
    }
}

void BlobTasks::add_copies(std::int64_t first, std::int64_t end) {
    for (const auto& rung : plan_.video) {
        // A film begins with its lowest rung; the copy is that only where nothing is encoded.
        const bool is_lowest = &rung == &plan_.video.front();
        for (auto k = first; rung.passthrough && k < end;) {
            const auto piece = media::copied_piece(plan_, rung.name, k);
            const auto how = is_lowest ? urgency(k) : std::min(urgency(k), soon());
            tasks_.push_back(segments_task(task_kind::kVideo, {rung.name, piece.first, piece.end}, how, 1));
            k = piece.end;
        }
    }
}

void BlobTasks::add_poster() {
    ledger::NewTask poster;
    poster.kind = task_kind::kPoster;
    poster.key = task_kind::kPoster;
    poster.priority = soon();
    tasks_.push_back(std::move(poster));
}

// Of all that is copied, by key.
std::vector<std::string> last_copies(const media::Plan& plan, const ledger::Plan& tasks) {
    std::vector<std::string> keys;
    const auto add_last = [&](const auto& rendition) {
        const auto is_of = [&](const ledger::NewTask& task) { return task.key.starts_with(rendition.name + "/"); };
        const auto found = std::find_if(tasks.rbegin(), tasks.rend(), is_of);
        if (rendition.passthrough && found != tasks.rend()) keys.push_back(found->key);
    };
    for (const auto& rung : plan.video) add_last(rung);
    for (const auto& sound : plan.audio) add_last(sound);
    return keys;
}

// The loudness of a film is that of its first sound track. One that is encoded is heard on its way through the encoder,
// one that is copied behind these tasks.
ledger::Plan levels_tasks(const media::Plan& plan, const std::vector<std::string>& behind) {
    ledger::Plan tasks;
    if (plan.audio.empty() || !plan.audio.front().passthrough) return tasks;
    const auto segments = plan.grid.segments();
    for (std::int64_t first = 0; first < segments; first += limits::kLevelsTaskSegments) {
        const auto end = std::min<std::int64_t>(segments, first + limits::kLevelsTaskSegments);
        const SegmentTask piece{plan.audio.front().name, first, end};
        auto& task = tasks.emplace_back(segments_task(task_kind::kLevels, piece, ledger::Priority::bulk, 1));
        task.key = fmt::format("{}/{}-{}", task_kind::kLevels, first, end);
        task.needs = behind;
    }
    return tasks;
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

ledger::NewTask ahead_task(const media::Plan& plan, std::int64_t first, std::int64_t end, ledger::Priority priority) {
    const auto& lowest = plan.video.front().name;
    auto task = segments_task(task_kind::kAhead, {lowest, first, end}, priority, 0);
    task.key = fmt::format("{}/ahead-{}-{}", lowest, first, end);
    return task;
}

ledger::Plan film_tasks(const media::Plan& plan, ledger::Priority priority) {
    const auto segments = plan.grid.segments();
    const bool encodes = !std::ranges::all_of(plan.video, &media::VideoRendition::passthrough);
    BlobTasks tasks(plan, priority);
    for (std::int64_t first = 0; first < segments;) {
        const auto end = encodes ? media::picture_piece_end(plan, first) : media::copied_piece(plan, {}, first).end;
        // Sound is little work beside an encoder, and no picture plays without it. Of copies the picture takes longer,
        // so it goes first: two processes are done soonest by that.
        if (first > 0 && encodes) tasks.add_sound_until(end);
        if (encodes)
            tasks.add_picture(first, end);
        else
            tasks.add_copies(first, end);
        tasks.add_sound_until(end);
        if (first == 0) {
            if (plan.has_video()) tasks.add_poster();
            if (encodes) tasks.add_copies(0, segments);
        }
        first = end;
    }
    auto header = tasks.take();
    auto levels = levels_tasks(plan, last_copies(plan, header));
    if (plan.has_video()) {
        ledger::NewTask images;
        images.kind = task_kind::kImages;
        images.key = task_kind::kImages;
        images.priority = ledger::Priority::bulk;
        header = ledger::chord(std::move(header), std::move(images));
    }
    std::ranges::move(levels, std::back_inserter(header));
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
