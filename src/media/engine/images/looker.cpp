#include "media/engine/images/looker.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "media/engine/filter/shape.hpp"
#include "media/engine/images/jpeg.hpp"
#include "media/engine/images/picture_figures.hpp"

namespace movio::media {
namespace {

constexpr int kQuality = 3;              // sheets and previews are made of it
constexpr std::size_t kBlackSpans = 64;  // of one look; flicker has more

const VideoInfo& picture_of(const Plan& plan) {
    for (const auto& track : plan.index.tracks) {
        if (track.stream == plan.video_stream && track.video) return *track.video;
    }
    static const VideoInfo none;
    return none;
}

Artefact artefact_of(ArtefactKind kind, const char* name, std::int64_t number, ByteView bytes) {
    Artefact artefact;
    artefact.kind = kind;
    artefact.rendition = name;
    artefact.number = number;
    artefact.bytes.assign(bytes.begin(), bytes.end());
    return artefact;
}

}  // namespace

Looker::Looker(const Plan& plan, ArtefactSink& sink, std::int64_t first_frame)
    : video_(picture_of(plan)),
      sink_(sink),
      board_(storyboard_of(plan).value_or(Storyboard{})),
      size_(thumbnail_size(plan)) {
    look_.span = {first_frame, first_frame};
    look_.first_tile = board_.tile_from(first_frame);
}

bool Looker::is_full_range(const AVFrame& picture) const {
    return !needs_tone_mapping(video_) && (video_.colour.full_range || picture.color_range == AVCOL_RANGE_JPEG);
}

MediaResult<av::Frame> Looker::thumbnail(const AVFrame& picture) {
    if (!chain_ || !chain_->fits(picture)) {
        auto chain = FilterChain::make(picture, {1, 1}, rendition_steps(video_, picture, size_, Levels::jpeg), 1);
        if (!chain) return std::unexpected(chain.error());
        chain_.emplace(*std::move(chain));
    }
    auto reference = av::new_reference(picture);
    if (auto pushed = chain_->push(reference.get()); !pushed) return std::unexpected(pushed.error());
    auto pulled = chain_->pull();
    if (!pulled) return std::unexpected(pulled.error());
    if (!*pulled) return bad_media(MediaStage::filter, ErrorCode::internal, "The scaler swallowed a frame.");
    return **std::move(pulled);
}

bool Looker::add_tile(std::int64_t tile, const AVFrame& picture) {
    const auto figures = measure_picture(picture, is_full_range(picture));
    auto small = thumbnail(picture);
    if (!small) return false;
    if (look_.tiles.empty()) look_.first_tile = tile;
    look_.tiles.push_back(figures.value_or(PictureFigures{}));
    thumbnails_.push_back(*std::move(small));
    return true;
}

void Looker::note_black(std::int64_t number) {
    if (!look_.black.empty() && look_.black.back().end == number)
        look_.black.back().end = number + 1;
    else if (look_.black.size() < kBlackSpans)
        look_.black.push_back({number, number + 1});
}

MediaResult<void> Looker::see(std::int64_t number, const std::shared_ptr<const av::Frame>& picture) {
    if (given_up_) return {};
    const bool begins_tile = number % board_.interval_frames == 0;
    if (begins_tile && look_.tiles.size() == limits::kStripTilesMax) {
        if (auto handed = hand_over(); !handed) return handed;
    }
    if (begins_tile && !add_tile(number / board_.interval_frames, **picture)) {
        given_up_ = true;
        return {};
    }
    if (picture != last_) {
        PictureFigures figures;
        figures.black = black_share(**picture, is_full_range(**picture)).value_or(0);
        last_is_black_ = is_black(figures);
        last_ = picture;
    }
    if (last_is_black_) note_black(number);
    look_.span.end = number + 1;
    return {};
}

MediaResult<void> Looker::see_tile(std::int64_t tile, const AVFrame& picture) {
    const auto next = look_.first_tile + static_cast<std::int64_t>(look_.tiles.size());
    if (!look_.tiles.empty() && (tile != next || look_.tiles.size() == limits::kStripTilesMax)) {
        if (auto handed = hand_over(); !handed) return handed;
    }
    if (look_.tiles.empty()) look_.span = {board_.frame_of(tile), board_.frame_of(tile)};
    if (!add_tile(tile, picture)) given_up_ = true;
    return {};
}

MediaResult<void> Looker::finish() { return hand_over(); }

MediaResult<void> Looker::hand_over() {
    auto look = std::exchange(look_, Look{});
    look_.span = {look.span.end, look.span.end};
    look_.first_tile = board_.tile_from(look.span.end);
    const auto thumbnails = std::exchange(thumbnails_, {});
    if (given_up_ || (look.tiles.empty() && look.span.first == look.span.end)) return {};
    if (!thumbnails.empty()) {
        auto strip = new_canvas({static_cast<int>(thumbnails.size()) * size_.width, size_.height});
        for (std::size_t i = 0; i < thumbnails.size(); ++i)
            paste(*strip, {static_cast<int>(i) * size_.width, 0}, *thumbnails[i], {}, size_);
        const auto bytes = encode_jpeg(*strip, kQuality);
        if (!bytes) {
            given_up_ = true;
            return {};
        }
        auto taken = sink_.put(artefact_of(ArtefactKind::image, kStrip, look.span.first, *bytes));
        if (!taken) return taken;
    }
    // Its figures come last: where they are, the strip is too.
    const auto json = to_json(look);
    return sink_.put(artefact_of(ArtefactKind::figures, kLook, look.span.first, as_bytes(json)));
}

}  // namespace movio::media
