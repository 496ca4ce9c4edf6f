#pragma once
#include "app/services/platform.hpp"
#include "captions/caption_import.hpp"
#include "catalog/catalog.hpp"
#include "catalog/film_events.hpp"
#include "http/router.hpp"
#include "playback/endpoints/media.hpp"
#include "uploads/upload_service.hpp"

namespace movio::app {

// Films as people see them: uploads, lists, playback, captions.
struct ApiService {
    explicit ApiService(Platform& platform);

    // Listens to the other services; `work`: takes tasks on.
    Awaitable<void> start(bool work);
    Awaitable<void> stop();
    void add_endpoints(http::Router& router);

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
};

}  // namespace movio::app
