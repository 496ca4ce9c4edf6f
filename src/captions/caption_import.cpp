#include "captions/caption_import.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalog/tell_changed.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "media/format/captions/captions.hpp"
#include "media/format/work.hpp"
#include "ports/blob_keys.hpp"

namespace movio::captions {
namespace {

struct Order {
    VideoId video;
    int revision = 1;
    std::string codec;
    std::string cues_key;
    catalog::CaptionTrackRow track;
};

// The subject is "<video>/<revision>/<stream>", the arguments are the data of subtitle.extracted.
Order order_of(const ledger::LeasedTask& task) {
    const auto args = JsonView::parse(task.args);
    const auto video = VideoId::parse(std::string_view(task.subject).substr(0, Uuid::kTextLength));
    if (!args || !video) throw Failure(fmt::format("task {} has bad arguments", task.key));
    Order order;
    order.video = *video;
    order.codec = args->text_or("codec", "");
    order.cues_key = args->text_or("cues_key", "");
    // Of the task, so that an attempt after a crash finds the file of the one before.
    order.track.id = TrackId(task.lease.task.uuid());
    order.track.video = *video;
    order.track.language = args->text_or("language", "und");
    order.track.label = args->text_or("label", "");
    order.track.origin = fmt::format("stream:{}", args->integer_or("track", 0));
    order.track.is_default = args->boolean_or("default", false);
    order.track.forced = args->boolean_or("forced", false);
    order.track.hearing_impaired = args->boolean_or("sdh", false);
    return order;
}

std::vector<catalog::CueRow> rows_of(const std::vector<media::Cue>& cues) {
    std::vector<catalog::CueRow> rows;
    rows.reserve(cues.size());
    for (const auto& cue : cues)
        rows.push_back({Uuid::make().text(), cue.start_ms, cue.end_ms, cue.text, cue.plain, cue.settings});
    return rows;
}

Event ready_event(const catalog::CaptionTrackRow& track) {
    Event event;
    event.type = "caption.ready";
    event.video = track.video;
    JsonWriter data;
    data.begin_object()
        .member("track", track.id.text())
        .member("language", track.language)
        .member("version", track.version)
        .end_object();
    event.data = data.take();
    return event;
}

}  // namespace

void CaptionImport::register_with(ledger::TaskRunner& runner) {
    runner.handle("captions.import",
                  [this](ledger::LeasedTask task, std::stop_token) { return import(std::move(task)); });
    runner.handle("captions.discard",
                  [this](ledger::LeasedTask task, std::stop_token) { return discard(std::move(task)); });
}

Awaitable<ledger::TaskOutcome> CaptionImport::discard(ledger::LeasedTask task) {
    co_await blobs_.remove(BlobKey(order_of(task).cues_key));
    co_return ledger::Done{};
}

Awaitable<ledger::TaskOutcome> CaptionImport::import(ledger::LeasedTask task) {
    const Order order = order_of(task);
    const bool wanted = co_await database_.read([&order](SqlSession& session) {
        return catalog::find_video(session, order.video) &&
               !catalog::find_embedded_track(session, order.video, order.track.origin);
    });
    // It is there already, or the film has been purged.
    if (!wanted) co_return ledger::Done{};
    const auto bytes = co_await blobs_.get(BlobKey(order.cues_key), limits::kRawCuesJsonBytesMax);
    if (!bytes) throw Failure(fmt::format("'{}' is not in the store", order.cues_key));
    const auto packets = media::raw_cues_from_json(as_text(*bytes));
    if (!packets) throw Failure(fmt::format("cannot read '{}': {}", order.cues_key, packets.error().message));
    const auto captions = media::captions_from_packets(order.codec, *packets);
    if (!captions) co_return ledger::Failed{{captions.error().code, captions.error().message, captions.error().detail}};
    if (captions->cues.empty()) {
        log_info("a text track holds nothing to show",
                 {{"video_id", order.video.text()}, {"track", order.track.origin}});
        co_return ledger::Done{};
    }
    // The file first: a row whose file is missing would be a track that cannot be shown.
    const std::string file = media::to_webvtt(captions->cues);
    const auto view = as_bytes(file);
    const auto key = blob_keys::caption(order.video, order.track.id, order.track.version);
    const auto stored = co_await blobs_.put(BlobKey(key), Bytes(view.begin(), view.end()));
    if (!stored) throw_not_stored(key, stored.error());
    ledger::Done done;
    done.effect = [this, track = order.track, rows = rows_of(captions->cues)](SqlSession& session) {
        // Purged this moment: its file goes with all others of the film.
        if (!catalog::find_video(session, track.video)) return;
        catalog::insert_track(session, track, rows);
        outbox_.append(session, ready_event(track));
        catalog::tell_changed(session, outbox_, watch_, track.video);
    };
    co_return done;
}

}  // namespace movio::captions
