#pragma once

namespace movio {

// Asks the kernel for short turns of the calling thread: when it wakes, it goes before threads that are in the middle
// of a long turn. For threads that answer somebody and never compute for long. sched_setattr(2), `sched_runtime` of
// SCHED_OTHER, which Linux heeds since 6.12; before that nothing changes.
void ask_for_short_turns() noexcept;

}  // namespace movio
