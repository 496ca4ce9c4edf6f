#include "catalog/video_view.hpp"

#include "base/clock.hpp"

namespace movio::catalog {
namespace {

void write_time(JsonWriter& writer, std::string_view name, const std::optional<std::int64_t>& time_us) {
    writer.key(name);
    if (time_us)
        writer.value(rfc3339(*time_us));
    else
        writer.null();
}

void write_progress(JsonWriter& writer, const std::optional<Progress>& progress) {
    writer.key("progress");
    if (!progress) {
        writer.null();
        return;
    }
    writer.begin_object().member("percent", progress->percent).member("stage", progress->stage).key("seconds_left");
    if (progress->seconds_left < 0)
        writer.null();
    else
        writer.value(progress->seconds_left);
    writer.end_object();
}

void write_playback(JsonWriter& writer, const std::optional<PlaybackLinks>& links) {
    writer.key("playback");
    if (!links) {
        writer.null();
        return;
    }
    writer.begin_object()
        .member("dash_url", links->dash_url)
        .member("hls_url", links->hls_url)
        .member("poster_url", links->poster_url)
        .member("storyboard_url", links->storyboard_url)
        .member("preview_url", links->preview_url)
        .member("chapters_url", links->chapters_url);
    write_time(writer, "expires_at", links->expires_us);
    writer.end_object();
}

// Whom a film is shared with is its owner's business.
void write_people(JsonWriter& writer, const VideoView& view) {
    writer.key("shared_with");
    if (!view.mine) {
        writer.null();
        return;
    }
    writer.begin_array();
    for (const auto& person : view.shared_with)
        writer.begin_object()
            .member("id", person.id.text())
            .member("name", person.name)
            .member("email", person.email)
            .end_object();
    writer.end_array();
}

void write_groups(JsonWriter& writer, const VideoView& view) {
    writer.key("groups");
    if (!view.mine) {
        writer.null();
        return;
    }
    writer.begin_array();
    for (const auto& group : view.groups) catalog::write(writer, group);
    writer.end_array();
}

void write_failure(JsonWriter& writer, const std::optional<VideoFailure>& failure) {
    writer.key("failure");
    if (!failure) {
        writer.null();
        return;
    }
    writer.begin_object()
        .member("code", failure->code)
        .member("message", failure->message)
        .member("detail", failure->detail)
        .end_object();
}

void write_json_or_null(JsonWriter& writer, std::string_view name, const std::string& json) {
    writer.key(name);
    if (json.empty())
        writer.null();
    else
        writer.raw(json);
}

bool is_being_made(VideoStatus status) {
    return status == VideoStatus::submitted || status == VideoStatus::processing || status == VideoStatus::playable;
}

}  // namespace

VideoView make_view(const Viewer& viewer, Video video, std::vector<CaptionTrackRow> captions, const FilmWatch& watch,
                    const MediaLinks& links) {
    VideoView view;
    view.mine = may_change(viewer, video);
    view.tells_moderation = view.mine || moderates(viewer);
    view.playback = links.playback(viewer, video);
    for (const auto& track : captions) view.caption_urls.push_back(links.caption(viewer, video, track));
    if (is_being_made(video.status)) view.progress = watch.progress(video.id).value_or(Progress{0, "waiting", -1, 0});
    view.video = std::move(video);
    view.captions = std::move(captions);
    return view;
}

void write_moderation(JsonWriter& writer, const std::optional<Moderation>& moderation) {
    writer.key("moderation");
    if (!moderation) {
        writer.null();
        return;
    }
    writer.begin_object().member("state", moderation->state).member("reason", moderation->reason);
    write_time(writer, "decided_at", moderation->decided_us);
    writer.end_object();
}

void write(JsonWriter& writer, const VideoView& view) {
    const auto& video = view.video;
    writer.begin_object()
        .member("id", video.id.text())
        .member("title", video.title)
        .member("description", video.description)
        .member("visibility", video.visibility)
        .member("licence", video.licence)
        .member("attribution", video.attribution)
        .member("mine", view.mine);
    write_moderation(writer, view.tells_moderation ? video.moderation : std::nullopt);
    write_people(writer, view);
    write_groups(writer, view);
    writer.member("status", to_text(video.status));
    write_failure(writer, video.failure);
    writer.member("duration_ms", video.duration_ms).member("created_at", rfc3339(video.created_us));
    write_time(writer, "deleted_at", video.deleted_us);
    write_time(writer, "purge_at", view.purge_us);
    writer.member("playable_after_ms", playable_after_ms(video));
    write_progress(writer, view.progress);
    write_playback(writer, view.playback);
    writer.key("rungs")
        .raw(video.rungs_json)
        .key("audio")
        .raw(video.audio_json)
        .key("chapters")
        .raw(video.chapters_json);
    writer.key("analysis");
    if (video.analysis_json.empty())
        writer.null();
    else
        writer.raw(video.analysis_json);
    writer.key("captions").begin_array();
    for (std::size_t i = 0; i < view.captions.size(); ++i) {
        const auto& track = view.captions[i];
        writer.begin_object()
            .member("id", track.id.text())
            .member("language", track.language)
            .member("label", track.label)
            .member("source", track.source)
            .member("url", view.caption_urls[i])
            .end_object();
    }
    writer.end_array();
    write_json_or_null(writer, "estimate", video.estimate_json);
    write_json_or_null(writer, "actual", video.actual_json);
    writer.end_object();
}

}  // namespace movio::catalog
