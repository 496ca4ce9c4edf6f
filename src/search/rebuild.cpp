#include "search/rebuild.hpp"

#include "search/film_index.hpp"

namespace movio::search {
namespace {

constexpr int kPage = 200;

std::vector<VideoId> films_after(SqlSession& catalog, const std::optional<VideoId>& after) {
    const auto found = catalog.run("SELECT id FROM videos WHERE id > $1 ORDER BY id LIMIT $2",
                                   {sql(after ? after->text() : std::string()), sql(kPage)});
    std::vector<VideoId> films;
    films.reserve(found.rows.size());
    for (const auto& row : found.rows) films.push_back(VideoId::parse(row.text(0)).value());
    return films;
}

// Those that the catalog has not at all: films in the trash were taken out with the others.
std::vector<VideoId> gone_among(SqlSession& catalog, const std::vector<VideoId>& films) {
    std::vector<VideoId> gone;
    for (const auto film : films)
        if (catalog.run("SELECT 1 FROM videos WHERE id = $1", {sql(film.text())}).empty()) gone.push_back(film);
    return gone;
}

}  // namespace

Awaitable<RebuildReport> rebuild(Database& catalog, SearchIndex& index, RebuildProgress progress) {
    FilmIndex films(catalog, index);
    RebuildReport report;
    const auto total = co_await catalog.read(
        [](SqlSession& session) { return session.run("SELECT COUNT(*) FROM videos").rows.at(0).integer(0); });
    if (progress) progress(0, total);
    for (std::optional<VideoId> after;;) {
        const auto page = co_await catalog.read([after](SqlSession& session) { return films_after(session, after); });
        if (page.empty()) break;
        after = page.back();
        for (const auto film : page) {
            co_await films.refresh(film);
            ++report.films;
            if (progress) progress(report.films, total);
        }
    }
    for (std::optional<VideoId> after;;) {
        const auto page = co_await index.films(after, kPage);
        if (page.empty()) break;
        after = page.back();
        const auto gone = co_await catalog.read([&page](SqlSession& session) { return gone_among(session, page); });
        for (const auto film : gone) {
            co_await films.refresh(film);
            ++report.removed;
        }
    }
    co_return report;
}

}  // namespace movio::search
