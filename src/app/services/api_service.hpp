#pragma once
#include "adapters/fts5/search_index.hpp"
#include "app/services/platform.hpp"
#include "captions/caption_import.hpp"
#include "catalog/catalog.hpp"
#include "catalog/film_events.hpp"
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
    // Listens to the other services; `work`: takes tasks on.
    Awaitable<void> start(bool work);
    Awaitable<void> stop();
    void add_endpoints(http::Router& router);
    Awaitable<search::RebuildReport> rebuild_search();

    Platform& platform;
    ServiceCore core;
    catalog::FilmWatch watch;
    playback::MediaAddresses addresses;
    catalog::Catalog catalog;
    catalog::FilmEvents film_events;
    captions::CaptionImport caption_import;
    uploads::UploadService uploads;
    playback::FilmCache film_cache;
    playback::SegmentWaits segment_waits;
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
