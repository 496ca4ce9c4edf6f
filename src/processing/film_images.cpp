// Images of a film, of what was seen while it was decoded: the storyboard, a better poster, an animated preview; and
// how loud it is. None is needed to play, so none fails a film.
#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "media/format/loudness.hpp"
#include "media/format/vtt_tracks.hpp"
#include "ports/blob_keys.hpp"
#include "processing/film_tasks.hpp"
#include "processing/store_source.hpp"

namespace movio::processing {
namespace {

constexpr int kAttemptsSpared = 2;              // of the last ones: a task that fails would fail the film
constexpr std::int64_t kTilesPerOrder = 256;    // that no encoder saw: some seconds of work
constexpr std::size_t kFiguresBlobsMax = 8192;  // a day has 2,700 video tasks

using Figures = std::vector<std::optional<media::PictureFigures>>;

Figures figures_by_tile(const media::Storyboard& board, const std::vector<media::Look>& looks) {
    Figures figures(static_cast<std::size_t>(board.tiles));
    for (const auto& look : looks) {
        for (std::size_t i = 0; i < look.tiles.size(); ++i) {
            const auto tile = static_cast<std::size_t>(look.first_tile) + i;
            if (tile < figures.size()) figures[tile] = look.tiles[i];
        }
    }
    return figures;
}

// Half-open ranges of tiles that nobody has seen.
std::vector<std::pair<std::int64_t, std::int64_t>> gaps_of(const Figures& figures) {
    std::vector<std::pair<std::int64_t, std::int64_t>> gaps;
    for (std::int64_t tile = 0; std::cmp_less(tile, figures.size()); ++tile) {
        if (figures[static_cast<std::size_t>(tile)]) continue;
        const bool goes_on = !gaps.empty() && gaps.back().second == tile && tile - gaps.back().first < kTilesPerOrder;
        if (goes_on)
            gaps.back().second = tile + 1;
        else
            gaps.emplace_back(tile, tile + 1);
    }
    return gaps;
}

// Strips as if they were one file. The media process reads it from front to back, a block at a time.
class StripsSource final : public sandbox::SourceReader {
public:
    explicit StripsSource(BlobStore& blobs) : blobs_(blobs) {}

