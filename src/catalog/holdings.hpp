#pragma once
#include <cstdint>

#include "ports/database.hpp"

namespace movio::catalog {

// Films and the bytes of their files as they were uploaded.
struct Holdings {
    struct Part {
        std::int64_t films = 0;
        std::int64_t bytes = 0;
    };
    Part kept;
    Part trash;
    Part uploading;  // bytes: as announced
};

Awaitable<Holdings> holdings(Database& database);

}  // namespace movio::catalog
