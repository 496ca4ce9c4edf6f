#pragma once
#include <memory>
#include <optional>
#include <string>

#include "media/engine/av/handles.hpp"
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"

namespace movio::media::av {

// A source opened by libav with nothing but its own bytes: known containers only, no protocol, no second file.
// Not movable once open (libav keeps its address). `bytes` and `sink` outlive it.
class Input {
public:
    static MediaResult<std::unique_ptr<Input>> open(ByteSource& bytes, const ArtefactSink& sink);
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    AVFormatContext& context() { return *context_; }
    AVStream& stream(int index) { return *context_->streams[index]; }
    int streams() const { return static_cast<int>(context_->nb_streams); }
    const std::string& container() const { return container_; }

    // The next packet of any stream that is not discarded; false at the end. What the demuxer cannot read is skipped
    // and counted in `unreadable`; an error is the byte source's, or a stop.
    MediaResult<bool> read(AVPacket& packet);
    int unreadable() const { return unreadable_; }

    // Position before the packet at `time` of this stream (its time base), or at a byte. False: libav could not.
    bool seek_time(int stream, std::int64_t time);
    bool seek_byte(std::int64_t position);

    // Read no packets of streams other than this one.
    void only(int stream);

private:
    Input(ByteSource& bytes, const ArtefactSink& sink) : bytes_(bytes), sink_(sink) {}
    MediaResult<void> open_container();
    MediaResult<void> find_streams();
    std::unexpected<MediaError> refusal(int av_error);
    static int on_read(void* self, std::uint8_t* target, int size);
    static std::int64_t on_seek(void* self, std::int64_t offset, int whence);
    static int on_interrupt(void* self);

    ByteSource& bytes_;
    const ArtefactSink& sink_;
    std::int64_t position_ = 0;
    std::optional<MediaError> source_error_;
    int unreadable_ = 0;
    std::string container_;
    IoContext io_;
    FormatContext context_;
};

}  // namespace movio::media::av
