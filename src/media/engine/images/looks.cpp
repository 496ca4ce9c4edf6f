#include "media/engine/images/looks.hpp"

#include <algorithm>

#include "media/engine/filter/shared_filter.hpp"
#include "media/engine/images/looker.hpp"

namespace movio::media {
namespace {

constexpr int kDecoderThreads = 1;

}  // namespace

MediaResult<void> make_looks(const Plan& plan, const LookWork& work, ByteSource& source, ArtefactSink& sink) {
    const auto board = storyboard_of(plan);
    if (!board) return bad_media(MediaStage::plan, ErrorCode::internal, "A film without picture has no thumbnails.");
    auto reader = PictureReader::open(source, sink, plan.index, *plan.video_stream, kDecoderThreads);
    if (!reader) return std::unexpected(reader.error());
    SharedFilter pictures(**reader, plan.grid.frame_rate(), thumbnail_size(plan));
    Looker looker(plan, sink, board->frame_of(work.first_tile));
    const auto end = std::min(work.end_tile, board->tiles);
    for (auto tile = work.first_tile; tile < end; ++tile) {
        if (sink.stop_requested()) return bad_media(MediaStage::decode, ErrorCode::cancelled, "The work was stopped.");
        if (auto started = pictures.start_at_frame(board->frame_of(tile)); !started) continue;
        const auto shown = pictures.next();
        if (!shown || !*shown) continue;
        if (auto seen = looker.see_tile(tile, *(*shown)->picture.frame); !seen) return seen;
        sink.progress(static_cast<int>((tile - work.first_tile + 1) * 1000 / (end - work.first_tile)));
    }
    return looker.finish();
}

}  // namespace movio::media
