#include "ledger/schemas.hpp"

namespace movio::ledger {
namespace {

using Schemas = std::map<std::string, std::string>;

Schemas job_schemas() {
    return {
        {"Priority", R"({"enum":["bulk","watched","watched_now","watched_first","interactive","publish","on_demand"],
            "description":"From what nobody waits for to what somebody waits for this very second."})"},
        {"TaskCounts", R"({"type":"object","required":["ready","blocked","leased","done","failed","cancelled"],
            "properties":{"ready":{"type":"integer","minimum":0},"blocked":{"type":"integer","minimum":0},
            "leased":{"type":"integer","minimum":0},"done":{"type":"integer","minimum":0},
            "failed":{"type":"integer","minimum":0},"cancelled":{"type":"integer","minimum":0}},
            "additionalProperties":false})"},
        {"WorkFailure", R"({"type":"object","required":["code","message","detail"],
            "properties":{"code":{"type":"string"},"message":{"type":"string"},"detail":{"type":"string"}},
            "additionalProperties":false})"},
        {"Job", R"({"type":"object",
            "required":["id","service","kind","about","video_id","owner_id","state","priority","percent",
            "created_at","ended_at","task_counts","failure"],
            "properties":{"id":{"type":"string","format":"uuid"},"service":{"enum":["worker","api","auth"]},
            "kind":{"type":"string"},
            "about":{"type":"string","description":"A film's file, else what the job works on as the ledger names it."},
            "video_id":{"type":["string","null"],"format":"uuid"},
            "owner_id":{"type":["string","null"],"format":"uuid"},
            "state":{"enum":["running","done","failed","cancelled"]},
            "priority":{"anyOf":[{"$ref":"#/components/schemas/Priority"},{"type":"null"}],
            "description":"Of the least urgent task that is not begun."},
            "percent":{"type":"integer","minimum":0,"maximum":100,"description":"By the tasks that are done."},
            "created_at":{"type":"string","format":"date-time"},
            "ended_at":{"type":["string","null"],"format":"date-time"},
            "task_counts":{"$ref":"#/components/schemas/TaskCounts"},
            "failure":{"anyOf":[{"$ref":"#/components/schemas/WorkFailure"},{"type":"null"}]}},
            "additionalProperties":false})"},
        {"JobPage", R"({"type":"object","required":["items","next"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Job"}},
            "next":{"type":["string","null"],"description":"The cursor of the page behind this one."}},
            "additionalProperties":false})"},
    };
}

Schemas task_schemas() {
    return {
        {"Task", R"({"type":"object",
            "required":["id","kind","key","state","priority","attempt","attempts_max","worker","percent","created_at",
            "started_at","ended_at","took_ms","next_attempt_at","failure"],
            "properties":{"id":{"type":"string","format":"uuid"},"kind":{"type":"string"},
            "key":{"type":"string","description":"What it makes."},
            "state":{"enum":["ready","blocked","leased","done","failed","cancelled"]},
            "priority":{"$ref":"#/components/schemas/Priority"},
            "attempt":{"type":"integer","minimum":0},"attempts_max":{"type":"integer","minimum":0},
            "worker":{"type":["string","null"],"description":"Who works on it, or did last."},
            "percent":{"type":["integer","null"],"minimum":0,"maximum":100,
            "description":"What its process says, while there is one."},
            "created_at":{"type":"string","format":"date-time"},
            "started_at":{"type":["string","null"],"format":"date-time","description":"The last attempt."},
            "ended_at":{"type":["string","null"],"format":"date-time"},
            "took_ms":{"type":["integer","null"],"minimum":0},
            "next_attempt_at":{"type":["string","null"],"format":"date-time"},
            "failure":{"anyOf":[{"$ref":"#/components/schemas/WorkFailure"},{"type":"null"}],
            "description":"Of the last attempt."}},"additionalProperties":false})"},
        {"JobTasks", R"({"type":"object",
            "required":["id","service","kind","about","video_id","owner_id","state","priority","percent",
            "created_at","ended_at","task_counts","failure",
            "tasks","tasks_left_out"],
            "properties":{"id":{"type":"string","format":"uuid"},"service":{"enum":["worker","api","auth"]},
            "kind":{"type":"string"},
            "about":{"type":"string","description":"A film's file, else what the job works on as the ledger names it."},
            "video_id":{"type":["string","null"],"format":"uuid"},
            "owner_id":{"type":["string","null"],"format":"uuid"},
            "state":{"enum":["running","done","failed","cancelled"]},
            "priority":{"anyOf":[{"$ref":"#/components/schemas/Priority"},{"type":"null"}],
            "description":"Of the least urgent task that is not begun."},
            "percent":{"type":"integer","minimum":0,"maximum":100,"description":"By the tasks that are done."},
            "created_at":{"type":"string","format":"date-time"},
            "ended_at":{"type":["string","null"],"format":"date-time"},
            "task_counts":{"$ref":"#/components/schemas/TaskCounts"},
            "failure":{"anyOf":[{"$ref":"#/components/schemas/WorkFailure"},{"type":"null"}]},
            "tasks":{"type":"array","items":{"$ref":"#/components/schemas/Task"}},
            "tasks_left_out":{"type":"integer","minimum":0,"description":"More than are shown."}},
            "additionalProperties":false})"},
    };
}

