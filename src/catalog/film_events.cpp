#include "catalog/film_events.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalog/film_facts.hpp"
#include "catalog/publish_time.hpp"
#include "catalog/tell_changed.hpp"
#include "ledger/inbox.hpp"
#include "media/format/estimate.hpp"
#include "media/format/measured.hpp"
#include "ports/blob_keys.hpp"

namespace movio::catalog {
namespace {

constexpr std::size_t kSettledMax = 10'000;  // forgetting costs one look-up

// What a player needs to begin with the first-listed variant.
std::vector<std::string> first_blobs(const media::Plan& plan, VideoId id, int revision) {
    std::vector<std::string> names;
    if (!plan.video.empty()) names.push_back(plan.video.front().name);
    if (!plan.audio.empty()) names.push_back(plan.audio.front().name);
    std::vector<std::string> keys;
    for (const auto& name : names) {
        keys.push_back(blob_keys::segment(id, revision, name, 0));
        keys.push_back(blob_keys::segment(id, revision, name, 1));
    }
    return keys;
}

}  // namespace

void FilmEvents::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("api",
                  {"video.planned", "subtitle.extracted", "video.processed", "video.failed", "video.cancelled",
                   "video.progress", "segment.stored"},
                  executor, [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> FilmEvents::handle(Event event) {
    if (event.type == "video.planned")
        co_await planned(std::move(event));
    else if (event.type == "subtitle.extracted")
        co_await subtitle_extracted(std::move(event));
    else if (event.type == "video.processed")
        co_await processed(std::move(event));
    else if (event.type == "video.failed" || event.type == "video.cancelled")
        co_await failed(std::move(event));
    else if (event.type == "video.progress")
        co_await progressed(std::move(event));
    else if (event.type == "segment.stored")
        co_await stored(std::move(event));
}

Awaitable<void> FilmEvents::stored(Event event) {
    const auto data = data_of(event);
    if (data.text_or("rendition", "") == "image") {
        const std::string key = data.text_or("key", "");
        co_await database_.write([this, &event, &key](SqlSession& session) {
            if (set_poster(session, event.video, key)) tell_changed(session, outbox_, watch_, event.video);
        });
    } else if (data.integer_or("n", 0) == 1) {
        co_await check_playable(event.video);
    }
}

Awaitable<media::Plan> FilmEvents::read_plan(std::string key) {
    const auto bytes = co_await blobs_.get(BlobKey(key), limits::kPlanJsonBytesMax);
    if (!bytes) throw Failure(fmt::format("the plan '{}' is not in the store", key));
    auto plan = media::plan_from_json(as_text(*bytes));
    if (!plan) throw Failure(fmt::format("cannot read the plan '{}': {}", key, plan.error().message));
    co_return std::move(*plan);
}

Awaitable<bool> FilmEvents::is_known(VideoId id) {
    co_return co_await database_.read([id](SqlSession& session) { return find_video(session, id).has_value(); });
}

Awaitable<void> FilmEvents::planned(Event event) {
    if (!co_await is_known(event.video)) co_return;
    PlanFacts facts;
    facts.plan_key = data_of(event).text_or("plan_key", "");
    const auto plan = co_await read_plan(facts.plan_key);
    facts.duration_ms = plan.duration_ms();
    facts.rungs_json = rungs_json(plan, nullptr);
    facts.audio_json = audio_json(plan);
    facts.estimate_json = estimate_json(plan.estimate);
    facts.chapters_json = chapters_json(plan);
    co_await database_.write([this, &event, &facts](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, event.id) || !find_video(session, event.video)) return;
        set_plan(session, event.video, facts);
        advance(session, event.video, VideoStatus::processing);
        tell_changed(session, outbox_, watch_, event.video);
    });
    co_await check_playable(event.video);
}

Awaitable<void> FilmEvents::processed(Event event) {
    if (!co_await is_known(event.video)) co_return;
    const auto data = data_of(event);
    MeasuredFacts facts;
    facts.measured_key = data.text_or("measured_key", "");
    facts.poster_key = data.text_or("poster_key", "");
    const auto bytes = co_await blobs_.get(BlobKey(facts.measured_key), limits::kPlanJsonBytesMax);
    if (!bytes) throw Failure(fmt::format("'{}' is not in the store", facts.measured_key));
    const auto measured = media::measured_from_json(as_text(*bytes));
    if (!measured) throw Failure(fmt::format("cannot read '{}': {}", facts.measured_key, measured.error().message));
    const auto plan = co_await read_plan(blob_keys::plan(event.video, event.revision));
    facts.rungs_json = rungs_json(plan, &*measured);
    facts.actual_json = estimate_json(media::actual_of(*measured));
    facts.analysis_json = analysis_json(*measured);
    facts.storyboard = measured->storyboard.has_value();
    if (!measured->preview_key.empty())
        facts.preview_key = blob_keys::revision_prefix(event.video, event.revision) + measured->preview_key;
    const auto newly = co_await database_.write([&](SqlSession& session) -> std::optional<Video> {
        const auto before =
            ledger::Inbox::first_time(session, event.id) ? find_video(session, event.video) : std::nullopt;
        if (!before) return std::nullopt;
        set_measured(session, event.video, facts);
        advance(session, event.video, VideoStatus::ready);
        tell_changed(session, outbox_, watch_, event.video);
        return before->playable_us ? std::nullopt : find_video(session, event.video);
    });
    // So short that it was whole before it was seen to be playable.
    if (newly) count_publish_time(*newly, plan);
    watch_.clear_progress(event.video);
    log_info("a film is ready", {{"video_id", event.video.text()}});
}

Awaitable<void> FilmEvents::subtitle_extracted(Event event) {
    const auto track = data_of(event).integer_or("track", -1);
    co_await database_.write([this, &event, track](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, event.id)) return;
        if (!find_video(session, event.video)) return;
        const auto subject = fmt::format("{}/{}/{}", event.video.text(), event.revision, track);
        const auto job = ledger_.add_job(session, {"captions", subject, ledger::Priority::interactive});
        ledger::NewTask import{.kind = "captions.import", .key = "import", .args = event.data};
        ledger::NewTask discard{.kind = "captions.discard", .key = "discard", .args = event.data, .weight = 0};
        ledger_.add_tasks(session, job.id, ledger::chain({{std::move(import)}, {std::move(discard)}}));
    });
}

