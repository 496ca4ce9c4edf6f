#include "catalog/embed_links.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "access/secret.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalog/audience.hpp"
#include "catalog/users.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_text.hpp"
#include "catalog/web_origin.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;
// Twice the length of the longest film (playback/media_token), and the hour of the shortest.
constexpr std::int64_t kKeptBehindUs = (2 * limits::kDurationSecondsMax + 3600) * kMicrosecondsPerSecond;
// No address of media counts for longer: 30 days by setting, a quarter more, and twice the longest film.
constexpr std::int64_t kPassLifeMaxUs = 40LL * 24 * 3600 * kMicrosecondsPerSecond;
constexpr std::string_view kColumns = "id, video_id, origins, created_us, expires_us";

EmbedLink link_of(const SqlRow& row) {
    EmbedLink link;
    link.id = EmbedLinkId::parse(row.text(0)).value();
    link.video = VideoId::parse(row.text(1)).value();
    const auto origins = JsonView::parse(row.text(2)).value();
    for (std::size_t i = 0; i < origins.size(); ++i) link.origins.emplace_back(origins.at(i).text().value_or(""));
    link.created_us = row.integer(3);
    link.expires_us = row.integer(4);
    return link;
}

std::string json_of(const std::vector<std::string>& texts) {
    JsonWriter json;
    json.begin_array();
    for (const auto& text : texts) json.value(text);
    return json.end_array().take();
}

Result<void> check_changeable(SqlSession& session, const Viewer& viewer, VideoId id) {
    const auto video = find_video(session, id);
    if (video && !video->deleted_us && may_change(viewer, *video)) return {};
    if (video && may_see(viewer, *video, reaches(session, viewer, *video)))
        return fail(ErrorCode::forbidden,
                    "This video belongs to somebody else. Only its owner may let others embed it.");
    return fail(ErrorCode::not_found, fmt::format("There is no video {}", id.text()));
}

void record(SqlSession& session, const audit::Actor& by, std::string action, VideoId video, EmbedLinkId link) {
    JsonWriter detail;
    detail.begin_object().member("link", link.text()).end_object();
    audit::record(session, {.by = by, .action = std::move(action), .subject = video.text(), .detail = detail.take()});
}

Result<std::vector<std::string>> tidy(const std::vector<std::string>& given) {
    std::vector<std::string> origins;
    for (const auto& text : given) {
        auto origin = web_origin(text);
        if (!origin)
            return fail(ErrorCode::invalid,
                        fmt::format("'{}' is no origin; write scheme://host, such as https://school.example",
                                    first_characters(text, limits::kOriginBytesMax)));
        if (std::ranges::find(origins, *origin) == origins.end()) origins.push_back(std::move(*origin));
    }
    if (origins.empty() || std::cmp_greater(origins.size(), limits::kEmbedOriginsMax))
        return fail(ErrorCode::invalid, fmt::format("A link names 1 to {} origins", limits::kEmbedOriginsMax));
    return origins;
}

}  // namespace

std::optional<LinkViewer> find_link_viewer(SqlSession& session, EmbedLinkId id) {
    const auto found = session.run("SELECT expires_us FROM embed_links WHERE id = $1", {sql(id.text())});
    if (found.empty()) return std::nullopt;
    return LinkViewer{id, found.rows.front().integer(0)};
}

