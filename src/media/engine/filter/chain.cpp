#include "media/engine/filter/chain.hpp"

#include <memory>

#include "media/engine/av/report.hpp"

namespace movio::media {
namespace {

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::filter, ErrorCode::internal, "The picture cannot be brought into shape.", av_error);
}

AVFilterContext* add_filter(AVFilterGraph& graph, const char* filter) {
    return avfilter_graph_alloc_filter(&graph, avfilter_get_by_name(filter), nullptr);
}

struct FreeAv {
    void operator()(void* memory) const { av_free(memory); }
};

int start_source(AVFilterContext* source, const AVFrame& like, Rational time_base) {
    const std::unique_ptr<AVBufferSrcParameters, FreeAv> parameters(av_buffersrc_parameters_alloc());
    if (source == nullptr || !parameters) return AVERROR(ENOMEM);
    parameters->format = like.format;
    parameters->width = like.width;
    parameters->height = like.height;
    parameters->sample_aspect_ratio = {1, 1};
    parameters->time_base = {static_cast<int>(time_base.num), static_cast<int>(time_base.den)};
    av::set_colour(*parameters, like);
    const int set = av_buffersrc_parameters_set(source, parameters.get());
    return set < 0 ? set : avfilter_init_str(source, nullptr);
}

}  // namespace

MediaResult<FilterChain> FilterChain::make(const AVFrame& like, Rational time_base, std::span<const FilterStep> steps,
                                           int threads) {
    FilterChain chain;
    chain.graph_.reset(avfilter_graph_alloc());
    if (!chain.graph_) throw std::bad_alloc();
    chain.graph_->nb_threads = threads;
    chain.width_ = like.width;
    chain.height_ = like.height;
    chain.format_ = like.format;
    chain.matrix_ = like.colorspace;
    chain.range_ = like.color_range;
    chain.source_ = add_filter(*chain.graph_, "buffer");
    if (const int started = start_source(chain.source_, like, time_base); started < 0) return cannot(started);
    AVFilterContext* last = chain.source_;
    const auto append = [&](const char* filter, const char* options) {
        AVFilterContext* context = add_filter(*chain.graph_, filter);
        if (context == nullptr) return AVERROR_FILTER_NOT_FOUND;
        if (const int started = avfilter_init_str(context, options); started < 0) return started;
        const int linked = avfilter_link(last, 0, context, 0);
        last = context;
        return linked;
    };
    for (const auto& step : steps) {
        if (const int added = append(step.filter, step.options.c_str()); added < 0) return cannot(added);
    }
    if (const int added = append("buffersink", nullptr); added < 0) return cannot(added);
    chain.sink_ = last;
    if (const int configured = avfilter_graph_config(chain.graph_.get(), nullptr); configured < 0)
        return cannot(configured);
    return chain;
}

bool FilterChain::fits(const AVFrame& frame) const {
    return frame.width == width_ && frame.height == height_ && frame.format == format_ && frame.colorspace == matrix_ &&
           frame.color_range == range_;
}

MediaResult<void> FilterChain::push(AVFrame* frame) {
    const int pushed = av_buffersrc_add_frame_flags(source_, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
    if (pushed < 0) return cannot(pushed);
    return {};
}

MediaResult<std::optional<av::Frame>> FilterChain::pull() {
    auto frame = av::new_frame();
    const int pulled = av_buffersink_get_frame(sink_, frame.get());
    if (pulled == AVERROR(EAGAIN) || pulled == AVERROR_EOF) return std::optional<av::Frame>{};
    if (pulled < 0) return cannot(pulled);
    return std::optional(std::move(frame));
}

Rational FilterChain::time_base() const {
    const AVRational value = av_buffersink_get_time_base(sink_);
    return {value.num, value.den};
}

}  // namespace movio::media
