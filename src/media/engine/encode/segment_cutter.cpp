#include "media/engine/encode/segment_cutter.hpp"

#include <fmt/format.h>

#include "media/format/box_writer.hpp"

namespace movio::media {

MediaResult<void> SegmentCutter::close(std::vector<Artefact>& done) {
    const auto place = plan_.grid.segment(segment_);
    const auto ticks = plan_.grid.frame_ticks();
    if (static_cast<std::int64_t>(units_.size()) != place.frames || !units_.front().idr) {
        return bad_media(MediaStage::encode, ErrorCode::internal,
                         "The encoder gave a segment that does not hold its frames.",
                         fmt::format("{} segment {}: {} frames instead of {}", rendition_.name, segment_ + 1,
                                     units_.size(), place.frames));
    }
    std::vector<Sample> samples;
    samples.reserve(units_.size());
    for (const auto& unit : units_) {
        const auto decode_frame = place.first_frame + static_cast<std::int64_t>(samples.size());
        samples.push_back({unit.sample, ticks, (unit.number - decode_frame) * ticks, unit.idr});
    }
    auto bytes = write_segment(segment_ + 1, segment_decode_time(plan_, rendition_, segment_), samples);
    if (!bytes) return std::unexpected(bytes.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::segment;
    artefact.rendition = rendition_.name;
    artefact.number = segment_ + 1;
    artefact.ticks = place.frames * ticks;
    artefact.damaged = damaged_[segment_];
    artefact.bytes = *std::move(bytes);
    done.push_back(std::move(artefact));
    damaged_.erase(segment_);
    units_.clear();
    ++segment_;
    return {};
}

MediaResult<void> SegmentCutter::add(H264Encoder::Unit unit, std::vector<Artefact>& done) {
    if (unit.idr && !units_.empty()) {
        if (auto closed = close(done); !closed) return closed;
    }
    units_.push_back(std::move(unit));
    return {};
}

MediaResult<void> SegmentCutter::finish(std::vector<Artefact>& done) {
    if (units_.empty()) return {};
    return close(done);
}

}  // namespace movio::media