Awaitable<void> FilmEvents::failed(Event event) {
    const auto data = data_of(event);
    const VideoFailure failure{data.text_or("code", "internal"), data.text_or("message", "Processing failed"),
                               data.text_or("detail", "")};
    const bool first = co_await database_.write([this, &event, &failure](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, event.id) || !fail_video(session, event.video, failure)) return false;
        tell_changed(session, outbox_, watch_, event.video);
        return true;
    });
    settled_.erase(event.video);
    watch_.clear_progress(event.video);
    if (!first) co_return;
    log_warn("a film failed", {{"video_id", event.video.text()}, {"code", failure.code}, {"reason", failure.message}});
}

Awaitable<void> FilmEvents::progressed(Event event) {
    const auto data = data_of(event);
    Progress progress;
    progress.percent = static_cast<int>(data.integer_or("percent", 0));
    progress.stage = data.text_or("stage", "");
    progress.seconds_left = data.integer_or("seconds_left", -1);
    progress.at_us = steady_now_us();
    watch_.set_progress(event.video, std::move(progress));
    co_await check_playable(event.video);
}

Awaitable<void> FilmEvents::check_playable(VideoId id) {
    if (settled_.contains(id)) co_return;
    const auto video = co_await database_.read([id](SqlSession& session) { return find_video(session, id); });
    if (!video) co_return;
    if (video->status == VideoStatus::processing && !video->plan_key.empty()) {
        const auto plan = co_await read_plan(video->plan_key);
        for (const auto& key : first_blobs(plan, id, video->revision))
            if (!co_await blobs_.stat(BlobKey(key))) co_return;
        const auto now = co_await database_.write([this, id](SqlSession& session) -> std::optional<Video> {
            if (!advance(session, id, VideoStatus::playable)) return std::nullopt;
            tell_changed(session, outbox_, watch_, id);
            return find_video(session, id);
        });
        // One that failed after it had been playable has been counted.
        if (now && !video->playable_us) count_publish_time(*now, plan);
        log_info("a film is playable", {{"video_id", id.text()}});
    } else if (video->status != VideoStatus::playable && video->status != VideoStatus::ready) {
        co_return;
    }
    if (settled_.size() >= kSettledMax) settled_.clear();
    settled_.insert(id);
}

}  // namespace movio::catalog
