#include "processing/retention.hpp"

#include <charconv>
#include <exception>

#include <boost/system/system_error.hpp>

#include "base/log.hpp"
#include "processing/film_rows.hpp"

namespace movio::processing {

std::optional<std::int64_t> retention_days(std::string_view policy) {
    if (policy == "delete") return 0;
    constexpr std::string_view kDays = "days:";
    if (!policy.starts_with(kDays)) return std::nullopt;
    policy.remove_prefix(kDays.size());
    std::int64_t days = 0;
    const auto [end, error] = std::from_chars(policy.data(), policy.data() + policy.size(), days);
    if (error != std::errc{} || end != policy.data() + policy.size() || days < 0) return std::nullopt;
    return days;
}

namespace {

void log_not_retired(const Film& film, const std::exception& failure) {
    log_warn("a source cannot be removed yet",
             {{"video_id", film.key.video.text()}, {"reason", std::string(failure.what())}});
}

// Whether the source is gone now. A film that cannot be cleaned up must not keep the others from it.
Awaitable<bool> retire_source(Database& database, BlobStore& blobs, Film film) {
    try {
        co_await blobs.remove(BlobKey(film.source_key));
        co_await database.write([&film](SqlSession& session) { set_source_deleted(session, film.key); });
    } catch (const boost::system::system_error& failure) {
        if (failure.code() == asio::error::operation_aborted) throw;
        log_not_retired(film, failure);
        co_return false;
    } catch (const std::exception& failure) {
        log_not_retired(film, failure);
        co_return false;
    }
    log_info("a source is removed by its retention",
             {{"video_id", film.key.video.text()}, {"policy", film.source_retention}});
    co_return true;
}

}  // namespace

bool is_retention(std::string_view policy) { return policy == "keep" || retention_days(policy).has_value(); }

Awaitable<int> retire_sources(Database& database, BlobStore& blobs) {
    const auto films = co_await database.read([](SqlSession& session) { return films_to_retire(session); });
    int retired = 0;
    for (const auto& film : films)
        if (co_await retire_source(database, blobs, film)) ++retired;
    co_return retired;
}

}  // namespace movio::processing
