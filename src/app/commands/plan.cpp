#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/data_dir.hpp"
#include "app/services/media_settings.hpp"
#include "async/io_threads.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "media/format/source_rate.hpp"
#include "media/format/timeline.hpp"

namespace movio::app {
namespace {

// A file as the media process gets it: by descriptor, so that its path need not be readable for that user.
class FileSource final : public sandbox::SourceReader {
public:
    FileSource(std::filesystem::path path, std::int64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
    std::int64_t size() const override { return bytes_; }
    std::optional<std::filesystem::path> local_file() const override { return path_; }
    Awaitable<Bytes> read(std::int64_t, std::size_t) override { throw Failure("the file is read by its descriptor"); }

private:
    std::filesystem::path path_;
    std::int64_t bytes_;
};

Awaitable<media::MediaResult<void>> keep_index(std::string& json, media::Artefact artefact) {
    if (artefact.kind == media::ArtefactKind::index) json = as_text(artefact.bytes);
    co_return media::MediaResult<void>{};
}

Awaitable<media::MediaResult<media::Index>> index_file(sandbox::MediaProcesses& processes,
                                                       std::shared_ptr<sandbox::SourceReader> source,
                                                       std::chrono::seconds wall_limit) {
    sandbox::MediaJob job;
    job.order.work = media::IndexWork{};
    job.source = std::move(source);
    job.urgency = sandbox::Urgency::on_demand;
    job.wall_limit = wall_limit;
    std::string json;
    const auto on_artefact = [&json](media::Artefact artefact) { return keep_index(json, std::move(artefact)); };
    const auto ran = co_await processes.run(std::move(job), on_artefact, [](int) {}, {});
    if (!ran) co_return std::unexpected(ran.error());
    auto index = media::index_from_json(json);
    if (!index) throw Failure("the media process gave no readable index: " + index.error().message);
    co_return std::move(*index);
}

std::int64_t bytes_of(const media::Estimate& estimate, const std::string& name) {
    for (const auto& rendition : estimate.renditions)
        if (rendition.name == name) return rendition.bytes;
    return 0;
}

void write_json(const media::Plan& plan, const std::string& file) {
    JsonWriter json;
    json.begin_object().member("file", file).member("duration_ms", plan.duration_ms()).key("rungs").begin_array();
    for (const auto& rung : plan.video) {
        json.begin_object().member("name", rung.name).member("width", rung.width).member("height", rung.height);
        json.member("codec", rung.codecs)
            .member("cap_kbps", rung.cap_kbps)
            .member("source", rung.passthrough ? "passthrough" : "encoded");
        json.member("bytes", bytes_of(*plan.estimate, rung.name)).end_object();
    }
    json.end_array().key("passthrough_obstacle");
    if (plan.passthrough_obstacle.empty())
        json.null();
    else
        json.value(plan.passthrough_obstacle);
    json.key("rejected").begin_array();
    for (const auto& rung : plan.rejected)
        json.begin_object().member("height", rung.height).member("reason", rung.reason).end_object();
    json.end_array().key("audio").begin_array();
    for (const auto& sound : plan.audio) {
        json.begin_object().member("name", sound.name).member("language", sound.language);
        json.member("channels", sound.channels).member("source", sound.passthrough ? "passthrough" : "encoded");
        json.member("bytes", bytes_of(*plan.estimate, sound.name)).end_object();
    }
    json.end_array().key("warnings").begin_array();
    for (const auto& warning : plan.warnings) json.value(warning);
    json.end_array();
    media::write_estimate(json.key("estimate"), *plan.estimate);
    std::cout << json.end_object().take() << std::endl;
}

std::string tenths(std::int64_t milliseconds) {
    const auto rounded = (milliseconds + 50) / 100;
    return fmt::format("{}.{} s", rounded / 10, rounded % 10);
}

std::string megabytes(std::int64_t bytes) {
    const auto rounded = (bytes + 50'000) / 100'000;
    return fmt::format("{}.{} MB", rounded / 10, rounded % 10);
}

std::string source_line(const media::Plan& plan) {
    for (const auto& track : plan.index.tracks) {
        if (!plan.video_stream || track.stream != *plan.video_stream) continue;
        const auto rate = media::source_rate(track);
        return fmt::format(", {} {} x {}{}", track.codec, track.video->width, track.video->height,
                           rate ? fmt::format(", {} kb/s", rate->kbps) : "");
    }
    return {};
}

void write_text(const media::Plan& plan, const std::string& file) {
    const auto& estimate = *plan.estimate;
    std::cout << fmt::format("{}: {}{}\n", file, tenths(plan.duration_ms()), source_line(plan));
    for (const auto& rung : plan.video)
        std::cout << fmt::format("  {:<16} {:>5} x {:<5} {} {:>6} kb/s  about {:>10}\n", rung.name, rung.width,
                                 rung.height, rung.passthrough ? "as it is" : "at most ", rung.cap_kbps,
                                 megabytes(bytes_of(estimate, rung.name)));
    for (const auto& sound : plan.audio)
        std::cout << fmt::format("  {:<16} {:<13} {:>7} {:>6} kb/s  about {:>10}\n", sound.name, sound.language,
                                 sound.passthrough ? "as is," : "encoded,", sound.kbps,
                                 megabytes(bytes_of(estimate, sound.name)));
    for (const auto& rung : plan.rejected) std::cout << fmt::format("  no {:<13} {}\n", rung.height, rung.reason);
    if (!plan.passthrough_obstacle.empty())
        std::cout << "  the picture is not passed through: " << plan.passthrough_obstacle << '\n';
    for (const auto& warning : plan.warnings) std::cout << "  note: " << warning << '\n';
    std::cout << fmt::format("  playable after {}, complete after {}; {} of processor time, {}\n",
                             tenths(estimate.playable_ms), tenths(estimate.complete_ms), tenths(estimate.cpu_ms),
                             megabytes(estimate.bytes()))
              << std::flush;
}

int complain(const std::string& what) {
    std::cerr << "movio: " << what << '\n';
    return kExitFailure;
}

Awaitable<std::string> why_unconfined(sandbox::MediaProcesses& processes, bool required) {
    const bool confined = (co_await processes.selftest()).has_value();
    if (confined || !required) co_return "";
    co_return "the media process could do what it must not; see the log, or set media.sandbox = \"best-effort\"";
}

}  // namespace

int run_plan(const CommandContext& context, const std::filesystem::path& file, bool as_json) {
    configure_log(LogLevel::error, LogFormat::text);
    const auto executable = open_executable(context.media_executable);
    if (!executable) return complain(executable.error().message + "; it belongs beside movio");
    std::error_code error;
    const auto path = std::filesystem::absolute(file);
    if (!std::filesystem::is_regular_file(path, error)) return complain("'" + file.string() + "' is not a file");
    auto source =
        std::make_shared<FileSource>(path, static_cast<std::int64_t>(std::filesystem::file_size(path, error)));
    IoThreads threads(1);
    sandbox::MediaProcesses processes(media_options(context.settings, *executable));
    const bool required = context.settings.text("media.sandbox") == "required";
    const auto executor = threads.executor(0);
    if (const auto why = block_on(executor, why_unconfined(processes, required)); !why.empty()) return complain(why);
    const std::chrono::seconds limit(context.settings.integer("media.wall_limit"));
    const auto index = block_on(executor, index_file(processes, std::move(source), limit));
    if (!index) return complain(fmt::format("{}: {}", file.string(), index.error().message));
    auto plan = media::make_plan(*index, plan_settings(context.settings));
    if (!plan) return complain(fmt::format("{}: {}", file.string(), plan.error().message));
    plan->estimate = media::estimate(*plan, machine_figures(context.settings));
    if (as_json)
        write_json(*plan, file.string());
    else
        write_text(*plan, file.string());
    return kExitDone;
}

}  // namespace movio::app
