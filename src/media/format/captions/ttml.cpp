#include <limits>
#include <optional>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "media/format/captions/cue_list.hpp"
#include "media/format/captions/cue_times.hpp"
#include "media/format/captions/formats.hpp"

namespace movio::media {

namespace {

constexpr int kDepthMax = 32;
constexpr std::size_t kDocumentBytesMax = 4U
                                          << 20;  // a tree takes up to twenty times its text; films have about 0.5 MB

// Names are compared without their prefix: documents choose prefixes freely.
std::string_view local_name(const char* name) {
    const std::string_view whole(name);
    const auto colon = whole.find(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
    for (const auto found : node.attributes())
        if (local_name(found.name()) == name) return found.value();
    return {};
}

struct Clock {
    std::int64_t frame_rate = 30;
    std::int64_t tick_rate = 1;
};

std::int64_t positive_number(std::string_view text, std::int64_t otherwise) {
    const auto value = take_thousandths(text);
    return value && *value >= 1000 ? *value / 1000 : otherwise;
}

// TTML2 §12.3.1: a clock time, with a fraction or frames, or an offset with its unit.
std::optional<std::int64_t> parse_time(std::string_view text, const Clock& clock) {
    auto rest = trim(text);
    const auto last_colon = rest.rfind(':');
    if (rest.find(':') != last_colon && rest.find(':', rest.find(':') + 1) != last_colon) {
        auto frames = rest.substr(last_colon + 1);
        auto base = rest.substr(0, last_colon);
        const auto seconds = take_time(base);
        const auto count = take_thousandths(frames);
        if (!seconds || !count) return std::nullopt;
        return *seconds + *count / clock.frame_rate;
    }
    if (last_colon != std::string_view::npos) return take_time(rest);
    const auto value = take_thousandths(rest);
    if (!value) return std::nullopt;
    if (rest == "ms") return *value / 1000;
    if (rest == "s") return value;
    if (rest == "m") return *value * 60;
    if (rest == "h") return *value * 3600;
    if (rest == "f") return *value / clock.frame_rate;
    if (rest == "t") return *value / clock.tick_rate;
    return std::nullopt;
}

bool is_on(std::string_view value, std::string_view on) { return value.find(on) != std::string_view::npos; }

// White space around line feeds of the document is layout of the file (xml:space="default").
void append_collapsed(CueText& cue, std::string_view text) {
    std::string collapsed(text);
    for (auto& c : collapsed)
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    cue.append(collapsed);
}

void append_content(CueText& cue, const pugi::xml_node& node, int depth) {
    for (const auto child : node.children()) {
        if (cue.full()) return;
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
            append_collapsed(cue, child.value());
            continue;
        }
        const auto name = local_name(child.name());
        if (name == "br") cue.line_break();
        if (name != "span" || depth == kDepthMax) continue;
        const bool italic =
            is_on(attribute(child, "fontStyle"), "italic") || is_on(attribute(child, "fontStyle"), "oblique");
        const bool bold = attribute(child, "fontWeight") == "bold";
        const bool underline = attribute(child, "textDecoration") == "underline";
        if (italic) cue.open(CueTag::italic);
        if (bold) cue.open(CueTag::bold);
        if (underline) cue.open(CueTag::underline);
        append_content(cue, child, depth + 1);
        if (italic) cue.close(CueTag::italic);
        if (bold) cue.close(CueTag::bold);
        if (underline) cue.close(CueTag::underline);
    }
}

struct Span {
    std::int64_t begin_ms = 0;
    std::int64_t end_ms = std::numeric_limits<std::int64_t>::max() / 2;
};

// Times of an element count from the beginning of the one around it.
Span timed(const pugi::xml_node& node, Span around, const Clock& clock) {
    Span span = around;
    if (const auto begin = parse_time(attribute(node, "begin"), clock)) span.begin_ms = around.begin_ms + *begin;
    if (const auto end = parse_time(attribute(node, "end"), clock))
        span.end_ms = std::min(around.end_ms, around.begin_ms + *end);
    if (const auto lasting = parse_time(attribute(node, "dur"), clock))
        span.end_ms = std::min(span.end_ms, span.begin_ms + *lasting);
    return span;
}

MediaResult<void> add_below(CueList& list, const pugi::xml_node& node, Span around, const Clock& clock, int depth) {
    for (const auto child : node.children()) {
        const auto name = local_name(child.name());
        if (name != "body" && name != "div" && name != "p") continue;
        const auto span = timed(child, around, clock);
        if (name == "p") {
            CueText text;
            append_content(text, child, 0);
            const auto added = list.add(span.begin_ms, span.end_ms, std::move(text), {});
            if (!added) return added;
        } else if (depth < kDepthMax) {
            const auto added = add_below(list, child, span, clock, depth + 1);
            if (!added) return added;
        }
    }
    return {};
}

MediaResult<void> add_document(CueList& list, std::string_view text) {
    if (text.size() > kDocumentBytesMax)
        return bad_media(MediaStage::captions, ErrorCode::too_large,
                         fmt::format("A TTML file may have {} MiB at most.", kDocumentBytesMax >> 20));
    pugi::xml_document document;
    const auto parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata,
                                             pugi::encoding_utf8);
    const auto root = document.document_element();
    if (!parsed || local_name(root.name()) != "tt")
        return bad_media(MediaStage::captions, ErrorCode::not_media, "The subtitles are XML, but not TTML.");
    Clock clock;
    clock.frame_rate = positive_number(attribute(root, "frameRate"), 30);
    clock.tick_rate = positive_number(attribute(root, "tickRate"), 1);
    return add_below(list, root, {}, clock, 0);
}

}  // namespace

MediaResult<Captions> parse_ttml(std::string_view text) {
    CueList list;
    const auto added = add_document(list, text);
    if (!added) return std::unexpected(added.error());
    return list.take();
}

}  // namespace movio::media
