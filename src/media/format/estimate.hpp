#pragma once
#include "base/json.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// What the making of a film is done with.
struct MachineFigures {
    int processors = 2;
    int processes = 2;  // media processes that do batch work at once
};

// Foretells what a plan costs, before a frame of it is decoded: a pure function of both. The figures of the model were
// measured on one machine (docs/performance.md says how) and hold for a machine that has nothing else to do.
Estimate estimate(const Plan& plan, const MachineFigures& machine);

// {playable_ms, complete_ms, cpu_ms, bytes, renditions: [{name, bytes}]}: how the API and `movio plan --json` show what
// was foretold and what it took alike.
void write_estimate(JsonWriter& writer, const Estimate& estimate);

}  // namespace movio::media
