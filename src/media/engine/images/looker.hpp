#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "media/engine/filter/chain.hpp"
#include "media/format/artefact.hpp"
#include "media/format/look.hpp"
#include "media/format/storyboard.hpp"

namespace movio::media {

// Looks at pictures while a stretch of the film is decoded, and hands over strips of the storyboard's tiles and what
// was seen. What goes wrong with it ends the looking, never the work that it looks at: only the sink's errors count.
class Looker {
public:
    // `plan` has a picture; it and the sink outlive this. Looking begins with this frame of the grid.
    Looker(const Plan& plan, ArtefactSink& sink, std::int64_t first_frame);

    // The frames of the grid in order, whatever picture each shows.
    MediaResult<void> see(std::int64_t number, const std::shared_ptr<const av::Frame>& picture);
    // A tile alone, ascending; the frames between are not looked at.
    MediaResult<void> see_tile(std::int64_t tile, const AVFrame& picture);
    // Hands over what is left.
    MediaResult<void> finish();

private:
    bool add_tile(std::int64_t tile, const AVFrame& picture);
    void note_black(std::int64_t number);
    MediaResult<void> hand_over();
    MediaResult<av::Frame> thumbnail(const AVFrame& picture);
    bool is_full_range(const AVFrame& picture) const;

    const VideoInfo& video_;
    ArtefactSink& sink_;
    Storyboard board_;
    PictureSize size_;
    bool given_up_ = false;
    Look look_;
    std::vector<av::Frame> thumbnails_;
    std::shared_ptr<const av::Frame> last_;
    bool last_is_black_ = false;
    std::optional<FilterChain> chain_;
};

}  // namespace movio::media
