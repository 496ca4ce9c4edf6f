#include "processing/fill.hpp"

#include <algorithm>
#include <vector>

#include "base/limits.hpp"
#include "media/format/pieces.hpp"
#include "processing/task_plan.hpp"

namespace movio::processing {

using ledger::Priority;

void fill_from(SqlSession& session, const ledger::Ledger& ledger, JobId job, const media::Plan& plan, std::int64_t k) {
    const auto end = std::min(plan.grid.segments(), k + limits::kFillSegments);
    std::vector<TaskId> next;
    ledger::Plan lowest;
    for (const auto kind : {task_kind::kVideo, task_kind::kAudio}) {
        for (const auto& task : ledger.ready(session, job, kind)) {
            const auto segments = segment_task_from_json(task.args);
            // What has to be there for the beginning of a film has a better place already.
            if (!segments || segments->end <= k || segments->first >= end || task.priority > Priority::watched_now)
                continue;
            next.push_back(task.id);
            // A quarter of the work of all rungs or less.
            if (media::makes_ahead(plan) && kind == task_kind::kVideo && segments->rendition.empty())
                lowest.push_back(ahead_task(plan, segments->first, segments->end, Priority::watched_first));
        }
    }
    // Where somebody was goes before where nobody has been.
    ledger.change_priority(session, job, Priority::watched_now, Priority::watched);
    ledger.set_priority(session, next, Priority::watched_now);
    if (lowest.empty()) return;
    ledger.add_tasks(session, job, lowest);
    ledger.drop_ready(session, job, task_kind::kAhead, limits::kFillTasksMax);
}

}  // namespace movio::processing
