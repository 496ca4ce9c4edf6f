#include "processing/film_events.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "ports/blob_keys.hpp"

namespace movio::processing {
namespace {

// Id and time are given by the outbox.
Event event_of(const FilmKey& film, std::string type, std::string data) {
    Event event;
    event.type = std::move(type);
    event.video = film.video;
    event.revision = film.revision;
    event.data = std::move(data);
    return event;
}

Event failure_event(const FilmKey& film, std::string type, const Error& error) {
    JsonWriter data;
    data.begin_object()
        .member("code", to_text(error.code))
        .member("message", error.message)
        .member("detail", error.detail)
        .end_object();
    return event_of(film, std::move(type), data.take());
}

}  // namespace

Event planned_event(const FilmKey& film) {
    JsonWriter data;
    data.begin_object().member("plan_key", blob_keys::plan(film.video, film.revision)).end_object();
    return event_of(film, "video.planned", data.take());
}

Event subtitle_event(const FilmKey& film, const media::TextRendition& track) {
    JsonWriter data;
    data.begin_object()
        .member("track", std::int64_t{track.stream})
        .member("language", track.language)
        .member("label", track.label)
        .member("codec", track.codec)
        .member("default", track.is_default)
        .member("forced", track.forced)
        .member("sdh", track.hearing_impaired)
        .member("cues_key", blob_keys::raw_cues(film.video, film.revision, fmt::format("{}", track.stream)))
        .end_object();
    return event_of(film, "subtitle.extracted", data.take());
}

Event processed_event(const FilmKey& film, const std::string& measured_key, const std::string& poster_key) {
    JsonWriter data;
    data.begin_object().member("measured_key", measured_key).member("poster_key", poster_key).end_object();
    return event_of(film, "video.processed", data.take());
}

Event failed_event(const FilmKey& film, const Error& error) { return failure_event(film, "video.failed", error); }

Event cancelled_event(const FilmKey& film) {
    return failure_event(film, "video.cancelled",
                         {ErrorCode::cancelled, "Processing was cancelled; retry the job to go on", {}});
}

}  // namespace movio::processing
