#include "catalog/v1_films.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "catalog/duration.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_text.hpp"
#include "media/format/captions/captions.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kFreshUs = 1'000'000;
constexpr std::size_t kFilmsMax = 1000;
constexpr std::size_t kFilmsBytesMax = 64U << 20;
constexpr std::size_t kPagesMax = 256;
// All subtitles of one answer; later tracks are left empty. Some forty tracks of long films.
constexpr std::size_t kSubtitlesBytesMax = 16U << 20;

bool is_english(const CaptionTrackRow& track) { return track.language == "en" || track.language.starts_with("en-"); }

std::string webvtt_of(SqlSession& session, TrackId track) {
    std::vector<media::Cue> cues;
    for (auto& row : cues_of(session, track))
        cues.push_back({row.start_ms, row.end_ms, std::move(row.text), {}, std::move(row.settings)});
    return media::to_webvtt(cues);
}

std::string subtitles_json(SqlSession& session, VideoId id) {
    std::vector<CaptionTrackRow> tracks;
    const auto found = tracks_of(session, id);
    std::ranges::copy_if(found, std::back_inserter(tracks), is_english);
    std::ranges::copy_if(found, std::back_inserter(tracks), std::not_fn(is_english));
    std::size_t bytes = 0;
    JsonWriter json;
    json.begin_array();
    for (const auto& track : tracks) {
        std::string content;
        if (bytes < kSubtitlesBytesMax) content = webvtt_of(session, track.id);
        bytes += content.size();
        json.begin_object().member("language", track.language).member("content", content).end_object();
    }
    json.end_array();
    return json.take();
}

std::optional<std::string> duration_of(const Video& video) {
    if (video.duration_ms) return duration_text(*video.duration_ms * 1000);
    if (video.said_duration_us) return duration_text(*video.said_duration_us);
    return std::nullopt;
}

std::optional<std::string> absolute(const std::optional<std::string>& url, const std::string& base_url) {
    return url && url->starts_with('/') ? std::optional(base_url + *url) : url;
}

// Films of before there was such a title get one that never changes.
std::string custom_title_of(const Video& video) {
    if (!video.custom_title.empty()) return video.custom_title;
    return fmt::format("{}__{}", video.id.text(), split_filename(video.filename).stem);
}

}  // namespace

void write_v1_members(JsonWriter& json, const V1Film& film, const std::string& base_url) {
    const auto& video = film.video;
    std::optional<std::string> description;
    if (!video.description.empty()) description = video.description;
    json.member("id", video.id.text())
        .member("title", video.title)
        .member("description", description)
        .member("duration", duration_of(video))
        .member("custom_video_title", custom_title_of(video))
        .member("mp4_s3_mpd_url", absolute(film.store_url, base_url))
        .member("mp4_gcore_cdn_mpd_url", absolute(film.cdn_url, base_url));
}

V1Films::V1Films(Database& database, FilmWatch& watch, const MediaLinks& store, const MediaLinks& cdn)
    : database_(database), store_(store), cdn_(cdn) {
    changes_ = watch.subscribe({}, [this](VideoId id) { changed(id); });
}

V1Film V1Films::film_of(Video video) const {
    V1Film film;
    if (const auto links = store_.playback(video)) film.store_url = links->dash_url;
    if (const auto links = cdn_.playback(video)) film.cdn_url = links->dash_url;
    film.video = std::move(video);
    return film;
}

Awaitable<std::shared_ptr<const V1Film>> V1Films::find(Viewer viewer, VideoId id) {
    KnownFilm known;
    std::uint64_t epoch = 0;
    {
        const std::scoped_lock lock(mutex_);
        epoch = epoch_;
        if (const auto found = films_.find(id); found != films_.end()) known = found->second;
    }
    if (!known.film || steady_now_us() - known.read_us > kFreshUs) {
        known.read_us = steady_now_us();
        known.film = co_await database_.read([this, id](SqlSession& session) -> std::shared_ptr<const V1Film> {
            auto video = find_video(session, id);
            if (!video) return nullptr;
            auto film = std::make_shared<V1Film>(film_of(std::move(*video)));
            film->subtitles_json = subtitles_json(session, id);
            return film;
        });
        if (known.film) keep(id, known, epoch);
    }
    if (known.film && !may_see(viewer, known.film->video)) known.film = nullptr;
    co_return known.film;
}

Awaitable<std::shared_ptr<const V1Page>> V1Films::list(Viewer viewer, std::int64_t page) {
    const PageKey key{viewer.user ? viewer.user->text() : "", page};
    KnownPage known;
    std::uint64_t epoch = 0;
    {
        const std::scoped_lock lock(mutex_);
        epoch = epoch_;
        if (const auto found = pages_.find(key); found != pages_.end()) known = found->second;
    }
    if (known.page && steady_now_us() - known.read_us <= kFreshUs) co_return known.page;
    known.read_us = steady_now_us();
    known.page = co_await database_.read([&](SqlSession& session) -> std::shared_ptr<const V1Page> {
        auto found = std::make_shared<V1Page>();
        found->count = count_videos(session, viewer);
        found->pages = std::max<std::int64_t>(1, (found->count + kPageLength - 1) / kPageLength);
        found->number = page == kLastPage ? found->pages : page;
        if (found->number < 1 || found->number > found->pages) return nullptr;
        for (auto& video : find_videos(session, viewer, (found->number - 1) * kPageLength, kPageLength))
            found->films.push_back(film_of(std::move(video)));
        return found;
    });
    if (known.page) keep(key, known, epoch);
    co_return known.page;
}

void V1Films::changed(VideoId id) {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    pages_.clear();
    const auto found = films_.find(id);
    if (found == films_.end()) return;
    films_bytes_ -= found->second.film->subtitles_json.size();
    films_.erase(found);
}

void V1Films::keep(VideoId id, const KnownFilm& known, std::uint64_t epoch) {
    const auto bytes = known.film->subtitles_json.size();
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (const auto found = films_.find(id); found != films_.end()) {
        films_bytes_ -= found->second.film->subtitles_json.size();
        films_.erase(found);
    }
    if (films_.size() >= kFilmsMax || films_bytes_ + bytes > kFilmsBytesMax) {
        films_.clear();
        films_bytes_ = 0;
    }
    films_.emplace(id, known);
    films_bytes_ += bytes;
}

void V1Films::keep(const PageKey& key, const KnownPage& known, std::uint64_t epoch) {
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (pages_.size() >= kPagesMax) pages_.clear();
    pages_.insert_or_assign(key, known);
}

}  // namespace movio::catalog
