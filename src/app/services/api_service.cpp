#include "app/services/api_service.hpp"

#include <fmt/format.h>

#include "adapters/sql/migrate.hpp"
#include "app/public_server.hpp"
#include "app/quota_settings.hpp"
#include "app/rate_table.hpp"
#include "base/log.hpp"
#include "catalog/endpoints/quota.hpp"
#include "catalog/endpoints/reports.hpp"
#include "catalog/endpoints/v1_videos.hpp"
#include "catalog/endpoints/videos.hpp"
#include "embedding/endpoints/embed_links.hpp"
#include "embedding/endpoints/oembed.hpp"
#include "embedding/endpoints/pages.hpp"
#include "search/endpoints/search_endpoints.hpp"
#include "uploads/endpoints/v1_upload.hpp"

namespace movio::app {
namespace {

playback::MacForm mac_form(const Settings& settings) {
    return settings.text("playback.address_mac") == "secure-link-md5" ? playback::MacForm::secure_link_md5
                                                                      : playback::MacForm::hmac_sha256;
}

std::chrono::seconds address_begins(const Settings& settings) {
    return std::chrono::seconds(settings.integer("playback.address_seconds"));
}

std::chrono::days trash_days(const Settings& settings) {
    return std::chrono::days(settings.integer("videos.trash_days"));
}

catalog::DefaultVisibility default_visibility(const Settings& settings) {
    catalog::DefaultVisibility out;
    out.all = settings.text("videos.visibility");
    for (const auto role : {access::Role::uploader, access::Role::moderator, access::Role::admin}) {
        const auto& level = settings.text(fmt::format("videos.visibility_{}", to_text(role)));
        if (level != "default") out.by_role[role] = level;
    }
    return out;
}

}  // namespace

ApiService::ApiService(Platform& the_platform)
    : platform(the_platform),
      core(platform, "catalog", "api", runner_options(platform.settings, {{"background", 2, ledger::Priority::bulk}})),
      media_tokens(platform.media_keys, mac_form(platform.settings)),
      addresses(platform.settings.text("cdn.url"), media_tokens, address_begins(platform.settings)),
      own_addresses("", media_tokens, address_begins(platform.settings)),
      catalog(core.database, watch, addresses, trash_days(platform.settings)),
      film_edits(core.database, core.outbox, watch),
      film_events(core.database, platform.blobs, core.ledger, core.outbox, watch),
      v1_films(core.database, watch, own_addresses, addresses),
      trash(core.database, platform.blobs, core.ledger, core.outbox, watch, {.keep = trash_days(platform.settings)}),
      users(core.database, core.outbox, watch),
      grants(core.database),
      embed_links(core.database),
      groups(core.database, watch),
      reports(core.database),
      decisions(core.database, core.outbox, watch),
      quotas(core.database, checked(role_quotas(platform.settings)),
             access::role_from_text(platform.settings.text("accounts.signup_role"))),
      trail(core.database, std::chrono::days(platform.settings.integer("audit.days"))),
      kept_answers(core.database),
      caption_import(core.database, platform.blobs, core.outbox, watch),
      uploads(core.database, platform.blobs, core.outbox, platform.bus, watch,
              {.bytes_max = platform.settings.integer("uploads.bytes_max"),
               .visibility = default_visibility(platform.settings),
               .quotas = &quotas}),
      media_guard(media_tokens, users, core.database),
      film_cache(core.database, platform.blobs),
      media_service(film_cache, media_guard, platform.blobs, platform.bus, segment_waits, wish_bounds,
                    take_rate_from(platform.limiter, checked(RateTable::of(platform.settings)))),
      cache_updates(watch.subscribe({}, [this](VideoId id) { film_cache.forget(id); })),
      search_database(SqliteOptions{.file = platform.options.data_dir / "search.db"}),
      search_index(search_database),
      search(search_index, core.database, addresses),
      search_feed(core.database, search_index) {}

Awaitable<void> ApiService::migrate_databases() {
    co_await core.migrate_database();
    co_await migrate(search_database, "search");
}

Awaitable<void> ApiService::fill_empty_index() {
    if (!(co_await search_index.films(std::nullopt, 1)).empty()) co_return;
    co_await core.database.write([this](SqlSession& session) {
        if (session.run("SELECT 1 FROM videos LIMIT 1").empty()) return;
        const auto job = core.ledger.add_job(session, {"search.rebuild", "index", ledger::Priority::bulk});
        core.ledger.add_tasks(session, job.id, {{.kind = "search.rebuild", .key = "rebuild"}});
    });
}

Awaitable<void> ApiService::clean_up() {
    co_await trash.purge();
    co_await grants.clean_up();
    co_await embed_links.clean_up();
    co_await kept_answers.clean_up();
    co_await trail.clean_up();
}

Awaitable<ledger::TaskOutcome> ApiService::fill_index() {
    const auto report = co_await rebuild_search();
    log_info("the search index is made", {{"films", report.films}});
    co_return ledger::Done{};
}

Awaitable<search::RebuildReport> ApiService::rebuild_search() {
    co_return co_await search::rebuild(core.database, search_index);
}

void ApiService::subscribe() {
    users.subscribe(platform.bus, platform.executor);
    grants.subscribe(platform.bus, platform.executor);
    groups.subscribe(platform.bus, platform.executor);
    film_events.subscribe(platform.bus, platform.executor);
    segment_waits.subscribe(platform.bus, platform.executor);
    search_feed.subscribe(platform.bus, platform.executor);
}

Awaitable<void> ApiService::start(bool work) {
    co_await core.release_leases();
    co_await uploads.recover();
    if (!work) co_return;
    caption_import.register_with(core.runner);
    trash.register_with(core.runner);
    core.runner.handle("search.rebuild", [this](ledger::LeasedTask, std::stop_token) { return fill_index(); });
    co_await fill_empty_index();
    core.start();
}

Awaitable<void> ApiService::stop() { return core.stop(); }

void ApiService::add_endpoints(http::Router& router) {
    uploads::add_v1_upload_endpoint(router, uploads);
    catalog::add_v1_video_endpoints(router, v1_films);
    catalog::add_video_endpoints(router, catalog, film_edits, default_visibility(platform.settings));
    catalog::add_quota_endpoint(router, quotas);
    catalog::add_report_endpoints(router, reports, decisions);
    playback::add_media_endpoints(router, media_service);
    search::add_search_endpoints(router, search);
    const auto pages = film_pages(platform.settings);
    embedding::add_page_endpoints(router, catalog, embed_links, pages);
    embedding::add_embed_link_endpoints(router, catalog, embed_links, pages.login_required);
    embedding::add_oembed_endpoint(router, catalog, pages.login_required);
}

}  // namespace movio::app
