#include "uploads/upload_service.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "catalog/video_rows.hpp"
#include "ports/blob_keys.hpp"

namespace movio::uploads {
namespace {

constexpr std::size_t kTitleCharactersMax = 220;
constexpr std::size_t kFilenameBytesMax = 255;

// The last part of what a client sent as a name, without control characters.
std::string clean_filename(std::string_view name) {
    const auto slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    std::string out;
    for (const char c : to_valid_utf8(name.substr(0, kFilenameBytesMax)))
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    return out.empty() ? "unnamed" : out;
}

std::string title_of(std::string_view filename) {
    const auto dot = filename.find_last_of('.');
    std::string title(dot == 0 || dot == std::string_view::npos ? filename : filename.substr(0, dot));
    for (char& c : title)
        if (c == '_') c = ' ';
    return title;
}

// Cut at a character, so that the text stays valid UTF-8.
std::string first_characters(std::string_view text, std::size_t count) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
        if (starts_character && seen++ == count) return std::string(text.substr(0, i));
    }
    return std::string(text);
}

std::string submitted_data(const catalog::Video& video, std::int64_t bytes) {
    JsonWriter json;
    json.begin_object()
        .member("source_key", video.source_key)
        .member("bytes", bytes)
        .member("filename", video.filename)
        .member("owner", video.owner_id)
        .key("policy")
        .begin_object()
        .end_object()
        .end_object();
    return json.take();
}

}  // namespace

class StoredUpload final : public Upload {
public:
    StoredUpload(UploadService& service, VideoId video, std::string source_key, std::unique_ptr<BlobWriter> writer)
        : service_(service), video_(video), source_key_(std::move(source_key)), writer_(std::move(writer)) {}

    VideoId video() const override { return video_; }

    Awaitable<Result<void>> write(Bytes bytes) override {
        written_ += static_cast<std::int64_t>(bytes.size());
        if (written_ > service_.bytes_max_) {
            co_return fail(
                ErrorCode::too_large,
                fmt::format("The file is larger than the limit of {} bytes (uploads.bytes_max)", service_.bytes_max_));
        }
        co_await writer_->write(std::move(bytes));
        co_return Result<void>{};
    }

    Awaitable<Result<void>> finish() override {
        if (written_ == 0) {
            co_await abandon();
            co_return fail(ErrorCode::invalid, "The file is empty; send the bytes of a video");
        }
        const auto outcome = co_await writer_->commit();
        if (outcome == CommitOutcome::existed) throw Failure("the key of a new source is taken: " + video_.text());
        writer_.reset();
        co_await service_.submit(video_, written_);
        co_return Result<void>{};
    }

    Awaitable<void> abandon() override {
        writer_.reset();
        // Already there when it was the database that had no room. Before the row, by which a restart would find it.
        co_await service_.blobs_.remove(BlobKey(source_key_));
        co_await service_.database_.write([id = video_](SqlSession& session) { catalog::erase_video(session, id); });
    }

private:
    UploadService& service_;
    VideoId video_;
    std::string source_key_;
    std::unique_ptr<BlobWriter> writer_;
    std::int64_t written_ = 0;
};

Awaitable<Result<std::unique_ptr<Upload>>> UploadService::begin(NewUpload upload) {
    if (upload.bytes > bytes_max_) {
        co_return fail(ErrorCode::too_large, fmt::format("The file has {} bytes; the limit is {} (uploads.bytes_max)",
                                                         upload.bytes, bytes_max_));
    }
    catalog::Video video;
    video.id = VideoId::make();
    video.owner_id = std::move(upload.owner_id);
    video.filename = clean_filename(upload.filename);
    const auto title = to_valid_utf8(upload.title.empty() ? title_of(video.filename) : upload.title);
    video.title = first_characters(title, kTitleCharactersMax);
    video.description = to_valid_utf8(upload.description);
    video.source_key = blob_keys::source(video.id, video.revision);
    video.source_bytes = upload.bytes;
    auto writer = co_await blobs_.create(BlobKey(video.source_key), upload.bytes);
    if (!writer) co_return std::unexpected(writer.error());
    co_await database_.write([&video](SqlSession& session) { catalog::insert_video(session, video); });
    std::unique_ptr<Upload> stored =
        std::make_unique<StoredUpload>(*this, video.id, video.source_key, std::move(*writer));
    co_return std::move(stored);
}

Awaitable<void> UploadService::submit(VideoId id, std::int64_t bytes) {
    co_await database_.write([this, id, bytes](SqlSession& session) {
        const auto video = catalog::find_video(session, id);
        if (!video || !catalog::advance(session, id, catalog::VideoStatus::submitted)) return;
        catalog::set_source(session, id, bytes);
        Event event;
        event.type = "video.submitted";
        event.video = id;
        event.revision = video->revision;
        event.data = submitted_data(*video, bytes);
        outbox_.append(session, std::move(event));
    });
    watch_.changed(id);
    log_info("a film is submitted", {{"video_id", id.text()}, {"bytes", bytes}});
}

Awaitable<void> UploadService::recover() {
    const auto open = co_await database_.read(
        [](SqlSession& session) { return catalog::videos_with_status(session, catalog::VideoStatus::uploading); });
    for (const auto& video : open) {
        const auto blob = co_await blobs_.stat(BlobKey(video.source_key));
        if (blob) {
            co_await submit(video.id, blob->bytes);
        } else {
            co_await database_.write([id = video.id](SqlSession& session) { catalog::erase_video(session, id); });
            log_info("an unfinished upload is forgotten", {{"video_id", video.id.text()}});
        }
    }
}

}  // namespace movio::uploads
