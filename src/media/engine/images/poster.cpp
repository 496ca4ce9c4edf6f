#include "media/engine/images/poster.hpp"

#include <algorithm>

#include "media/engine/filter/shared_filter.hpp"
#include "media/engine/images/jpeg.hpp"
#include "media/engine/images/picture_figures.hpp"

namespace movio::media {
namespace {

constexpr int kQuality = 4;  // of 2 (best) to 31: a 1280 x 720 frame takes about 100 kB
constexpr int kDecoderThreads = 2;

PictureSize fitted(PictureSize size, int width_max) {
    if (size.width <= width_max) return size;
    const auto height = static_cast<int>(scale(size.height, width_max, 2LL * size.width)) * 2;
    return {width_max - width_max % 2, std::max(height, 2)};
}

// The picture that this frame of the grid shows, or the first one.
MediaResult<av::Frame> picture_at(SharedFilter& pictures, std::int64_t frame) {
    if (auto started = pictures.start_at_frame(frame); !started) return std::unexpected(started.error());
    av::Frame shown;
    for (;;) {
        auto next = pictures.next();
        if (!next) return std::unexpected(next.error());
        if (!*next || (shown && (*next)->slot > frame)) break;
        shown = std::move((*next)->picture.frame);
    }
    if (!shown) return bad_media(MediaStage::decode, ErrorCode::damaged, "The frame for the poster cannot be decoded.");
    return shown;
}

// The first of these key frames that is good, else the best; nothing when all are black, blank or blurred.
av::Frame best_of(SharedFilter& pictures, const VideoInfo& video, const std::vector<std::int64_t>& candidates,
                  const ArtefactSink& sink) {
    av::Frame best;
    std::int64_t best_score = 0;
    for (const auto frame : candidates) {
        if (sink.stop_requested() || !pictures.start_at_frame(frame)) break;
        auto shown = pictures.next();
        if (!shown || !*shown) continue;
        auto& picture = (*shown)->picture.frame;
        const bool full =
            !needs_tone_mapping(video) && (video.colour.full_range || picture->color_range == AVCOL_RANGE_JPEG);
        const auto figures = measure_picture(*picture, full).value_or(PictureFigures{});
        if (const auto score = poster_score(figures); score > best_score) {
            best_score = score;
            best = std::move(picture);
        }
        if (is_good_poster(figures)) break;
    }
    return best;
}

MediaResult<av::Frame> choose_picture(SharedFilter& pictures, const Plan& plan, const VideoInfo& video,
                                      const PosterWork& work, const ArtefactSink& sink) {
    // Where every look means to read from the start, one has to do.
    const bool far_apart = plan.index.container != "ogg";
    if (far_apart) {
        if (auto best = best_of(pictures, video, work.candidates, sink)) return best;
    }
    return picture_at(pictures, work.frame);
}

}  // namespace

MediaResult<void> make_poster(const Plan& plan, const PosterWork& work, ByteSource& source, ArtefactSink& sink) {
    if (!plan.has_video())
        return bad_media(MediaStage::plan, ErrorCode::internal, "A film without picture has no poster.");
    auto reader = PictureReader::open(source, sink, plan.index, *plan.video_stream, kDecoderThreads);
    if (!reader) return std::unexpected(reader.error());
    const auto& video = *(*reader)->track().video;
    const auto size = fitted(display_size(video), std::max(work.width_max, 2));
    SharedFilter pictures(**reader, plan.grid.frame_rate(), size);
    auto shown = choose_picture(pictures, plan, video, work, sink);
    if (!shown) return std::unexpected(shown.error());
    auto chain = FilterChain::make(**shown, {1, 1}, rendition_steps(video, **shown, size, Levels::jpeg), 1);
    if (!chain) return std::unexpected(chain.error());
    if (auto pushed = chain->push(shown->get()); !pushed) return pushed;
    auto picture = chain->pull();
    if (!picture) return std::unexpected(picture.error());
    if (!*picture) return bad_media(MediaStage::filter, ErrorCode::internal, "The scaler swallowed a frame.");
    auto jpeg = encode_jpeg(***picture, kQuality);
    if (!jpeg) return std::unexpected(jpeg.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::image;
    artefact.rendition = kPosterName;
    artefact.bytes = *std::move(jpeg);
    sink.progress(1000);
    return sink.put(std::move(artefact));
}

}  // namespace movio::media
