#include "media/engine/av/input.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/engine/av/report.hpp"
#include "media/engine/av/sniff.hpp"

namespace movio::media::av {
namespace {

using std::string_view_literals::operator""sv;

constexpr int kIoBufferBytes = 256 << 10;  // a read may cross processes: few and large
constexpr int kUnreadableInARowMax = 200;  // then nothing sensible follows
constexpr std::int64_t kProbeBytesMax = 8 << 20;
// An AVI tells at its end which of its pictures are key frames, so it is read when it is whole.
constexpr std::array kReadFirstToLast{"mov"sv, "matroska"sv, "mpegts"sv, "mpeg"sv, "flv"sv, "ogg"sv,
                                      "asf"sv, "wav"sv,      "mp3"sv,    "aac"sv,  "flac"sv};
// Its samples are sought one by one, as soon as their table is there.
constexpr auto kByTable = "mov"sv;
constexpr std::int64_t kAnalyseMicrosecondsMax = 8'000'000;

int deny_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

}  // namespace

Input::~Input() = default;

int Input::on_read(void* self, std::uint8_t* target, int size) {
    auto& input = *static_cast<Input*>(self);
    if (input.source_error_) return AVERROR(EIO);
    const std::span place(reinterpret_cast<std::byte*>(target), static_cast<std::size_t>(size));
    auto sample = input.table_ ? input.table_->read_sample(input.bytes_, input.position_, place) : std::nullopt;
    const auto got = sample ? *std::move(sample) : input.bytes_.read_at(input.position_, place);
    if (!got) {
        input.source_error_ = got.error();
        return AVERROR(EIO);
    }
    if (*got == 0) return AVERROR_EOF;
    input.position_ += static_cast<std::int64_t>(*got);
    return static_cast<int>(*got);
}

std::int64_t Input::on_seek(void* self, std::int64_t offset, int whence) {
    auto& input = *static_cast<Input*>(self);
    whence &= ~AVSEEK_FORCE;
    if (whence == SEEK_CUR) offset += input.position_;
    if (whence == AVSEEK_SIZE || whence == SEEK_END) {
        if (!input.reads_ahead()) return AVERROR(ENOSYS);
        if (whence == AVSEEK_SIZE) return input.bytes_.size();
        offset += input.bytes_.size();
    }
    if (offset < 0) return AVERROR(EINVAL);
    input.position_ = offset;
    return offset;
}

int Input::on_interrupt(void* self) { return static_cast<Input*>(self)->sink_.stop_requested() ? 1 : 0; }

MediaResult<std::unique_ptr<Input>> Input::open(ByteSource& bytes, const ArtefactSink& sink, ReadOrder order) {
    std::unique_ptr<Input> input(new Input(bytes, sink));
    if (auto opened = input->open_container(order); !opened) return std::unexpected(opened.error());
    if (auto found = input->find_streams(); !found) return std::unexpected(found.error());
    return input;
}

MediaResult<std::unique_ptr<Input>> Input::open_head(ByteSource& bytes, const ArtefactSink& sink) {
    std::unique_ptr<Input> input(new Input(bytes, sink));
    if (auto opened = input->open_container(ReadOrder::any); !opened) return std::unexpected(opened.error());
    return input;
}

MediaResult<void> Input::open_container(ReadOrder order) {
    auto container = sniff_container(bytes_);
    if (!container) return std::unexpected(container.error());
    container_ = *std::move(container);
    const bool can = std::ranges::find(kReadFirstToLast, container_) != kReadFirstToLast.end();
    order_ = can ? order : ReadOrder::any;
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
    if (buffer == nullptr) throw std::bad_alloc();
    io_.reset(avio_alloc_context(buffer, kIoBufferBytes, 0, this, on_read, nullptr, on_seek));
    AVFormatContext* context = avformat_alloc_context();
    if (!io_ || context == nullptr) throw std::bad_alloc();
    // Seeking back goes on working; what lies ahead is read through.
    if (!reads_ahead() && container_ != kByTable) io_->seekable = 0;
    context->pb = io_.get();
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    if (!reads_ahead() && container_ == kByTable) context->flags |= AVFMT_FLAG_IGNIDX;
    context->io_open = deny_open;
    context->interrupt_callback = {on_interrupt, this};
    context->max_streams = limits::kStreamsMax;
    context->probesize = kProbeBytesMax;
    context->max_analyze_duration = kAnalyseMicrosecondsMax;
    context->format_whitelist = av_strdup(container_whitelist());
    context->protocol_whitelist = av_strdup("");
    context->codec_whitelist = av_strdup(decoder_whitelist());
    // On failure libav frees the context itself.
    const int opened = avformat_open_input(&context, "", av_find_input_format(container_.c_str()), nullptr);
    if (opened < 0) return refusal(opened);
    context_.reset(context);
    return {};
}

MediaResult<void> Input::find_streams() {
    // `max_pixels` is an option of each probing decoder, not of the container.
    std::vector<AVDictionary*> options(context_->nb_streams, nullptr);
    for (auto& option : options) {
        av_dict_set_int(&option, "max_pixels", limits::kPixelsMax, 0);
        av_dict_set_int(&option, "threads", 1, 0);
    }
    const int found = avformat_find_stream_info(context_.get(), options.empty() ? nullptr : options.data());
    for (auto& option : options) av_dict_free(&option);
    if (found < 0) return refusal(found);
    // What was looked at got its times before all of a stream was known. Where libav looks at the end of a file, too,
    // it reads the beginning once more by itself.
    if (!reads_ahead() && container_.starts_with("mpeg")) {
        io_->seekable = AVIO_SEEKABLE_NORMAL;
        avformat_flush(context_.get());
        avio_seek(io_.get(), 0, SEEK_SET);
        io_->seekable = 0;
    }
    return {};
}

std::unexpected<MediaError> Input::refusal(int av_error) {
    if (source_error_) return std::unexpected(*source_error_);
    if (sink_.stop_requested()) return bad_media(MediaStage::open, ErrorCode::cancelled, "The work was stopped.");
    if (log_mentions("moov atom not found")) {
        return failed(
            MediaStage::open, ErrorCode::damaged,
            "The file has no table of contents (moov): the recording or the upload was cut off. Upload the whole file again.",
            av_error);
    }
    return failed(
        MediaStage::open, ErrorCode::damaged,
        "The file begins like " + container_ + " but cannot be read. It is damaged; upload it again or convert it.",
        av_error);
}

MediaResult<bool> Input::read(AVPacket& packet) {
    for (int unreadable_in_a_row = 0; unreadable_in_a_row < kUnreadableInARowMax;) {
        av_packet_unref(&packet);
        if (sink_.stop_requested()) return bad_media(MediaStage::open, ErrorCode::cancelled, "The work was stopped.");
        const int got = av_read_frame(context_.get(), &packet);
        if (source_error_) return std::unexpected(*source_error_);
        if (got >= 0) return true;
        if (got == AVERROR_EOF) return false;
        if (got == AVERROR(EAGAIN)) {
            ++unreadable_in_a_row;
            continue;
        }
        const bool at_end = avio_feof(io_.get()) != 0;
        // Of a box that claims to reach behind the end, all samples have been read; the table says how many are
        // missing.
        if (at_end && container_ == kByTable) return false;
        ++unreadable_;
        ++unreadable_in_a_row;
        if (at_end) return false;
    }
    return false;
}

void Input::skim() {
    if (container_ != kByTable) return;
    table_.emplace(*context_);
    // Each sample is one read then, of exactly its bytes.
    io_->direct = AVIO_FLAG_DIRECT;
}

bool Input::seek_time(int stream, std::int64_t time) {
    return avformat_seek_file(context_.get(), stream, INT64_MIN, time, time, 0) >= 0;
}

bool Input::seek_byte(std::int64_t position) {
    return av_seek_frame(context_.get(), -1, position, AVSEEK_FLAG_BYTE) >= 0;
}

void Input::only(int stream) {
    for (int index = 0; index < streams(); ++index) {
        this->stream(index).discard = index == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
}

}  // namespace movio::media::av
