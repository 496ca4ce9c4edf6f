#include "app/services/api_service.hpp"

#include "catalog/endpoints/videos.hpp"

namespace movio::app {

ApiService::ApiService(Platform& the_platform)
    : platform(the_platform),
      core(platform, "catalog", "api", runner_options(platform.settings, {{"background", 2, ledger::Priority::bulk}})),
      addresses(platform.settings.text("cdn.url")),
      catalog(core.database, watch, addresses),
      film_events(core.database, platform.blobs, core.ledger, watch),
      caption_import(core.database, platform.blobs, core.outbox, watch),
      uploads(core.database, platform.blobs, core.outbox, watch, platform.settings.integer("uploads.bytes_max")),
      film_cache(core.database, platform.blobs),
      media_service(film_cache, platform.blobs, platform.bus, segment_waits),
      cache_updates(watch.subscribe({}, [this](VideoId id) { film_cache.forget(id); })) {}

Awaitable<void> ApiService::start(bool work) {
    film_events.subscribe(platform.bus, platform.executor);
    segment_waits.subscribe(platform.bus, platform.executor);
    co_await core.release_leases();
    co_await uploads.recover();
    if (!work) co_return;
    caption_import.register_with(core.runner);
    core.start();
}

Awaitable<void> ApiService::stop() { return core.stop(); }

void ApiService::add_endpoints(http::Router& router) {
    catalog::add_video_endpoints(router, catalog);
    playback::add_media_endpoints(router, media_service);
}

}  // namespace movio::app
