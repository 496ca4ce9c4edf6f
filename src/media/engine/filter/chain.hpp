#pragma once
#include <optional>
#include <span>
#include <string>

#include "media/engine/av/handles.hpp"
#include "media/format/media_result.hpp"
#include "media/format/rational.hpp"

namespace movio::media {

// One libavfilter filter with its options. They are ours alone (numbers and fixed names), never text of the source.
struct FilterStep {
    const char* filter;
    std::string options;
};

// Pictures in, pictures out, through a row of filters. Made for pictures of one kind; `fits` says whether a picture
// is of that kind.
class FilterChain {
public:
    static MediaResult<FilterChain> make(const AVFrame& like, Rational time_base, std::span<const FilterStep> steps,
                                         int threads);

    bool fits(const AVFrame& frame) const;
    // nullptr: no more come.
    MediaResult<void> push(AVFrame* frame);
    // nullopt: more input is needed, or the end.
    MediaResult<std::optional<av::Frame>> pull();
    Rational time_base() const;

private:
    FilterChain() = default;

    av::FilterGraph graph_;
    AVFilterContext* source_ = nullptr;
    AVFilterContext* sink_ = nullptr;
    int width_ = 0;
    int height_ = 0;
    int format_ = 0;
    int matrix_ = 0;
    int range_ = 0;
};

}  // namespace movio::media
