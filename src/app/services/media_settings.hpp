#pragma once
#include "app/settings.hpp"
#include "media/format/estimate.hpp"
#include "media/format/plan.hpp"
#include "sandbox/media_process.hpp"

namespace movio::app {

// What the settings say of planning and making films; for the worker and for `movio plan`, which foretells its work.
media::PlanSettings plan_settings(const Settings& settings);
// With the processors that this process may use.
media::MachineFigures machine_figures(const Settings& settings);
// `executable` is a descriptor opened with O_PATH.
sandbox::MediaProcessOptions media_options(const Settings& settings, int executable);

}  // namespace movio::app
