#include "media/engine/engine.hpp"

#include "media/engine/av/report.hpp"
#include "media/engine/copy/copy_video.hpp"
#include "media/engine/encode/encode_audio.hpp"
#include "media/engine/encode/encode_video.hpp"
#include "media/engine/images/looks.hpp"
#include "media/engine/images/poster.hpp"
#include "media/engine/images/sheets.hpp"
#include "media/engine/index/index_source.hpp"

namespace movio::media {
namespace {

std::unexpected<MediaError> without_plan() {
    return bad_media(MediaStage::plan, ErrorCode::internal, "The order came without its plan.");
}

struct Dispatch {
    const std::optional<Plan>& plan;
    ByteSource& source;
    ArtefactSink& sink;

    MediaResult<void> operator()(const IndexWork&) const {
        auto index = index_source(source, sink);
        if (!index) return std::unexpected(index.error());
        return {};
    }
    MediaResult<void> operator()(const VideoWork& work) const {
        if (!plan) return without_plan();
        VideoWork encoded;
        encoded.looks = work.looks;
        for (const auto& range : work.ranges) {
            const auto* rendition = plan->find_video(range.rendition);
            if (rendition == nullptr || !rendition->passthrough) {
                encoded.ranges.push_back(range);
            } else if (auto copied = copy_video(*plan, range, source, sink); !copied) {
                return copied;
            }
        }
        return encoded.ranges.empty() ? MediaResult<void>{} : encode_video(*plan, encoded, source, sink);
    }
    MediaResult<void> operator()(const AudioWork& work) const {
        if (!plan) return without_plan();
        return encode_audio(*plan, work, source, sink);
    }
    MediaResult<void> operator()(const LevelsWork& work) const {
        if (!plan) return without_plan();
        return measure_levels(*plan, work, source, sink);
    }
    MediaResult<void> operator()(const PosterWork& work) const {
        if (!plan) return without_plan();
        return make_poster(*plan, work, source, sink);
    }
    MediaResult<void> operator()(const LookWork& work) const {
        if (!plan) return without_plan();
        return make_looks(*plan, work, source, sink);
    }
    MediaResult<void> operator()(const SheetsWork& work) const {
        if (!plan) return without_plan();
        return make_sheets(*plan, work, source, sink);
    }
    MediaResult<void> operator()(const SelftestWork&) const {
        return bad_media(MediaStage::plan, ErrorCode::internal,
                         "The self-test is the sandbox's work, not the media engine's.");
    }
};

}  // namespace

MediaResult<void> run_work(const WorkOrder& order, ByteSource* source, ArtefactSink& sink) {
    av::set_up();
    if (source == nullptr) return bad_media(MediaStage::open, ErrorCode::internal, "The order came without a source.");
    return std::visit(Dispatch{order.plan, *source, sink}, order.work);
}

}  // namespace movio::media
