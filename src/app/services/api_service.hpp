#pragma once
#include "adapters/fts5/search_index.hpp"
#include "app/services/platform.hpp"
#include "audit/trail.hpp"
#include "captions/caption_import.hpp"
#include "catalog/catalog.hpp"
#include "catalog/decisions.hpp"
#include "catalog/embed_links.hpp"
#include "catalog/endpoints/kept_answers.hpp"
#include "catalog/film_edits.hpp"
#include "catalog/film_events.hpp"
#include "catalog/grants.hpp"
#include "catalog/groups.hpp"
#include "catalog/quotas.hpp"
#include "catalog/reports.hpp"
#include "catalog/trash.hpp"
#include "catalog/users.hpp"
#include "catalog/v1_films.hpp"
#include "http/router.hpp"
#include "playback/endpoints/media.hpp"
#include "search/rebuild.hpp"
#include "search/search.hpp"
#include "search/search_feed.hpp"
#include "uploads/upload_service.hpp"

namespace movio::app {

// Films as people see them: uploads, lists, playback, captions, search.
struct ApiService {
    explicit ApiService(Platform& platform);

    Awaitable<void> migrate_databases();
    // Listens to the other services; before any of them starts.
    void subscribe();
    // `work`: takes tasks on and tells the other services what happens.
    Awaitable<void> start(bool work);
    Awaitable<void> stop();
    void add_endpoints(http::Router& router);
    Awaitable<search::RebuildReport> rebuild_search();
    // Ends what has lain in the trash for too long.
    Awaitable<void> clean_up();

    Platform& platform;
    ServiceCore core;
    catalog::FilmWatch watch;
    playback::MediaTokens media_tokens;
    playback::MediaAddresses addresses;      // of the CDN where there is one
    playback::MediaAddresses own_addresses;  // of this server
    catalog::Catalog catalog;
    catalog::FilmEdits film_edits;
    catalog::FilmEvents film_events;
    catalog::V1Films v1_films;
    catalog::Trash trash;
    catalog::Users users;
    catalog::Grants grants;
    catalog::EmbedLinks embed_links;
    catalog::Groups groups;
    catalog::Reports reports;
    catalog::Decisions decisions;
    catalog::Quotas quotas;
    audit::Trail trail;
    catalog::KeptAnswers kept_answers;
    captions::CaptionImport caption_import;
    uploads::UploadService uploads;
    playback::MediaGuard media_guard;
    playback::FilmCache film_cache;
    playback::SegmentWaits segment_waits;
    playback::WishBounds wish_bounds;
    playback::MediaService media_service;
    catalog::FilmWatch::Subscription cache_updates;
    SqliteDatabase search_database;
    Fts5SearchIndex search_index;
    search::Search search;
    search::SearchFeed search_feed;

private:
    // An index that is empty beside a catalog that is not: new, or its file was removed.
    Awaitable<void> fill_empty_index();
    Awaitable<ledger::TaskOutcome> fill_index();
};

}  // namespace movio::app
