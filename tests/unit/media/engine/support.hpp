#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/plan.hpp"
#include "media/format/work.hpp"

namespace movio::media::test {

class MemorySource : public ByteSource {
public:
    explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}
    static MemorySource of_file(const std::filesystem::path& path);

    std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
    MediaResult<std::size_t> read_at(std::int64_t offset, std::span<std::byte> target) override;

    std::int64_t bytes_read() const { return bytes_read_; }
    const Bytes& bytes() const { return bytes_; }

private:
    Bytes bytes_;
    std::int64_t bytes_read_ = 0;
};

class CollectingSink : public ArtefactSink {
public:
    MediaResult<void> put(Artefact artefact) override {
        if (on_put) on_put(artefact);
        artefacts.push_back(std::move(artefact));
        return {};
    }
    void progress(int permille) override { last_progress = permille; }
    bool stop_requested() const override { return stop; }

    const Artefact* find(ArtefactKind kind, std::string_view rendition = {}, std::int64_t number = 0) const;
    std::vector<const Artefact*> segments(std::string_view rendition) const;

    std::vector<Artefact> artefacts;
    std::function<void(const Artefact&)> on_put;
    int last_progress = 0;
    bool stop = false;
};

// Shared real files; nullopt where the folder is absent.
std::optional<std::filesystem::path> shared_media(const std::string& name);

// A file made once by `ffmpeg <arguments> <file>` and kept in the build folder for the next run.
std::filesystem::path made(const std::string& name, const std::string& arguments);
// Runs a command; its standard output, and standard error after it. Fails the test when it exits with a failure.
std::string run(const std::string& command);
std::filesystem::path scratch(const std::string& name);
void write_file(const std::filesystem::path& path, ByteView bytes);

MediaResult<Index> index_of(ByteSource& source);
// Every rung is encoded, whatever the source is.
PlanSettings encoding();
// Index and plan of a file; fails the test (and gives an empty plan) when there is none.
Plan plan_of(ByteSource& source, const PlanSettings& settings = encoding());
MediaResult<void> run_order(const Work& work, const Plan& plan, ByteSource& source, ArtefactSink& sink);
SegmentRange all_of(const Plan& plan, const std::string& rendition);

// The init segment and these segments, one after another, as a file for another decoder.
std::filesystem::path joined(const CollectingSink& sink, const std::string& rendition, const std::string& file);

// What the ffmpeg program decodes from a file.
struct Decoded {
    std::int64_t frames = 0;
    std::string complaints;          // everything it said on standard error
    std::vector<std::uint8_t> grey;  // frames of width x height bytes
    int width = 0;
    int height = 0;
    std::span<const std::uint8_t> frame(std::int64_t number) const;
};
// `filter` brings a source to that size.
Decoded decode_grey(const std::filesystem::path& file, int width, int height, const std::string& filter = {});
double psnr(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other);
// Interleaved 16-bit samples. Of our own files `media_time` says what a player skips; the ffmpeg program must not.
std::vector<std::int16_t> decode_sound(const std::filesystem::path& file, int sample_rate, int channels,
                                       std::int64_t media_time = 0);

#define MOVIO_NEEDS_SHARED(variable, name)                                 \
    const auto variable##_path = ::movio::media::test::shared_media(name); \
    if (!variable##_path) GTEST_SKIP() << "no shared media: " << (name);   \
    auto variable = ::movio::media::test::MemorySource::of_file(*variable##_path)

}  // namespace movio::media::test
