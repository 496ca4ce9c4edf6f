#include "app/services/worker_service.hpp"

#include "app/services/media_settings.hpp"
#include "base/log.hpp"
#include "processing/retention.hpp"

namespace movio::app {
namespace {

processing::FilmTaskOptions film_task_options(const Settings& settings, processing::EarlyIndexes& early) {
    processing::FilmTaskOptions options;
    options.early = &early;
    options.plan = plan_settings(settings);
    options.machine = machine_figures(settings);
    options.wall_limit = std::chrono::seconds(settings.integer("media.wall_limit"));
    return options;
}

std::vector<ledger::SlotClass> slot_classes(const Settings& settings) {
    return {{"on demand", static_cast<int>(settings.integer("media.on_demand_slots")), ledger::Priority::on_demand},
            {"interactive", static_cast<int>(settings.integer("media.interactive_slots")), ledger::Priority::publish},
            {"batch", static_cast<int>(settings.integer("media.batch_slots")), ledger::Priority::bulk}};
}

}  // namespace

WorkerService::WorkerService(Platform& the_platform)
    : platform(the_platform),
      core(platform, "processing", "worker", runner_options(platform.settings, slot_classes(platform.settings))),
      media(media_options(platform.settings, platform.options.media_executable)),
      early_indexes(platform.blobs, media, platform.executor,
                    {.wall_limit = std::chrono::seconds(platform.settings.integer("media.wall_limit"))}),
      film_tasks(core.database, platform.blobs, platform.bus, core.ledger, core.outbox, media,
                 film_task_options(platform.settings, early_indexes)),
      films(core.database, core.ledger, core.outbox, film_tasks.plans(), film_tasks.wishes(),
            platform.settings.text("media.source_retention")) {}

Awaitable<void> WorkerService::check_sandbox() {
    const auto level = co_await media.selftest();
    if (level) {
        log_info("the media process is confined", {{"level", level->text()}});
        co_return;
    }
    if (platform.settings.text("media.sandbox") == "required")
        throw Failure(
            "the media process could do what it must not; see the log, or set media.sandbox = \"best-effort\"");
    log_warn("the media process is not fully confined: hostile files may do harm");
}

void WorkerService::subscribe(bool work) {
    films.subscribe(platform.bus, platform.executor);
    if (work) early_indexes.subscribe(platform.bus);
}

Awaitable<void> WorkerService::start(bool work) {
    co_await core.release_leases();
    if (!work) co_return;
    film_tasks.register_with(core.runner);
    core.start();
}

Awaitable<void> WorkerService::stop() {
    co_await core.stop();
    co_await early_indexes.stop();
}

Awaitable<void> WorkerService::clean_up() { co_await processing::retire_sources(core.database, platform.blobs); }

}  // namespace movio::app
