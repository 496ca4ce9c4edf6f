#include "media/engine/images/sheets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "media/engine/filter/chain.hpp"
#include "media/engine/images/jpeg.hpp"
#include "media/engine/images/webp.hpp"
#include "media/format/storyboard.hpp"
#include "media/format/vtt_tracks.hpp"

namespace movio::media {
namespace {

constexpr int kQuality = 5;
constexpr int kPreviewPictureMs = 600;

class SheetMaker {
public:
    SheetMaker(const SheetsWork& work, const Storyboard& board, PictureSize thumbnail, ArtefactSink& sink)
        : work_(work),
          board_(board),
          thumbnail_(thumbnail),
          tile_{board.tile_width, board.tile_height},
          sheet_size_{board.columns * board.tile_width, board.rows * board.tile_height},
          sink_(sink),
          sheet_(new_canvas(sheet_size_)) {}

    // A strip that cannot be read leaves its places as they are.
    MediaResult<void> add(const SheetsWork::Strip& strip, ByteSource& source);
    MediaResult<void> finish();

private:
    MediaResult<void> place(std::int64_t tile, const AVFrame& small, int column);
    MediaResult<void> close_sheet();

    const SheetsWork& work_;
    const Storyboard& board_;
    PictureSize thumbnail_;
    PictureSize tile_;
    PictureSize sheet_size_;
    ArtefactSink& sink_;
    av::Frame sheet_;
    std::int64_t number_ = 0;  // of the sheet, from 0
    std::vector<av::Frame> preview_;
    std::int64_t preview_end_ = 0;  // tiles before it were looked through for the preview
};

MediaResult<av::Frame> scaled(const AVFrame& picture, PictureSize size) {
    const std::vector<FilterStep> steps{{"scale", fmt::format("w={}:h={}:flags=area", size.width, size.height)},
                                        {"format", "pix_fmts=yuvj420p"}};
    auto chain = FilterChain::make(picture, {1, 1}, steps, 1);
    if (!chain) return std::unexpected(chain.error());
    auto reference = av::new_reference(picture);
    if (auto pushed = chain->push(reference.get()); !pushed) return std::unexpected(pushed.error());
    auto pulled = chain->pull();
    if (!pulled) return std::unexpected(pulled.error());
    if (!*pulled) return bad_media(MediaStage::filter, ErrorCode::internal, "The scaler swallowed a frame.");
    return **std::move(pulled);
}

MediaResult<Bytes> read_strip(const SheetsWork::Strip& strip, ByteSource& source) {
    Bytes bytes(static_cast<std::size_t>(strip.bytes));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got =
            source.read_at(strip.offset + static_cast<std::int64_t>(filled), std::span(bytes).subspan(filled));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return bad_media(MediaStage::open, ErrorCode::internal, "The strips end early.");
        filled += *got;
    }
    return bytes;
}

MediaResult<void> SheetMaker::close_sheet() {
    const auto bytes = encode_jpeg(*sheet_, kQuality);
    if (!bytes) return std::unexpected(bytes.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::image;
    artefact.rendition = storyboard_sheet_name(++number_);
    artefact.bytes = *bytes;
    sheet_ = new_canvas(sheet_size_);
    sink_.progress(static_cast<int>(number_ * 1000 / board_.sheets()));
    return sink_.put(std::move(artefact));
}

MediaResult<void> SheetMaker::place(std::int64_t tile, const AVFrame& small, int column) {
    while (number_ < tile / board_.tiles_each()) {
        if (auto closed = close_sheet(); !closed) return closed;
    }
    const auto at = static_cast<int>(tile - number_ * board_.tiles_each());
    // Strips of work that was done twice overlap.
    if (at < 0) return {};
    paste(*sheet_, {at % board_.columns * tile_.width, at / board_.columns * tile_.height}, small,
          {column * tile_.width, 0}, tile_);
    return {};
}

MediaResult<void> SheetMaker::add(const SheetsWork::Strip& strip, ByteSource& source) {
    if (strip.tiles <= 0 || strip.first_tile < 0 || strip.first_tile + strip.tiles > board_.tiles) return {};
    const auto bytes = read_strip(strip, source);
    if (!bytes) return std::unexpected(bytes.error());
    const auto count = static_cast<int>(strip.tiles);
    const auto pictures = decode_jpeg(*bytes, {count * thumbnail_.width, thumbnail_.height});
    if (!pictures) return {};
    const auto small = scaled(**pictures, {count * tile_.width, tile_.height});
    if (!small) return std::unexpected(small.error());
    for (int column = 0; column < count; ++column) {
        const auto tile = strip.first_tile + column;
        if (auto placed = place(tile, **small, column); !placed) return placed;
        if (tile < preview_end_ || !std::ranges::binary_search(work_.preview, tile)) continue;
        preview_end_ = tile + 1;
        preview_.push_back(new_canvas(thumbnail_));
        paste(*preview_.back(), {}, **pictures, {column * thumbnail_.width, 0}, thumbnail_);
    }
    return {};
}

MediaResult<void> SheetMaker::finish() {
    while (number_ < board_.sheets()) {
        if (auto closed = close_sheet(); !closed) return closed;
    }
    // The preview is an extra of the extras: without it the sheets are as good.
    auto bytes = preview_.empty() ? std::nullopt : encode_animation(preview_, kPreviewPictureMs);
    if (!bytes) return {};
    Artefact artefact;
    artefact.kind = ArtefactKind::image;
    artefact.rendition = kPreviewName;
    artefact.bytes = *std::move(bytes);
    return sink_.put(std::move(artefact));
}

}  // namespace

MediaResult<void> make_sheets(const Plan& plan, const SheetsWork& work, ByteSource& strips, ArtefactSink& sink) {
    const auto board = storyboard_of(plan);
    if (!board) return bad_media(MediaStage::plan, ErrorCode::internal, "A film without picture has no thumbnails.");
    SheetMaker maker(work, *board, thumbnail_size(plan), sink);
    for (const auto& strip : work.strips) {
        if (sink.stop_requested()) return bad_media(MediaStage::encode, ErrorCode::cancelled, "The work was stopped.");
        if (auto added = maker.add(strip, strips); !added) return added;
    }
    return maker.finish();
}

}  // namespace movio::media