    // Where it begins.
    std::int64_t add(BlobInfo strip) {
        const auto offset = size_;
        size_ += strip.bytes;
        strips_.push_back({offset, std::move(strip)});
        return offset;
    }
    std::int64_t size() const override { return size_; }
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override {
        Bytes bytes;
        auto strip = std::ranges::upper_bound(strips_, offset, {}, &Strip::offset);
        if (strip != strips_.begin()) --strip;
        for (; strip != strips_.end() && bytes.size() < length; ++strip) {
            const auto content = co_await blobs_.get(BlobKey(strip->blob.key), limits::kSheetBytesMax);
            if (!content || std::cmp_not_equal(content->size(), strip->blob.bytes))
                throw Failure(fmt::format("the strip '{}' has gone", strip->blob.key));
            const auto skipped =
                std::min<std::int64_t>(std::max<std::int64_t>(offset - strip->offset, 0), strip->blob.bytes);
            bytes.insert(bytes.end(), content->begin() + skipped, content->end());
        }
        bytes.resize(std::min(bytes.size(), length));
        co_return bytes;
    }

private:
    struct Strip {
        std::int64_t offset = 0;
        BlobInfo blob;
    };
    BlobStore& blobs_;
    std::vector<Strip> strips_;
    std::int64_t size_ = 0;
};

Awaitable<std::vector<std::string>> keys_of(BlobStore& blobs, std::string prefix) {
    std::vector<std::string> keys;
    std::optional<std::string> after;
    do {
        const auto page = co_await blobs.list(prefix, after);
        for (const auto& blob : page.items) keys.push_back(blob.key);
        after = page.next;
    } while (after && keys.size() < kFiguresBlobsMax);
    co_return keys;
}

void warn_of(const FilmKey& film, const std::string& what, const media::MediaError& error) {
    log_warn("a film plays without something that could not be made",
             {{"video_id", film.video.text()}, {"what", what}, {"reason", error.message}, {"detail", error.detail}});
}

bool is_spared(const ledger::LeasedTask& task) { return task.lease.attempt > task.attempts_max - kAttemptsSpared; }

bool was_stopped(const media::MediaResult<void>& made) { return !made && made.error().code == ErrorCode::cancelled; }

}  // namespace

FilmTasks::Taken FilmTasks::take_extra(const FilmKey& film, media::Artefact artefact) {
    std::string key;
    if (artefact.kind == media::ArtefactKind::figures)
        key = blob_keys::figures(film.video, film.revision, artefact.rendition, artefact.number);
    else if (artefact.rendition == media::kStrip)
        key = blob_keys::strip(film.video, film.revision, artefact.number);
    else if (artefact.rendition == media::kPosterName)
        key = blob_keys::revision_prefix(film.video, film.revision) + std::string(blob_keys::kBestPosterName);
    else
        key = blob_keys::image(film.video, film.revision, artefact.rendition);
    co_return co_await take_blob(BlobKey(key), std::move(artefact));
}

Awaitable<media::MediaResult<void>> FilmTasks::make_extra(Work& work, media::Work order,
                                                          std::shared_ptr<sandbox::SourceReader> source) {
    if (!source) throw Failure(fmt::format("the source '{}' is not in the store", work.film.source_key));
    sandbox::MediaJob job;
    job.order.work = std::move(order);
    job.order.plan = *work.plan;
    job.source = std::move(source);
    job.wall_limit = options_.wall_limit;
    job.log_id = work.film.key.video.text();
    job.task_id = work.task.lease.task.text();
    job.on_cost = [&work](std::chrono::microseconds cpu) { work.cpu_us += cpu.count(); };
    const auto on_artefact = [this, &work](media::Artefact artefact) {
        return take_extra(work.film.key, std::move(artefact));
    };
    co_return co_await media_.run(std::move(job), on_artefact, [](int) {}, work.stop);
}

Awaitable<media::MediaResult<void>> FilmTasks::hear(Work& work, const SegmentTask& segments) {
    const auto& [video, revision] = work.film.key;
    const BlobKey key(blob_keys::figures(video, revision, media::kLevels, segments.first));
    if (co_await blobs_.stat(key)) co_return media::MediaResult<void>{};
    auto source = co_await open_source(blobs_, BlobKey(work.film.source_key));
    media::LevelsWork order{{segments.rendition, segments.first, segments.end}};
    auto heard = co_await make_extra(work, std::move(order), std::move(source));
    if (was_stopped(heard)) co_return heard;
    if (!heard) warn_of(work.film.key, "loudness", heard.error());
    co_return media::MediaResult<void>{};
}

FilmTasks::Outcome FilmTasks::levels(Work& work) {
    if (is_spared(work.task)) {
        log_warn("the loudness of a film could too often not be measured; it plays without",
                 {{"video_id", work.film.key.video.text()}, {"task", work.task.key}});
        co_return ledger::Done{};
    }
    const auto heard = co_await hear(work, segments_of(work.task));
    if (!heard) co_return outcome_of(heard.error());
    co_return ledger::Done{};
}

Awaitable<std::vector<media::Look>> FilmTasks::read_looks(const FilmKey& film) {
    std::vector<media::Look> looks;
    for (const auto& key :
         co_await keys_of(blobs_, blob_keys::figures_prefix(film.video, film.revision, media::kLook))) {
        const auto bytes = co_await blobs_.get(BlobKey(key), limits::kSheetBytesMax);
        auto look = bytes ? media::look_from_json(as_text(*bytes)) : fail(ErrorCode::not_found, "it has gone");
        if (look) looks.push_back(std::move(*look));
    }
    std::ranges::sort(looks, {}, [](const media::Look& look) { return look.span; });
    co_return looks;
}

Awaitable<media::MediaResult<void>> FilmTasks::fill_looks(Work& work, std::vector<media::Look>& looks) {
    const auto board = media::storyboard_of(*work.plan);
    const auto gaps = gaps_of(figures_by_tile(*board, looks));
    for (const auto& [first, end] : gaps) {
        auto source = co_await open_source(blobs_, BlobKey(work.film.source_key));
        auto made = co_await make_extra(work, media::LookWork{first, end}, std::move(source));
        if (!made) co_return made;
    }
    if (!gaps.empty()) looks = co_await read_looks(work.film.key);
    co_return media::MediaResult<void>{};
}

Awaitable<media::MediaResult<void>> FilmTasks::make_sheets(Work& work, const std::vector<media::Look>& looks) {
    const auto& [video, revision] = work.film.key;
    const auto board = media::storyboard_of(*work.plan);
    const auto source = std::make_shared<StripsSource>(blobs_);
    media::SheetsWork order;
    for (const auto& look : looks) {
        if (look.tiles.empty()) continue;
        auto blob = co_await blobs_.stat(BlobKey(blob_keys::strip(video, revision, look.span.first)));
        if (!blob || blob->bytes <= 0 || blob->bytes > limits::kSheetBytesMax) continue;
        const auto bytes = blob->bytes;
        order.strips.push_back(
            {source->add(std::move(*blob)), bytes, look.first_tile, static_cast<std::int64_t>(look.tiles.size())});
    }
    std::ranges::sort(order.strips, {}, &media::SheetsWork::Strip::first_tile);
    if (order.strips.empty())
        co_return media::bad_media(media::MediaStage::decode, ErrorCode::damaged, "There is not one thumbnail.");
    order.preview = media::choose_preview_tiles(figures_by_tile(*board, looks));
    co_return co_await make_extra(work, std::move(order), source);
}

Awaitable<media::MediaResult<void>> FilmTasks::make_best_poster(Work& work, const std::vector<media::Look>& looks) {
    const auto board = media::storyboard_of(*work.plan);
    const auto tile = media::choose_poster_tile(figures_by_tile(*board, looks));
    // None is any good: the first one stays.
    if (!tile) co_return media::MediaResult<void>{};
    auto source = co_await open_source(blobs_, BlobKey(work.film.source_key));
    co_return co_await make_extra(work, media::PosterWork{board->frame_of(*tile), 1280, {}}, std::move(source));
}

FilmTasks::Outcome FilmTasks::images(Work& work) {
    const auto& film = work.film.key;
    if (is_spared(work.task)) {
        log_warn("the images of a film failed too often; it plays without", {{"video_id", film.video.text()}});
        co_return ledger::Done{};
    }
    auto looks = co_await read_looks(film);
    const auto filled = co_await fill_looks(work, looks);
    if (was_stopped(filled)) co_return outcome_of(filled.error());
    if (!filled) warn_of(film, "thumbnails", filled.error());
    const auto poster = co_await make_best_poster(work, looks);
    if (was_stopped(poster)) co_return outcome_of(poster.error());
    if (!poster) warn_of(film, "poster", poster.error());
    const auto sheets = co_await make_sheets(work, looks);
    if (was_stopped(sheets)) co_return outcome_of(sheets.error());
    if (!sheets) warn_of(film, "storyboard", sheets.error());
    co_return ledger::Done{};
}

Awaitable<void> FilmTasks::add_sound_figures(const Work& work, media::Measured& measured) {
    const auto& [video, revision] = work.film.key;
    std::vector<media::Levels> pieces;
    for (const auto& key : co_await keys_of(blobs_, blob_keys::figures_prefix(video, revision, media::kLevels))) {
        const auto bytes = co_await blobs_.get(BlobKey(key), limits::kPlanJsonBytesMax);
        auto levels = bytes ? media::levels_from_json(as_text(*bytes)) : fail(ErrorCode::not_found, "it has gone");
        if (levels) pieces.push_back(std::move(*levels));
    }
    const auto figures = media::sound_figures(std::move(pieces), work.plan->duration_ms());
    if (!figures) co_return;
    measured.loudness = figures->loudness;
    measured.silence = figures->silence;
}

Awaitable<void> FilmTasks::add_extras(const Work& work, media::Measured& measured) {
    const auto& [video, revision] = work.film.key;
    const auto prefix = blob_keys::revision_prefix(video, revision);
    for (const auto name : {blob_keys::kPosterName, blob_keys::kBestPosterName})
        if (co_await blobs_.stat(BlobKey(prefix + std::string(name)))) measured.poster_key = name;
    co_await add_sound_figures(work, measured);
    const auto board = media::storyboard_of(*work.plan);
    if (!board) co_return;
    measured.black = media::black_stretches(*work.plan, co_await read_looks(work.film.key));
    const auto preview = blob_keys::image(video, revision, media::kPreviewName);
    if (co_await blobs_.stat(BlobKey(preview))) measured.preview_key = preview.substr(prefix.size());
    std::int64_t bytes = 0;
    for (std::int64_t n = 1; n <= board->sheets(); ++n) {
        const auto sheet =
            co_await blobs_.stat(BlobKey(blob_keys::image(video, revision, media::storyboard_sheet_name(n))));
        if (!sheet) co_return;
        bytes += sheet->bytes;
    }
    measured.storyboard = board;
    measured.storyboard_bytes = bytes;
}

Awaitable<void> FilmTasks::forget_figures(const FilmKey& film) {
    for (const auto* kind : {media::kLook, media::kStrip, media::kLevels})
        co_await blobs_.remove_all(blob_keys::figures_prefix(film.video, film.revision, kind));
}

}  // namespace movio::processing
