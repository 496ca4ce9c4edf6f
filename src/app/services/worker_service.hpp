#pragma once
#include "app/services/platform.hpp"
#include "processing/film_service.hpp"
#include "processing/film_tasks.hpp"
#include "sandbox/media_process.hpp"

namespace movio::app {

// Everything that opens a media file.
struct WorkerService {
    explicit WorkerService(Platform& platform);

    // Throws Failure when the media process could do what it must not and the settings do not allow it.
    Awaitable<void> check_sandbox();
    // Listens to the other services; before any of them starts.
    void subscribe(bool work);
    // `work`: takes tasks on and tells the other services what happens.
    Awaitable<void> start(bool work);
    Awaitable<void> stop();
    // Removes sources whose days are over.
    Awaitable<void> clean_up();

    Platform& platform;
    ServiceCore core;
    sandbox::MediaProcesses media;
    processing::EarlyIndexes early_indexes;
    processing::FilmTasks film_tasks;
    processing::FilmService films;
};

}  // namespace movio::app
