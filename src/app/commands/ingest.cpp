#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/admin_client.hpp"
#include "app/command_line.hpp"
#include "app/progress_bar.hpp"
#include "base/log.hpp"
#include "base/percent_encode.hpp"
#include "base/utf8.hpp"

namespace movio::app {
namespace {

constexpr std::size_t kTargetBytesMax = 8000;  // the server takes 8,192

// Opened before the program may become another user, who perhaps cannot read it.
struct OpenFile {
    std::filesystem::path path;
    std::int64_t bytes = 0;
    std::unique_ptr<std::ifstream> stream;
};

Result<std::vector<OpenFile>> open_files(const std::vector<std::filesystem::path>& paths) {
    std::vector<OpenFile> files;
    for (const auto& path : paths) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error))
            return fail(ErrorCode::invalid, fmt::format("'{}' is not a file", path.string()));
        OpenFile file{path, static_cast<std::int64_t>(std::filesystem::file_size(path, error)),
                      std::make_unique<std::ifstream>(path, std::ios::binary)};
        if (!*file.stream)
            return fail(ErrorCode::invalid, fmt::format("cannot read '{}'; check its permissions", path.string()));
        files.push_back(std::move(file));
    }
    return files;
}

// As it can be shown: a file's name may be in another encoding.
std::string shown_name(const std::filesystem::path& path) { return to_valid_utf8(path.filename().string()); }

Result<std::string> send(AdminClient& client, OpenFile& file, const IngestArguments& arguments) {
    ProgressBar bar(shown_name(file.path));
    std::int64_t sent = 0;
    const auto source = [&](std::span<char> buffer) {
        file.stream->read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto count = static_cast<std::size_t>(file.stream->gcount());
        sent += static_cast<std::int64_t>(count);
        bar.show(file.bytes == 0 ? 100 : static_cast<int>(sent * 100 / file.bytes), "sending", -1);
        return count;
    };
    const auto encoded = [](std::string_view text) { return percent_encode(to_valid_utf8(text)); };
    const std::string target =
        fmt::format("/admin/uploads?filename={}&title={}&description={}&as={}", encoded(file.path.filename().string()),
                    encoded(arguments.title), encoded(arguments.description), encoded(arguments.as));
    if (target.size() > kTargetBytesMax)
        return fail(ErrorCode::invalid,
                    "--title and --description are too long: 7,000 bytes at most, of which a letter "
                    "beyond ASCII takes 6 to 9");
    auto answer = client.upload(target, file.bytes, source);
    if (!answer) return std::unexpected(answer.error());
    return answer->text_or("id", "");
}

// Shows how the film is made until it is ready or has failed.
Result<JsonView> follow(AdminClient& client, const std::string& id, const std::string& name) {
    ProgressBar bar(name);
    for (;;) {
        auto video = client.get("/admin/videos/" + id);
        if (!video) return video;
        const auto status = video->text_or("status", "");
        if (status == "ready" || status == "failed") {
            if (status == "ready") bar.show(100, "ready", -1);
            return video;
        }
        if (const auto progress = video->find("progress"); progress && progress->is_object()) {
            const auto left = progress->integer_or("seconds_left", -1);
            const auto stage = status == "playable" ? "playable, " + progress->text_or("stage", "")
                                                    : progress->text_or("stage", status);
            bar.show(static_cast<int>(progress->integer_or("percent", 0)), stage, left);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

int report(const JsonView& video, const std::string& name, const std::string& base) {
    if (video.text_or("status", "") == "failed") {
        const auto failure = video.find("failure");
        std::cerr << fmt::format("{}: failed: {}\n", name, failure ? failure->text_or("message", "") : "");
        return kExitFailure;
    }
    std::cout << fmt::format("{}  {}\n", video.text_or("id", ""), name);
    if (base.empty()) {
        std::cout << "  ready; `movio serve` shows it\n";
    } else {
        std::cout << fmt::format("  {}/watch/{}\n", base, video.text_or("id", ""));
        if (const auto playback = video.find("playback"); playback && playback->is_object())
            std::cout << fmt::format("  {}{}\n  {}{}\n", base, playback->text_or("dash_url", ""), base,
                                     playback->text_or("hls_url", ""));
    }
    std::cout.flush();
    return kExitDone;
}

}  // namespace

int run_ingest(const CommandContext& context, const IngestArguments& arguments) {
    if (!arguments.title.empty() && arguments.files.size() > 1) {
        std::cerr << "movio: --title is for one file\n";
        return kExitUsage;
    }
    // The bar has the terminal; only what is wrong may come between.
    configure_log(LogLevel::error, LogFormat::text);
    auto files = open_files(arguments.files);
    if (!files) {
        std::cerr << "movio: " << files.error().message << '\n';
        return kExitUsage;
    }
    auto client = AdminClient::connect(context, AdminClient::Need::work);
    if (!client) {
        std::cerr << "movio: " << client.error().message << '\n';
        return kExitFailure;
    }
    const auto status = (*client)->get("/admin/status");
    const std::string base = status ? status->text_or("address", "") : "";
    int code = kExitDone;
    for (auto& file : *files) {
        const std::string name = shown_name(file.path);
        const auto id = send(**client, file, arguments);
        if (!id) {
            std::cerr << fmt::format("{}: {}\n", name, id.error().message);
            code = kExitFailure;
            continue;
        }
        if (!arguments.wait) {
            std::cout << fmt::format("{}  {}\n", *id, name);
            continue;
        }
        const auto video = follow(**client, *id, name);
        if (!video) {
            std::cerr << fmt::format("{}: {}; the film goes on being made when the server runs\n", name,
                                     video.error().message);
            code = kExitFailure;
            continue;
        }
        if (report(*video, name, base) != kExitDone) code = kExitFailure;
    }
    return code;
}

}  // namespace movio::app
