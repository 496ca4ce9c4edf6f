#pragma once
#include <string>

#include "base/error.hpp"
#include "media/format/plan.hpp"
#include "ports/event_bus.hpp"
#include "processing/film_rows.hpp"

// The events that the worker sends, as the api reads them.
namespace movio::processing {

Event planned_event(const FilmKey& film);
Event subtitle_event(const FilmKey& film, const media::TextRendition& track);
Event processed_event(const FilmKey& film, const std::string& measured_key, const std::string& poster_key);
Event failed_event(const FilmKey& film, const Error& error);
Event cancelled_event(const FilmKey& film);

}  // namespace movio::processing
