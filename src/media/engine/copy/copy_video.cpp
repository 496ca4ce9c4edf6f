#include "media/engine/copy/copy_video.hpp"

#include <fmt/format.h>

#include "media/engine/av/avc_packet.hpp"
#include "media/engine/copy/picture_packets.hpp"
#include "media/engine/filter/shape.hpp"
#include "media/format/avc.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/hex.hpp"
#include "media/format/passthrough.hpp"

namespace movio::media {
namespace {

constexpr int kUnspecified = 2;

std::unexpected<MediaError> changed(std::string detail) {
    return bad_media(MediaStage::package, ErrorCode::damaged,
                     "The picture is not what it was when the film was indexed. The file is damaged.",
                     std::move(detail));
}

// What the source does not say is what players guess.
ColourInfo told_colour(const VideoInfo& video) {
    auto colour = output_colour(video);
    const auto tell = [](int told, int& value) {
        if (told != kUnspecified && told != 0) value = told;
    };
    tell(video.colour.primaries, colour.primaries);
    tell(video.colour.transfer, colour.transfer);
    tell(video.colour.matrix, colour.matrix);
    return colour;
}

class Copier {
public:
    Copier(const Plan& plan, const VideoRendition& rendition, const SegmentRange& range, PicturePackets packets,
           ArtefactSink& sink)
        : plan_(plan),
          rendition_(rendition),
          range_(range),
          packets_(std::move(packets)),
          sink_(sink),
          segment_(range.first) {}

    MediaResult<void> run();

private:
    struct Unit {
        Bytes sample;
        std::int64_t frame = 0;
        bool idr = false;
    };

    MediaResult<Unit> take(const AVPacket& packet) const;
    MediaResult<void> close();

    const Plan& plan_;
    const VideoRendition& rendition_;
    const SegmentRange& range_;
    PicturePackets packets_;
    ArtefactSink& sink_;
    av::AvcStream source_;
    AvcParameterSets sets_;
    std::int64_t segment_;
    std::vector<Unit> units_;
};

MediaResult<Copier::Unit> Copier::take(const AVPacket& packet) const {
    auto units = av::avc_units(packet, source_.length_bytes);
    if (!units) return changed("a NAL unit leads out of its packet");
    Unit unit{.sample = {}, .frame = packets_.frame_of(packet), .idr = false};
    std::vector<ByteView> kept;
    for (const auto nal : *units) {
        const auto kind = av::avc_unit_kind(nal);
        if (kind == av::AvcUnitKind::foreign || (kind == av::AvcUnitKind::parameters && !sets_.holds(nal)))
            return changed(fmt::format("frame {} brings other parameter sets or layers", unit.frame));
        if (kind == av::AvcUnitKind::parameters || kind == av::AvcUnitKind::delimiter) continue;
        if (kind == av::AvcUnitKind::idr) unit.idr = true;
        kept.push_back(nal);
    }
    unit.sample = join_avc_sample(kept);
    return unit;
}

MediaResult<void> Copier::close() {
    const auto place = plan_.grid.segment(segment_);
    const auto ticks = plan_.grid.frame_ticks();
    const auto held = segment_ + 1 == plan_.grid.segments() ? frames_held(plan_) : 0;
    if (static_cast<std::int64_t>(units_.size()) != place.frames - held || units_.empty() || !units_.front().idr)
        return changed(fmt::format("{} segment {}: {} pictures instead of {}", rendition_.name, segment_ + 1,
                                   units_.size(), place.frames - held));
    std::vector<Sample> samples;
    samples.reserve(units_.size());
    for (const auto& unit : units_) {
        const auto decode_frame = place.first_frame + static_cast<std::int64_t>(samples.size());
        samples.push_back({unit.sample, ticks, (unit.frame - decode_frame) * ticks, unit.idr});
    }
    samples.back().duration += held * ticks;
    auto bytes = write_segment(segment_ + 1, segment_decode_time(plan_, rendition_, segment_), samples);
    if (!bytes) return std::unexpected(bytes.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::segment;
    artefact.rendition = rendition_.name;
    artefact.number = segment_ + 1;
    artefact.ticks = place.frames * ticks;
    artefact.bytes = *std::move(bytes);
    units_.clear();
    ++segment_;
    sink_.progress(static_cast<int>((segment_ - range_.first) * 1000 / (range_.end - range_.first)));
    return sink_.put(std::move(artefact));
}

MediaResult<void> Copier::run() {
    auto source = av::read_avc_stream(packets_.stream());
    auto config = read_avc_config(from_hex(rendition_.avc_config).value_or(Bytes{}));
    if (!source || !config) return changed("its decoder configuration cannot be read");
    source_ = *std::move(source);
    sets_ = std::move(config->sets);
    for (const auto* sets : {&source_.sets.sequences(), &source_.sets.pictures()})
        for (const auto& unit : *sets)
            if (!sets_.holds(unit)) return changed("it has other parameter sets");
    if (auto started = packets_.start_at(plan_.grid.segment(segment_).first_frame); !started) return started;
    while (segment_ < range_.end) {
        const auto packet = packets_.next();
        if (!packet) return std::unexpected(packet.error());
        if (*packet == nullptr) {
            if (auto closed = close(); !closed) return closed;
            break;
        }
        auto unit = take(**packet);
        if (!unit) return std::unexpected(unit.error());
        const auto place = plan_.grid.segment(segment_);
        if (unit->idr && unit->frame == place.first_frame + place.frames) {
            if (auto closed = close(); !closed) return closed;
        }
        if (static_cast<std::int64_t>(units_.size()) > place.frames) return changed("a segment has more pictures");
        units_.push_back(*std::move(unit));
    }
    if (segment_ < range_.end) return changed("the film ends early");
    return {};
}

}  // namespace

MediaResult<void> copy_video(const Plan& plan, const SegmentRange& range, ByteSource& source, ArtefactSink& sink) {
    const auto* rendition = plan.find_video(range.rendition);
    const auto* picture = plan.find_picture();
    const bool fits = rendition != nullptr && rendition->passthrough && picture != nullptr && range.first >= 0 &&
                      range.first < range.end && range.end <= plan.grid.segments();
    if (!fits) {
        return bad_media(MediaStage::plan, ErrorCode::internal,
                         "The order asks for segments that the plan does not have.", range.rendition);
    }
    Artefact init;
    init.kind = ArtefactKind::init_segment;
    init.rendition = rendition->name;
    init.bytes = write_video_init(plan, *rendition, from_hex(rendition->avc_config).value_or(Bytes{}),
                                  told_colour(*picture->video));
    if (auto taken = sink.put(std::move(init)); !taken) return taken;
    auto packets = PicturePackets::open(source, sink, plan);
    if (!packets) return std::unexpected(packets.error());
    Copier copier(plan, *rendition, range, *std::move(packets), sink);
    return copier.run();
}

}  // namespace movio::media
