#include "processing/retention.hpp"

#include <charconv>

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

bool is_retention(std::string_view policy) { return policy == "keep" || retention_days(policy).has_value(); }

Awaitable<int> retire_sources(Database& database, BlobStore& blobs) {
    const auto films = co_await database.read([](SqlSession& session) { return films_to_retire(session); });
    for (const auto& film : films) {
        co_await blobs.remove(BlobKey(film.source_key));
        co_await database.write([&film](SqlSession& session) { set_source_deleted(session, film.key); });
        log_info("a source is removed by its retention",
                 {{"video_id", film.key.video.text()}, {"policy", film.source_retention}});
    }
    co_return static_cast<int>(films.size());
}

}  // namespace movio::processing
