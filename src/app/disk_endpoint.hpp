#pragma once
#include <filesystem>
#include <string>

#include "async/pool.hpp"
#include "http/router.hpp"
#include "ports/database.hpp"

namespace movio::app {

struct DiskParts {
    std::filesystem::path data_dir;
    std::filesystem::path blobs;
    Pool* disk = nullptr;
    Database* catalog = nullptr;
};

// GET /api/v2/admin/disk: what the data folder takes, by part, what is free, what is in the trash and on its way.
// Counting files takes as long as there are many, so it is done at most once a minute. All of it outlives the router.
void add_disk_endpoint(http::Router& router, DiskParts parts);

// The schemas `Disk` and `DiskFilms`.
std::string disk_schema();
std::string disk_films_schema();

}  // namespace movio::app
