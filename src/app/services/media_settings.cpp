#include "app/services/media_settings.hpp"

#include <algorithm>
#include <thread>

#include "app/services/platform.hpp"
#include "app/setting_values.hpp"
#include "base/limits.hpp"

namespace movio::app {

media::PlanSettings plan_settings(const Settings& settings) {
    media::PlanSettings plan;
    plan.rungs.clear();
    for (const auto& rung : checked(parse_rungs(settings.text("media.rungs"))))
        plan.rungs.push_back({rung.height, rung.cap_kbps});
    plan.height_max = static_cast<int>(settings.integer("media.height_max"));
    plan.passthrough = settings.flag("media.passthrough");
    plan.passthrough_kbps_max = static_cast<int>(settings.integer("media.passthrough_kbps_max"));
    plan.crf = static_cast<int>(settings.integer("media.crf"));
    plan.preset = settings.text("media.preset");
    return plan;
}

media::MachineFigures machine_figures(const Settings& settings) {
    const auto there = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto most = static_cast<int>(settings.integer("media.max_cpus"));
    return {.processors = most > 0 ? std::min(there, most) : there,
            .processes = static_cast<int>(settings.integer("media.batch_slots"))};
}

sandbox::MediaProcessOptions media_options(const Settings& settings, int executable) {
    sandbox::MediaProcessOptions options;
    options.executable = "movio-media";
    options.executable_descriptor = executable;
    options.growing_max = limits::kEarlyIndexesMax;
    options.processes_max =
        static_cast<std::size_t>(settings.integer("media.batch_slots") + settings.integer("media.interactive_slots") +
                                 settings.integer("media.on_demand_slots"));
    options.cpus_max = static_cast<int>(settings.integer("media.max_cpus"));
    return options;
}

}  // namespace movio::app
