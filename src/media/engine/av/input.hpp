#pragma once
#include <memory>
#include <optional>
#include <string>

#include "media/engine/av/handles.hpp"
#include "media/engine/av/sample_table.hpp"
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"

namespace movio::media::av {

// In what order a container is read. `first_to_last`, where its demuxer can do without looking ahead: then a source
// that still grows can be read as it comes, and what is found is the same as when it is whole. Elsewhere no difference.
enum class ReadOrder { any, first_to_last };

// A source opened by libav with nothing but its own bytes: known containers only, no protocol, no second file.
// Not movable once open (libav keeps its address). `bytes` and `sink` outlive it.
class Input {
public:
    static MediaResult<std::unique_ptr<Input>> open(ByteSource& bytes, const ArtefactSink& sink,
                                                    ReadOrder order = ReadOrder::any);
    // Without a look at the packets: for what the container says of itself, all over the file.
    static MediaResult<std::unique_ptr<Input>> open_head(ByteSource& bytes, const ArtefactSink& sink);
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

    // From now on, of a container with a sample table, packets are read for their times and sizes: see SampleTable.
    // To be called once packets of every stream have been read.
    void skim();

    // Read no packets of streams other than this one.
    void only(int stream);

private:
    Input(ByteSource& bytes, const ArtefactSink& sink) : bytes_(bytes), sink_(sink) {}
    MediaResult<void> open_container(ReadOrder order);
    bool reads_ahead() const { return order_ == ReadOrder::any; }
    MediaResult<void> find_streams();
    std::unexpected<MediaError> refusal(int av_error);
    static int on_read(void* self, std::uint8_t* target, int size);
    static std::int64_t on_seek(void* self, std::int64_t offset, int whence);
    static int on_interrupt(void* self);

    ByteSource& bytes_;
    const ArtefactSink& sink_;
    ReadOrder order_ = ReadOrder::any;
    std::int64_t position_ = 0;
    std::optional<MediaError> source_error_;
    int unreadable_ = 0;
    std::string container_;
    IoContext io_;
    FormatContext context_;
    std::optional<SampleTable> table_;
};

}  // namespace movio::media::av