Awaitable<Result<NewEmbedLink>> EmbedLinks::make(Viewer viewer, VideoId video, std::vector<std::string> origins,
                                                 std::int64_t seconds, audit::Actor by) {
    const auto tidied = tidy(origins);
    if (!tidied) co_return std::unexpected(tidied.error());
    if (seconds < limits::kEmbedLinkSecondsMin || seconds > limits::kEmbedLinkSecondsMax)
        co_return fail(ErrorCode::invalid, fmt::format("A link counts for {} to {} seconds",
                                                       limits::kEmbedLinkSecondsMin, limits::kEmbedLinkSecondsMax));
    NewEmbedLink made;
    made.token = access::random_token();
    auto done = co_await database_.write([&](SqlSession& session) -> Result<void> {
        if (auto may = check_changeable(session, viewer, video); !may) return may;
        if (auto may = check_may_share(session, viewer); !may) return may;
        const auto there = session.run(
            "SELECT COUNT(*) FROM embed_links WHERE video_id = $1 AND revoked = 0 AND expires_us > movio_now_us()",
            {sql(video.text())});
        if (there.rows.at(0).integer(0) >= limits::kEmbedLinksPerVideoMax)
            return fail(ErrorCode::conflict, fmt::format("There are {} links to this video already; take some back",
                                                         limits::kEmbedLinksPerVideoMax));
        const auto row = session.run(
            fmt::format("INSERT INTO embed_links (id, video_id, token_hash, origins, created_us, expires_us, revoked) "
                        "VALUES ($1, $2, $3, $4, movio_now_us(), movio_now_us() + $5, 0) RETURNING {}",
                        kColumns),
            {sql(EmbedLinkId::make().text()), sql(video.text()), sql(access::token_hash(made.token)),
             sql(json_of(*tidied)), sql(seconds * kMicrosecondsPerSecond)});
        made.link = link_of(row.rows.at(0));
        record(session, by, "embed_link.made", video, made.link.id);
        return {};
    });
    if (!done) co_return std::unexpected(std::move(done.error()));
    log_info("a film may be embedded by a link", {{"video_id", video.text()}, {"link_id", made.link.id.text()}});
    co_return std::move(made);
}

Awaitable<Result<std::vector<EmbedLink>>> EmbedLinks::list(Viewer viewer, VideoId video) {
    co_return co_await database_.read([&](SqlSession& session) -> Result<std::vector<EmbedLink>> {
        if (auto may = check_changeable(session, viewer, video); !may) return std::unexpected(may.error());
        std::vector<EmbedLink> links;
        const auto found = session.run(fmt::format("SELECT {} FROM embed_links WHERE video_id = $1 "
                                                   "AND revoked = 0 AND expires_us > movio_now_us() "
                                                   "ORDER BY created_us DESC, id DESC LIMIT $2",
                                                   kColumns),
                                       {sql(video.text()), sql(limits::kEmbedLinksPerVideoMax)});
        links.reserve(found.rows.size());
        for (const auto& row : found.rows) links.push_back(link_of(row));
        return links;
    });
}

Awaitable<Result<void>> EmbedLinks::revoke(Viewer viewer, VideoId video, EmbedLinkId link, audit::Actor by) {
    auto done = co_await database_.write([&](SqlSession& session) -> Result<void> {
        if (auto may = check_changeable(session, viewer, video); !may) return may;
        const auto gone = session.run(
            "UPDATE embed_links SET revoked = 1, "
            "expires_us = CASE WHEN expires_us < movio_now_us() + $3 THEN expires_us ELSE movio_now_us() + $3 END "
            "WHERE id = $1 AND video_id = $2 AND revoked = 0",
            {sql(link.text()), sql(video.text()), sql(kPassLifeMaxUs)});
        if (gone.changed != 1) return fail(ErrorCode::not_found, fmt::format("The video has no link {}", link.text()));
        record(session, by, "embed_link.revoked", video, link);
        return {};
    });
    if (done) log_info("a link for embedding is taken back", {{"link_id", link.text()}});
    co_return done;
}

Awaitable<std::optional<EmbedLink>> EmbedLinks::find(std::string token) {
    co_return co_await database_.read([&](SqlSession& session) -> std::optional<EmbedLink> {
        const auto found = session.run(fmt::format("SELECT {} FROM embed_links WHERE token_hash = $1 AND revoked = 0 "
                                                   "AND expires_us > movio_now_us()",
                                                   kColumns),
                                       {sql(access::token_hash(token))});
        if (found.empty()) return std::nullopt;
        return link_of(found.rows.front());
    });
}

Awaitable<void> EmbedLinks::clean_up() {
    co_await database_.write([](SqlSession& session) {
        session.run("DELETE FROM embed_links WHERE expires_us < movio_now_us() - $1", {sql(kKeptBehindUs)});
    });
}

}  // namespace movio::catalog
