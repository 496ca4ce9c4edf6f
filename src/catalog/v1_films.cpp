#include "catalog/v1_films.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "catalog/audience.hpp"
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

void write_subtitles(JsonWriter& json, SqlSession& session, VideoId id) {
    std::vector<CaptionTrackRow> tracks;
    const auto found = tracks_of(session, id);
    std::ranges::copy_if(found, std::back_inserter(tracks), is_english);
    std::ranges::copy_if(found, std::back_inserter(tracks), std::not_fn(is_english));
    std::size_t bytes = 0;
    json.key("subtitles").begin_array();
    for (const auto& track : tracks) {
        std::string content;
        if (bytes < kSubtitlesBytesMax) content = webvtt_of(session, track.id);
        bytes += content.size();
        json.begin_object().member("language", track.language).member("content", content).end_object();
    }
    json.end_array();
}

std::optional<std::string> duration_of(const Video& video) {
    if (video.duration_ms) return duration_text(*video.duration_ms * 1000);
    if (video.said_duration_us) return duration_text(*video.said_duration_us);
    return std::nullopt;
}

std::optional<std::string> manifest_url(const MediaLinks& links, const Viewer& viewer, const Video& video,
                                        const std::string& base_url) {
    const auto playback = links.playback(viewer, video);
    if (!playback) return std::nullopt;
    return playback->dash_url.starts_with('/') ? base_url + playback->dash_url : playback->dash_url;
}

// Films of before there was such a title get one that never changes.
std::string custom_title_of(const Video& video) {
    if (!video.custom_title.empty()) return video.custom_title;
    return fmt::format("{}__{}", video.id.text(), split_filename(video.filename).stem);
}

}  // namespace

V1Films::V1Films(Database& database, FilmWatch& watch, const MediaLinks& store, const MediaLinks& cdn)
    : database_(database), store_(store), cdn_(cdn) {
    changes_ = watch.subscribe({}, [this](VideoId id) { changed(id); });
}

void V1Films::write_members(JsonWriter& json, const Viewer& viewer, const Video& video,
                            const std::string& base_url) const {
    std::optional<std::string> description;
    if (!video.description.empty()) description = video.description;
    json.member("id", video.id.text())
        .member("title", video.title)
        .member("description", description)
        .member("duration", duration_of(video))
        .member("custom_video_title", custom_title_of(video))
        .member("mp4_s3_mpd_url", manifest_url(store_, viewer, video, base_url))
        .member("mp4_gcore_cdn_mpd_url", manifest_url(cdn_, viewer, video, base_url));
}

std::shared_ptr<const V1Films::KnownFilm> V1Films::known_film(const FilmKey& key, std::uint64_t& epoch) {
    const std::scoped_lock lock(mutex_);
    epoch = epoch_;
    const auto found = films_.find(key);
    return found == films_.end() ? nullptr : found->second;
}

Awaitable<std::shared_ptr<const std::string>> V1Films::find(Viewer viewer, VideoId id, std::string base_url) {
    // What everybody may see has the same addresses for all, anything else has each viewer's own.
    const FilmKey for_all{id, "", std::move(base_url)};
    const FilmKey for_one{id, viewer.user ? viewer.user->text() : "", std::get<2>(for_all)};
    std::uint64_t epoch = 0;
    auto known = known_film(for_all, epoch);
    if (!known && viewer.user) known = known_film(for_one, epoch);
    if (!known || steady_now_us() - known->read_us > kFreshUs) {
        const auto read_us = steady_now_us();
        known = co_await database_.read([&](SqlSession& session) -> std::shared_ptr<const KnownFilm> {
            auto video = find_video(session, id);
            if (!video) return nullptr;
            const bool reached = reaches(session, viewer, *video);
            JsonWriter json;
            json.begin_object();
            write_members(json, viewer, *video, std::get<2>(for_all));
            write_subtitles(json, session, id);
            json.end_object();
            return std::make_shared<KnownFilm>(
                KnownFilm{std::move(*video), std::make_shared<const std::string>(json.take()), read_us, reached});
        });
        if (known && is_open(known->video)) keep(for_all, known, epoch);
        if (known && !is_open(known->video) && viewer.user) keep(for_one, known, epoch);
    }
    if (!known || !may_see(viewer, known->video, known->reached)) co_return nullptr;
    co_return known->json;
}

Awaitable<std::shared_ptr<const V1Page>> V1Films::list(Viewer viewer, std::int64_t page, std::string base_url) {
    const PageKey key{viewer.user ? viewer.user->text() : "", page, std::move(base_url)};
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
        JsonWriter json;
        json.begin_array();
        for (const auto& video : find_videos(session, viewer, (found->number - 1) * kPageLength, kPageLength)) {
            json.begin_object();
            write_members(json, viewer, video, std::get<2>(key));
            json.end_object();
        }
        json.end_array();
        found->films_json = json.take();
        return found;
    });
    if (known.page) keep(key, known, epoch);
    co_return known.page;
}

void V1Films::changed(VideoId id) {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    pages_.clear();
    auto found = films_.lower_bound({id, "", ""});
    while (found != films_.end() && std::get<0>(found->first) == id) {
        films_bytes_ -= found->second->json->size();
        found = films_.erase(found);
    }
}

void V1Films::keep(const FilmKey& key, const std::shared_ptr<const KnownFilm>& known, std::uint64_t epoch) {
    const auto bytes = known->json->size();
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (const auto found = films_.find(key); found != films_.end()) {
        films_bytes_ -= found->second->json->size();
        films_.erase(found);
    }
    if (films_.size() >= kFilmsMax || films_bytes_ + bytes > kFilmsBytesMax) {
        films_.clear();
        films_bytes_ = 0;
    }
    films_.emplace(key, known);
    films_bytes_ += bytes;
}

void V1Films::keep(const PageKey& key, const KnownPage& known, std::uint64_t epoch) {
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (pages_.size() >= kPagesMax) pages_.clear();
    pages_.insert_or_assign(key, known);
}

}  // namespace movio::catalog