Schemas worker_schemas() {
    return {
        {"Worker", R"({"type":"object",
            "required":["service","name","host","pid","started_at","seen_at","cpu_ms","rss_bytes","classes","tasks",
            "processes"],
            "properties":{"service":{"enum":["worker","api","auth"]},
            "name":{"type":"string","description":"Who holds the leases."},"host":{"type":"string"},
            "pid":{"type":"integer","minimum":1},"started_at":{"type":["string","null"],"format":"date-time"},
            "seen_at":{"type":["string","null"],"format":"date-time","description":"Its last sign of life."},
            "cpu_ms":{"type":"integer","minimum":0,"description":"Of the whole program, its services together."},
            "rss_bytes":{"type":"integer","minimum":0,"description":"The same."},
            "classes":{"type":"array","items":{"$ref":"#/components/schemas/WorkClass"}},
            "tasks":{"type":"array","items":{"$ref":"#/components/schemas/TaskAtWork"}},
            "processes":{"type":"array","items":{"$ref":"#/components/schemas/WorkProcess"}}},
            "additionalProperties":false})"},
        {"WorkClass", R"({"type":"object","required":["name","at_least","slots","busy"],
            "properties":{"name":{"type":"string"},"at_least":{"$ref":"#/components/schemas/Priority"},
            "slots":{"type":"integer","minimum":0},"busy":{"type":"integer","minimum":0}},
            "additionalProperties":false})"},
        {"TaskAtWork", R"({"type":"object",
            "required":["id","job_id","kind","key","attempt","class","started_at"],
            "properties":{"id":{"type":"string","format":"uuid"},"job_id":{"type":"string","format":"uuid"},
            "kind":{"type":"string"},"key":{"type":"string"},"attempt":{"type":"integer","minimum":1},
            "class":{"type":["string","null"]},"started_at":{"type":"string","format":"date-time"}},
            "additionalProperties":false})"},
        {"WorkProcess", R"({"type":"object","description":"A media process.",
            "required":["pid","task_id","video_id","class","started_at","percent","cpu_ms","rss_bytes"],
            "properties":{"pid":{"type":"integer","minimum":1},"task_id":{"type":["string","null"],"format":"uuid"},
            "video_id":{"type":["string","null"],"format":"uuid"},"class":{"type":"string"},
            "started_at":{"type":"string","format":"date-time"},
            "percent":{"type":"integer","minimum":0,"maximum":100},
            "cpu_ms":{"type":"integer","minimum":0},"rss_bytes":{"type":"integer","minimum":0}},
            "additionalProperties":false})"},
        {"WorkerList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Worker"}}},
            "additionalProperties":false})"},
    };
}

Schemas queue_schemas() {
    return {
        {"Queue", R"({"type":"object",
            "required":["service","ready","blocked","leased","later","wishes","oldest_ready_at","classes","kinds"],
            "properties":{"service":{"enum":["worker","api","auth"]},
            "ready":{"type":"integer","minimum":0,"description":"What could be begun."},
            "blocked":{"type":"integer","minimum":0,"description":"What waits for others of its job."},
            "leased":{"type":"integer","minimum":0,"description":"What is worked on."},
            "later":{"type":"integer","minimum":0,"description":"Of what is ready: after a pause, having failed once."},
            "wishes":{"type":"integer","minimum":0,"description":"Segments that somebody waits for."},
            "oldest_ready_at":{"type":["string","null"],"format":"date-time"},
            "classes":{"type":"array","items":{"type":"object",
            "required":["name","at_least","slots","busy","ready","blocked","leased"],
            "properties":{"name":{"type":"string"},"at_least":{"$ref":"#/components/schemas/Priority"},
            "slots":{"type":"integer","minimum":0},"busy":{"type":"integer","minimum":0},
            "ready":{"type":"integer","minimum":0},"blocked":{"type":"integer","minimum":0},
            "leased":{"type":"integer","minimum":0}},"additionalProperties":false}},
            "kinds":{"type":"array","items":{"type":"object","required":["kind","ready","blocked","leased"],
            "properties":{"kind":{"type":"string"},"ready":{"type":"integer","minimum":0},
            "blocked":{"type":"integer","minimum":0},"leased":{"type":"integer","minimum":0}},
            "additionalProperties":false}}},"additionalProperties":false})"},
        {"QueueList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Queue"}}},
            "additionalProperties":false})"},
        {"RunningJobs", R"({"type":"object","required":["service","jobs","queue"],
            "properties":{"service":{"enum":["worker","api","auth"]},
            "jobs":{"type":"array","maxItems":50,"items":{"$ref":"#/components/schemas/Job"}},
            "queue":{"$ref":"#/components/schemas/Queue"}},"additionalProperties":false})"},
    };
}

}  // namespace

Schemas schemas() {
    Schemas all;
    for (auto some : {job_schemas(), task_schemas(), worker_schemas(), queue_schemas()}) all.merge(some);
    return all;
}

}  // namespace movio::ledger
