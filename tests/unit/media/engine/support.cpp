#include "unit/media/engine/support.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include "media/engine/engine.hpp"

namespace movio::media::test {
namespace {

std::filesystem::path work_folder() {
    const auto folder = std::filesystem::path(MOVIO_BINARY_DIR) / "test-media";
    std::filesystem::create_directories(folder);
    return folder;
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> letters((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto view = as_bytes({letters.data(), letters.size()});
    return {view.begin(), view.end()};
}

struct Output {
    std::string text;
    int status = 0;
};

Output capture(const std::string& command) {
    Output output;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return {"cannot run " + command, 1};
    std::array<char, 65536> buffer{};
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        output.text.append(buffer.data(), got);
    output.status = pclose(pipe);
    return output;
}

}  // namespace

MemorySource MemorySource::of_file(const std::filesystem::path& path) { return MemorySource(read_file(path)); }

MediaResult<std::size_t> MemorySource::read_at(std::int64_t offset, std::span<std::byte> target) {
    if (offset < 0 || offset >= MemorySource::size()) return std::size_t{0};
    const auto count = std::min(target.size(), bytes_.size() - static_cast<std::size_t>(offset));
    std::copy_n(bytes_.begin() + offset, count, target.begin());
    bytes_read_ += static_cast<std::int64_t>(count);
    return count;
}

const Artefact* CollectingSink::find(ArtefactKind kind, std::string_view rendition, std::int64_t number) const {
    for (const auto& artefact : artefacts) {
        if (artefact.kind == kind && artefact.rendition == rendition && artefact.number == number) return &artefact;
    }
    return nullptr;
}

std::vector<const Artefact*> CollectingSink::segments(std::string_view rendition) const {
    std::vector<const Artefact*> found;
    for (const auto& artefact : artefacts) {
        if (artefact.kind == ArtefactKind::segment && artefact.rendition == rendition) found.push_back(&artefact);
    }
    std::ranges::sort(found, {}, [](const Artefact* artefact) { return artefact->number; });
    return found;
}

std::optional<std::filesystem::path> shared_media(const std::string& name) {
    const char* folder = std::getenv("MOVIO_TEST_DATA");
    const auto root =
        folder != nullptr ? std::filesystem::path(folder) : std::filesystem::path(MOVIO_SOURCE_DIR) / ".." / "shared";
    auto path = root / "media" / name;
    if (!std::filesystem::exists(path)) return std::nullopt;
    return path;
}

std::string run(const std::string& command) {
    const auto output = capture(command + " 2>&1");
    EXPECT_EQ(output.status, 0) << command << "\n" << output.text;
    return output.text;
}

std::filesystem::path scratch(const std::string& name) {
    return work_folder() / (std::to_string(getpid()) + "-" + name);
}

std::filesystem::path made(const std::string& name, const std::string& arguments) {
    const auto key = std::to_string(std::hash<std::string>{}(arguments));
    const auto path = work_folder() / (key + "-" + name);
    if (std::filesystem::exists(path)) return path;
    const auto aside = scratch("making-" + name);
    run("ffmpeg -nostdin -hide_banner -v error -y " + arguments + " " + aside.string());
    std::filesystem::rename(aside, path);
    return path;
}

void write_file(const std::filesystem::path& path, ByteView bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

MediaResult<Index> index_of(ByteSource& source) {
    CollectingSink sink;
    WorkOrder order;
    order.work = IndexWork{};
    if (auto done = run_work(order, &source, sink); !done) return std::unexpected(done.error());
    const auto* artefact = sink.find(ArtefactKind::index);
    if (artefact == nullptr) return bad_media(MediaStage::index, ErrorCode::internal, "no index was handed over");
    auto index = index_from_json(as_text(artefact->bytes));
    if (!index) return bad_media(MediaStage::index, ErrorCode::internal, index.error().message);
    return *std::move(index);
}

PlanSettings encoding() {
    PlanSettings settings;
    settings.passthrough = false;
    return settings;
}

Plan plan_of(ByteSource& source, const PlanSettings& settings) {
    const auto index = index_of(source);
    EXPECT_TRUE(index) << (index ? "" : index.error().message + " / " + index.error().detail);
    if (!index) return {};
    auto plan = make_plan(*index, settings);
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    return plan ? *std::move(plan) : Plan{};
}

MediaResult<void> run_order(const Work& work, const Plan& plan, ByteSource& source, ArtefactSink& sink) {
    WorkOrder order;
    order.work = work;
    order.plan = plan;
    return run_work(order, &source, sink);
}

SegmentRange all_of(const Plan& plan, const std::string& rendition) { return {rendition, 0, plan.grid.segments()}; }

std::filesystem::path joined(const CollectingSink& sink, const std::string& rendition, const std::string& file) {
    const auto path = scratch(file);
    Bytes bytes;
    const auto* init = sink.find(ArtefactKind::init_segment, rendition);
    EXPECT_NE(init, nullptr) << rendition << " has no init segment";
    if (init != nullptr) bytes = init->bytes;
    for (const auto* segment : sink.segments(rendition))
        bytes.insert(bytes.end(), segment->bytes.begin(), segment->bytes.end());
    write_file(path, bytes);
    return path;
}

std::span<const std::uint8_t> Decoded::frame(std::int64_t number) const {
    const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    return std::span(grey).subspan(static_cast<std::size_t>(number) * size, size);
}

double psnr(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
    if (one.size() != other.size() || one.empty()) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        const double difference = static_cast<double>(one[i]) - static_cast<double>(other[i]);
        sum += difference * difference;
    }
    return sum == 0 ? 100 : 10 * std::log10(255.0 * 255.0 * static_cast<double>(one.size()) / sum);
}

Decoded decode_grey(const std::filesystem::path& file, int width, int height, const std::string& filter) {
    const auto complaints = scratch("complaints.txt");
    const auto output = capture(
        "ffmpeg -nostdin -hide_banner -v warning -i " + file.string() + (filter.empty() ? "" : " -vf " + filter) +
        " -map 0:v:0 -fps_mode passthrough -f rawvideo -pix_fmt gray - 2>" + complaints.string());
    Decoded decoded;
    decoded.width = width;
    decoded.height = height;
    const auto* data = reinterpret_cast<const std::uint8_t*>(output.text.data());
    decoded.grey.assign(data, data + output.text.size());
    decoded.frames = static_cast<std::int64_t>(output.text.size()) / (static_cast<std::int64_t>(width) * height);
    decoded.complaints = std::string(as_text(read_file(complaints)));
    if (output.status != 0) decoded.complaints += " (failed)";
    return decoded;
}

std::vector<std::int16_t> decode_sound(const std::filesystem::path& file, int sample_rate, int channels,
                                       std::int64_t media_time) {
    // Releases of ffmpeg differ in whether they skip what an edit list of a fragmented file says.
    const std::string played_whole = media_time > 0 ? "-ignore_editlist 1 " : "";
    const auto output =
        capture("ffmpeg -nostdin -hide_banner -v error " + played_whole + "-i " + file.string() +
                " -map 0:a -f s16le -ar " + std::to_string(sample_rate) + " -ac " + std::to_string(channels) + " -");
    EXPECT_EQ(output.status, 0);
    std::vector<std::int16_t> samples(output.text.size() / 2);
    std::memcpy(samples.data(), output.text.data(), samples.size() * 2);
    const auto skipped = std::min<std::int64_t>(media_time * channels, static_cast<std::int64_t>(samples.size()));
    samples.erase(samples.begin(), samples.begin() + skipped);
    return samples;
}

}  // namespace movio::media::test
