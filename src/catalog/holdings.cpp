#include "catalog/holdings.hpp"

namespace movio::catalog {

Awaitable<Holdings> holdings(Database& database) {
    auto body = [](SqlSession& session) {
        return session.run(
            "SELECT CASE WHEN status = 'uploading' THEN 'uploading' WHEN deleted_us IS NOT NULL THEN 'trash' "
            "ELSE 'kept' END, COUNT(*), SUM(source_bytes) FROM videos GROUP BY 1");
    };
    Holdings found;
    for (const auto& row : (co_await database.read(body)).rows) {
        auto& part = row.text(0) == "uploading" ? found.uploading : row.text(0) == "trash" ? found.trash : found.kept;
        part = {row.integer(1), row.integer(2)};
    }
    co_return found;
}

}  // namespace movio::catalog
