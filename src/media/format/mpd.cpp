#include <algorithm>
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "media/format/bandwidth.hpp"
#include "media/format/manifest.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {

namespace {

constexpr const char* kRoleScheme = "urn:mpeg:dash:role:2011";
constexpr const char* kChannelScheme = "urn:mpeg:mpegB:cicp:ChannelConfiguration";
constexpr const char* kTileScheme = "http://dashif.org/guidelines/thumbnail_tile";
constexpr std::int64_t kCaptionBitsPerSecond = 1000;

void set(pugi::xml_node& node, const char* name, const std::string& value) {
    node.append_attribute(name).set_value(value.c_str());
}

void set(pugi::xml_node& node, const char* name, std::int64_t value) { set(node, name, std::to_string(value)); }

// ISO/IEC 23009-1 allows seconds alone; trailing zeros say nothing.
std::string xml_duration(std::int64_t microseconds) {
    auto text = decimal_seconds(microseconds);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return "PT" + text + "S";
}

std::string ratio(std::int64_t a, std::int64_t b) {
    const auto divisor = std::gcd(a, b);
    return fmt::format("{}:{}", a / divisor, b / divisor);
}

void add_descriptor(pugi::xml_node& parent, const char* name, const char* scheme, const std::string& value) {
    auto node = parent.append_child(name);
    set(node, "schemeIdUri", scheme);
    set(node, "value", value);
}

void add_label(pugi::xml_node& set_node, const std::string& label) {
    if (!label.empty()) set_node.append_child("Label").text().set(label.c_str());
}

void add_segments(pugi::xml_node& set_node, const Timeline& timeline) {
    auto segment_template = set_node.append_child("SegmentTemplate");
    set(segment_template, "timescale", timeline.timescale);
    set(segment_template, "initialization", "$RepresentationID$/init.mp4");
    set(segment_template, "media", "$RepresentationID$/$Number$.m4s");
    set(segment_template, "startNumber", 1);
    auto list = segment_template.append_child("SegmentTimeline");
    for (std::size_t k = 0; k < timeline.segments();) {
        auto next = k + 1;
        while (next < timeline.segments() && timeline.duration(next) == timeline.duration(k)) ++next;
        auto s = list.append_child("S");
        if (k == 0) set(s, "t", timeline.starts[k]);
        set(s, "d", timeline.duration(k));
        if (next > k + 1) set(s, "r", static_cast<std::int64_t>(next - k - 1));
        k = next;
    }
}

pugi::xml_node add_set(pugi::xml_node& period, int& next_id, const char* content, const char* mime) {
    auto node = period.append_child("AdaptationSet");
    set(node, "id", next_id++);
    set(node, "contentType", content);
    set(node, "mimeType", mime);
    return node;
}

void add_picture(pugi::xml_node& period, int& next_id, const Plan& plan, const Measured* measured) {
    if (plan.video.empty()) return;
    const auto& top = plan.video.back();
    auto node = add_set(period, next_id, "video", "video/mp4");
    set(node, "segmentAlignment", "true");
    set(node, "startWithSAP", 1);
    set(node, "par", ratio(top.width, top.height));
    set(node, "sar", "1:1");
    set(node, "maxWidth", top.width);
    set(node, "maxHeight", top.height);
    const auto rate = plan.grid.frame_rate();
    set(node, "frameRate", rate.den == 1 ? std::to_string(rate.num) : fmt::format("{}/{}", rate.num, rate.den));
    add_descriptor(node, "Role", kRoleScheme, "main");
    add_segments(node, timeline_of(plan, top));
    for (const auto& rung : plan.video) {
        auto representation = node.append_child("Representation");
        set(representation, "id", rung.name);
        set(representation, "bandwidth", bandwidth_of(plan, weight_of(plan, rung, measured)).peak);
        set(representation, "codecs", rung.codecs);
        set(representation, "width", rung.width);
        set(representation, "height", rung.height);
    }
}

bool is_commentary(const Plan& plan, int stream) {
    return std::ranges::any_of(plan.index.tracks, [&](const Track& t) { return t.stream == stream && t.commentary; });
}

void add_sound(pugi::xml_node& period, int& next_id, const Plan& plan, const Measured* measured) {
    for (const auto& audio : plan.audio) {
        auto node = add_set(period, next_id, "audio", "audio/mp4");
        set(node, "lang", audio.language);
        set(node, "segmentAlignment", "true");
        set(node, "startWithSAP", 1);
        set(node, "audioSamplingRate", audio.sample_rate);
        add_descriptor(node, "AudioChannelConfiguration", kChannelScheme, std::to_string(audio.channels));
        add_label(node, audio.label);
        const auto* role = is_commentary(plan, audio.stream) ? "commentary" : audio.is_default ? "main" : "alternate";
        add_descriptor(node, "Role", kRoleScheme, role);
        add_segments(node, timeline_of(plan, audio));
        auto representation = node.append_child("Representation");
        set(representation, "id", audio.name);
        set(representation, "bandwidth", bandwidth_of(plan, weight_of(plan, audio, measured)).peak);
        set(representation, "codecs", audio.codecs);
    }
}

// One whole WebVTT file a set: segmented text would have to be in ISO BMFF (DASH-IF IOP §6.4.5).
void add_captions(pugi::xml_node& period, int& next_id, std::span<const CaptionTrack> captions) {
    for (const auto& track : captions) {
        auto node = add_set(period, next_id, "text", "text/vtt");
        set(node, "lang", track.language);
        add_label(node, track.label);
        const auto* role = track.forced ? "forced-subtitle" : track.hearing_impaired ? "caption" : "subtitle";
        add_descriptor(node, "Role", kRoleScheme, role);
        if (track.is_default) add_descriptor(node, "Role", kRoleScheme, "main");
        auto representation = node.append_child("Representation");
        set(representation, "id", "text-" + track.id);
        set(representation, "bandwidth", kCaptionBitsPerSecond);
        representation.append_child("BaseURL").text().set(track.address().c_str());
    }
}

// Sheets of thumbnails, DASH-IF IOP v5 part 10 (formerly 4.3 §6.2.6): a segment is a sheet, its duration that of its
// tiles.
void add_thumbnails(pugi::xml_node& period, int& next_id, const Plan& plan, const Measured* measured) {
    if (measured == nullptr || !measured->storyboard) return;
    const auto& board = *measured->storyboard;
    auto node = add_set(period, next_id, "image", "image/jpeg");
    auto segment_template = node.append_child("SegmentTemplate");
    set(segment_template, "timescale", plan.grid.timescale());
    set(segment_template, "media", "image/storyboard-$Number$.jpg");
    set(segment_template, "startNumber", 1);
    auto list = segment_template.append_child("SegmentTimeline");
    auto s = list.append_child("S");
    const auto ticks = board.tiles_each() * board.interval_frames * plan.grid.frame_ticks();
    set(s, "t", std::int64_t{0});
    set(s, "d", ticks);
    if (board.sheets() > 1) set(s, "r", board.sheets() - 1);
    auto representation = node.append_child("Representation");
    set(representation, "id", "storyboard");
    const auto each = measured->storyboard_bytes / board.sheets();
    set(representation, "bandwidth", std::max<std::int64_t>(1, scale(each * 8, plan.grid.timescale(), ticks)));
    set(representation, "width", std::int64_t{board.tile_width} * board.columns);
    set(representation, "height", std::int64_t{board.tile_height} * board.rows);
    add_descriptor(representation, "EssentialProperty", kTileScheme, fmt::format("{}x{}", board.columns, board.rows));
}

}  // namespace

std::string render_mpd(const Plan& plan, const Measured* measured, std::span<const CaptionTrack> captions) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    auto mpd = document.append_child("MPD");
    set(mpd, "xmlns", "urn:mpeg:dash:schema:mpd:2011");
    set(mpd, "profiles", "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019");
    set(mpd, "type", "static");
    set(mpd, "mediaPresentationDuration", xml_duration(presentation_end_us(plan)));
    set(mpd, "minBufferTime", fmt::format("PT{}S", target_duration_seconds(plan)));
    auto period = mpd.append_child("Period");
    set(period, "id", "0");
    set(period, "start", "PT0S");
    int next_id = 1;
    add_picture(period, next_id, plan, measured);
    add_sound(period, next_id, plan, measured);
    add_captions(period, next_id, captions);
    add_thumbnails(period, next_id, plan, measured);
    std::ostringstream out;
    document.save(out, "  ", pugi::format_default | pugi::format_skip_control_chars, pugi::encoding_utf8);
    return std::move(out).str();
}

}  // namespace movio::media
