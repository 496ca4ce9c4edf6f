#include "catalog/film_facts.hpp"

#include "base/json.hpp"
#include "media/format/estimate.hpp"

namespace movio::catalog {
namespace {

std::int64_t bits_per_second(const std::vector<media::MeasuredSegment>& segments, std::int64_t timescale) {
    std::int64_t bytes = 0;
    std::int64_t ticks = 0;
    for (const auto& segment : segments) {
        bytes += segment.bytes;
        ticks += segment.ticks;
    }
    return ticks == 0 ? 0 : media::scale(bytes * 8, timescale, ticks);
}

void write_stretches(JsonWriter& json, const std::optional<std::vector<media::Stretch>>& stretches) {
    if (!stretches) {
        json.null();
        return;
    }
    json.begin_array();
    for (const auto& stretch : *stretches)
        json.begin_object().member("start_ms", stretch.start_ms).member("end_ms", stretch.end_ms).end_object();
    json.end_array();
}

}  // namespace

std::string rungs_json(const media::Plan& plan, const media::Measured* measured) {
    JsonWriter json;
    json.begin_array();
    for (const auto& rung : plan.video) {
        std::int64_t bandwidth = std::int64_t{rung.cap_kbps} * 1000;
        if (measured != nullptr) {
            const auto found = measured->renditions.find(rung.name);
            if (found != measured->renditions.end()) bandwidth = bits_per_second(found->second, plan.grid.timescale());
        }
        json.begin_object()
            .member("width", rung.width)
            .member("height", rung.height)
            .member("bandwidth", bandwidth)
            .member("codec", rung.codecs)
            .member("source", rung.passthrough ? "passthrough" : "encoded")
            .end_object();
    }
    json.end_array();
    return json.take();
}

std::string audio_json(const media::Plan& plan) {
    JsonWriter json;
    json.begin_array();
    for (const auto& sound : plan.audio)
        json.begin_object().member("language", sound.language).member("channels", sound.channels).end_object();
    json.end_array();
    return json.take();
}

std::string chapters_json(const media::Plan& plan) {
    JsonWriter json;
    json.begin_array();
    for (const auto& chapter : plan.index.chapters) {
        json.begin_object().member("start_ms", chapter.start_ms).member("end_ms", chapter.end_ms);
        json.member("title", chapter.title).end_object();
    }
    json.end_array();
    return json.take();
}

std::string analysis_json(const media::Measured& measured) {
    JsonWriter json;
    json.begin_object().key("loudness_lufs");
    if (measured.loudness)
        json.value(*measured.loudness / 100.0);
    else
        json.null();
    write_stretches(json.key("black"), measured.black);
    write_stretches(json.key("silence"), measured.silence);
    json.end_object();
    return json.take();
}

std::string estimate_json(const std::optional<media::Estimate>& estimate) {
    if (!estimate) return {};
    JsonWriter json;
    media::write_estimate(json, *estimate);
    return json.take();
}

}  // namespace movio::catalog
