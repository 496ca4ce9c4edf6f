#include "sandbox/artefact_check.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "media/format/look.hpp"
#include "media/format/loudness.hpp"
#include "media/format/sound.hpp"
#include "media/format/storyboard.hpp"
#include "media/format/verify.hpp"
#include "media/format/vtt_tracks.hpp"

namespace movio::sandbox {
namespace {

using media::Artefact;
using media::ArtefactKind;

constexpr std::int64_t kInitBytesMax = 64 << 10;  // a few boxes and a decoder configuration
constexpr std::int64_t kPosterBytesMax = 16 << 20;
constexpr std::int64_t kFiguresBytesMax = 8 << 20;  // the levels of 16 segments take 5 kB, of a day 5 MB
constexpr std::size_t kLooksMax = 512;              // a look and a strip for each sixteen tiles

std::int64_t bytes_max(const Artefact& head) {
    switch (head.kind) {
        case ArtefactKind::init_segment: return kInitBytesMax;
        case ArtefactKind::image:
            return head.rendition == media::kPosterName ? kPosterBytesMax : limits::kSheetBytesMax;
        case ArtefactKind::figures: return kFiguresBytesMax;
        case ArtefactKind::cues: return static_cast<std::int64_t>(limits::kRawCuesJsonBytesMax);
        default: return limits::kSegmentBytesMax;
    }
}

bool is_number(const std::string& text) {
    return !text.empty() && text.size() <= 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_jpeg(const Bytes& bytes) {
    constexpr std::array kStart{std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}};
    return bytes.size() > kStart.size() && std::ranges::equal(kStart, std::span(bytes).first(kStart.size()));
}

// A RIFF file of exactly its size (RFC 9649 §2.4).
bool is_webp(const Bytes& bytes) {
    constexpr std::size_t kHead = 12;
    if (bytes.size() < kHead) return false;
    const auto text = as_text(ByteView(bytes).first(kHead));
    std::size_t said = 0;
    for (std::size_t i = 0; i < 4; ++i) said |= std::to_integer<std::size_t>(bytes[4 + i]) << (8 * i);
    return text.starts_with("RIFF") && text.ends_with("WEBP") && said + 8 == bytes.size();
}

// What it says is read later by the bounded readers of media/format.
bool is_object_text(const Bytes& bytes) { return bytes.front() == std::byte{'{'} && bytes.back() == std::byte{'}'}; }

struct Samples {
    std::int64_t count = 0;
    std::int64_t ticks_each = 0;
};

Samples samples_of(const media::Plan& plan, const std::string& rendition, std::int64_t k) {
    if (const auto* audio = plan.find_audio(rendition)) {
        const auto frames = media::audio_segment(plan, *audio, k);
        return {frames.end - frames.first, media::kAacFrameSamples};
    }
    return {plan.grid.segment(k).frames, plan.grid.frame_ticks()};
}

std::optional<std::string> unless(bool good, const char* fault) {
    return good ? std::nullopt : std::optional<std::string>(fault);
}

}  // namespace

ArtefactCheck::ArtefactCheck(const media::WorkOrder& order) : order_(order) {
    const auto& work = order.work;
    if (const auto* video = std::get_if<media::VideoWork>(&work)) {
        for (const auto& range : video->ranges) expect(range);
        if (video->looks) expect_looks();
    } else if (const auto* audio = std::get_if<media::AudioWork>(&work)) {
        expect(audio->range);
        if (audio->levels) levels_ = audio->range.first;
    } else if (const auto* levels = std::get_if<media::LevelsWork>(&work)) {
        levels_ = levels->range.first;
    } else if (std::holds_alternative<media::PosterWork>(work)) {
        images_.insert(media::kPosterName);
    } else if (std::holds_alternative<media::LookWork>(work)) {
        expect_looks();
    } else if (const auto* sheets = std::get_if<media::SheetsWork>(&work)) {
        expect_sheets(!sheets->preview.empty());
    } else {
        indexes_ = 1;
        if (std::holds_alternative<media::IndexWork>(work)) cues_max_ = limits::kTextTracksMax;
    }
}

void ArtefactCheck::expect(const media::SegmentRange& range) {
    ++inits_[range.rendition].may_come;
    for (auto k = range.first; k < range.end; ++k) segments_.emplace(range.rendition, k + 1);
}

void ArtefactCheck::expect_looks() {
    if (order_.plan) look_end_ = order_.plan->grid.frames_total();
}

void ArtefactCheck::expect_sheets(bool preview) {
    const auto board = order_.plan ? media::storyboard_of(*order_.plan) : std::nullopt;
    for (std::int64_t n = 1; board && n <= board->sheets(); ++n) images_.insert(media::storyboard_sheet_name(n));
    if (preview) optional_image_ = media::kPreviewName;
}

bool ArtefactCheck::may_come(const Artefact& head) const {
    if (came_.contains(Key(head.rendition, head.number)) || came_.size() >= kLooksMax) return false;
    const bool image = head.kind == ArtefactKind::image;
    if (image && images_.contains(head.rendition)) return true;
    if (image && !optional_image_.empty() && head.rendition == optional_image_) return true;
    if (!image && head.rendition == media::kLevels) return levels_ == head.number;
    if (head.rendition != (image ? media::kStrip : media::kLook)) return false;
    return head.number >= 0 && head.number < look_end_;
}

std::optional<std::string> ArtefactCheck::head_fault(const Artefact& head, std::int64_t bytes) const {
    if (bytes <= 0 || bytes > bytes_max(head)) return "its size";
    const auto init = inits_.find(head.rendition);
    switch (head.kind) {
        case ArtefactKind::index: return unless(indexes_ > 0, "an index");
        case ArtefactKind::image: return unless(may_come(head), "an image");
        case ArtefactKind::figures: return unless(may_come(head), "figures");
        case ArtefactKind::cues:
            return unless(
                std::cmp_less(cues_.size(), cues_max_) && is_number(head.rendition) && !cues_.contains(head.rendition),
                "cues");
        case ArtefactKind::init_segment:
            return unless(init != inits_.end() && init->second.may_come > 0, "an init segment");
        case ArtefactKind::segment:
            if (!segments_.contains(Key(head.rendition, head.number))) return "segment " + std::to_string(head.number);
            return unless(init != inits_.end() && init->second.came, "a segment before its init segment");
        case ArtefactKind::plan: break;
    }
    return "its kind";
}

std::optional<std::string> ArtefactCheck::content_fault(const Artefact& artefact) {
    std::optional<std::string> fault;
    switch (artefact.kind) {
        case ArtefactKind::segment:
            fault = segment_fault(artefact);
            if (!fault) segments_.erase(Key(artefact.rendition, artefact.number));
            break;
        case ArtefactKind::init_segment:
            fault = init_fault(artefact);
            if (!fault) inits_.at(artefact.rendition).count();
            break;
        case ArtefactKind::image: fault = image_fault(artefact); break;
        case ArtefactKind::figures: fault = figures_fault(artefact); break;
        case ArtefactKind::cues:
            fault = unless(is_object_text(artefact.bytes), "it is no JSON object");
            if (!fault) cues_.insert(artefact.rendition);
            break;
        default:
            fault = unless(is_object_text(artefact.bytes), "it is no JSON object");
            if (!fault) --indexes_;
    }
    return fault;
}

std::optional<std::string> ArtefactCheck::image_fault(const Artefact& artefact) {
    if (artefact.rendition == media::kPreviewName) {
        if (!is_webp(artefact.bytes)) return "it is no WebP";
    } else if (!is_jpeg(artefact.bytes)) {
        return "it is no JPEG";
    }
    images_.erase(artefact.rendition);
    came_.emplace(artefact.rendition, artefact.number);
    return std::nullopt;
}

std::optional<std::string> ArtefactCheck::figures_fault(const Artefact& artefact) {
    const auto text = as_text(artefact.bytes);
    const bool readable = artefact.rendition == media::kLevels ? media::levels_from_json(text).has_value()
                                                               : media::look_from_json(text).has_value();
    if (!readable) return "its figures cannot be read";
    came_.emplace(artefact.rendition, artefact.number);
    return std::nullopt;
}

std::optional<std::string> ArtefactCheck::segment_fault(const Artefact& artefact) const {
    if (!order_.plan) return "there is no plan";
    const auto k = artefact.number - 1;
    const auto verified = media::verify_segment(*order_.plan, artefact.rendition, k, artefact.bytes);
    if (!verified) return verified.error().detail;
    const auto expected = samples_of(*order_.plan, artefact.rendition, k);
    if (artefact.ticks != expected.count * expected.ticks_each) return "it says another duration";
    return unless(artefact.damaged <= expected.count, "it says that more is damaged than it holds");
}

std::optional<std::string> ArtefactCheck::init_fault(const Artefact& artefact) const {
    if (!order_.plan) return "there is no plan";
    const auto verified = media::verify_init(*order_.plan, artefact.rendition, artefact.bytes);
    return verified ? std::nullopt : std::optional(verified.error().detail);
}

std::optional<std::string> ArtefactCheck::missing() const {
    if (indexes_ > 0) return "an index";
    if (!images_.empty()) return "the image " + *images_.begin();
    for (const auto& [rendition, init] : inits_) {
        if (!init.came) return "the init segment of " + rendition;
    }
    if (segments_.empty()) return std::nullopt;
    const auto& [rendition, number] = *segments_.begin();
    return "segment " + std::to_string(number) + " of " + rendition;
}

}  // namespace movio::sandbox
