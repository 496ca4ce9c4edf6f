#include "uploads/upload_service.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "catalog/audience.hpp"
#include "catalog/tell_changed.hpp"
#include "catalog/users.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_text.hpp"
#include "ports/blob_keys.hpp"

namespace movio::uploads {
namespace {

constexpr std::size_t kFilenameCharactersMax = 250;
constexpr std::size_t kExtensionCharactersMax = 20;

// The last part of what a client sent as a name, without control characters; where it is too long, its end stays.
std::string clean_filename(std::string_view name) {
    std::string printable;
    for (const char c : to_valid_utf8(name))
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) printable += c;
    auto parts = catalog::split_filename(printable);
    if (catalog::characters(parts.extension) > kExtensionCharactersMax) {
        parts.stem += parts.extension;
        parts.extension.clear();
    }
    const auto out = catalog::first_characters(parts.stem, kFilenameCharactersMax) + parts.extension;
    return out.empty() ? "unnamed" : out;
}

std::string title_of(std::string_view filename) {
    auto title = catalog::split_filename(filename).stem;
    std::ranges::replace(title, '_', ' ');
    return title;
}

void put_details(catalog::Video& video, const UploadDetails& details) {
    const auto title = to_valid_utf8(details.title.empty() ? title_of(video.filename) : details.title);
    video.title = catalog::first_characters(title, catalog::kTitleCharactersMax);
    video.description = to_valid_utf8(details.description);
    video.said_duration_us = details.said_duration_us;
    video.licence = details.licence;
    video.attribution = details.attribution;
    if (details.visibility) video.visibility = *details.visibility;
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

std::string begun_data(const catalog::Video& video) {
    JsonWriter json;
    json.begin_object().member("source_key", video.source_key).member("bytes", video.source_bytes).end_object();
    return json.take();
}

std::string ended_data(bool submitted) {
    JsonWriter json;
    json.begin_object().member("submitted", submitted).end_object();
    return json.take();
}

std::unexpected<Error> over_quota(std::int64_t bytes_left) {
    return fail(ErrorCode::forbidden,
                fmt::format("The file is larger than the {} bytes that are left of your quota. Deleted films make room "
                            "when they have left the trash",
                            bytes_left));
}

// Somebody who is deleted while a file of theirs arrives keeps no film.
bool owner_is_gone(SqlSession& session, const catalog::Video& video) {
    const auto owner = UserId::parse(video.owner_id);
    const auto user = owner ? catalog::find_user(session, *owner) : std::nullopt;
    return user && user->deleted;
}

}  // namespace

class StoredUpload final : public Upload {
public:
    // `bytes_left` of the owner's quota; nullopt: there is none.
    StoredUpload(UploadService& service, NewUpload begun, catalog::Video video, catalog::Viewer owner,
                 std::unique_ptr<BlobWriter> writer, std::optional<std::int64_t> bytes_left)
        : service_(service),
          begun_(std::move(begun)),
          bytes_left_(bytes_left),
          video_(std::move(video)),
          owner_(owner),
          extension_(catalog::split_filename(video_.filename).extension),
          writer_(std::move(writer)) {
        service_.tell("upload.begun", video_, begun_data(video_));
    }
    ~StoredUpload() override {
        if (!told_) service_.tell("upload.ended", video_, ended_data(false));
    }
    StoredUpload(const StoredUpload&) = delete;
    StoredUpload& operator=(const StoredUpload&) = delete;

    VideoId video() const override { return video_.id; }
    const std::string& custom_title() const override { return video_.custom_title; }
    const std::string& extension() const override { return extension_; }

    Awaitable<Result<void>> write(Bytes bytes) override {
        written_ += static_cast<std::int64_t>(bytes.size());
        if (written_ > service_.options_.bytes_max) {
            co_return fail(ErrorCode::too_large,
                           fmt::format("The file is larger than the limit of {} bytes (uploads.bytes_max)",
                                       service_.options_.bytes_max));
        }
        if (bytes_left_ && written_ > *bytes_left_) co_return over_quota(*bytes_left_);
        co_await writer_->write(std::move(bytes));
        co_return Result<void>{};
    }

    Awaitable<Result<void>> finish(UploadDetails details) override {
        if (written_ == 0) {
            co_await abandon();
            co_return fail(ErrorCode::invalid, "The file is empty; send the bytes of a video");
        }
        const auto received_us = wall_now_us();
        put_details(video_, details);
        if (auto saved = co_await save_details(details.groups); !saved) {
            co_await abandon();
            co_return saved;
        }
        const auto outcome = co_await writer_->commit();
        if (outcome == CommitOutcome::existed) throw Failure("the key of a new source is taken: " + video_.id.text());
        writer_.reset();
        co_await service_.submit(video_.id, written_, received_us);
        submitted_ = true;
        tell_ended(true);
        co_return Result<void>{};
    }

    Awaitable<void> abandon() override {
        if (submitted_) co_return;
        writer_.reset();
        tell_ended(false);
        co_await service_.forget(video_.id, video_.source_key);
    }

private:
    // Nothing is saved where the owner may not choose one of the groups; nor where others of the owner's files have
    // taken the room meanwhile: of what was not announced nothing could be kept for it.
    Awaitable<Result<void>> save_details(const std::vector<std::string>& groups) {
        co_return co_await service_.database_.write([&](SqlSession& session) -> Result<void> {
            const auto chosen = catalog::chosen_groups(session, owner_, video_.id, groups);
            if (!chosen) return std::unexpected(chosen.error());
            if (video_.source_bytes == 0) {
                const auto state = service_.quota_of(session, begun_);
                const auto left = state ? state->bytes_left() : std::nullopt;
                if (left && written_ > *left) return over_quota(*left);
                catalog::set_source(session, video_.id, written_, std::nullopt);
            }
            catalog::set_groups(session, video_.id, *chosen);
            catalog::set_details(session, video_);
            return {};
        });
    }

    void tell_ended(bool submitted) {
        if (!std::exchange(told_, true)) service_.tell("upload.ended", video_, ended_data(submitted));
    }

    UploadService& service_;
    NewUpload begun_;
    std::optional<std::int64_t> bytes_left_;
    catalog::Video video_;
    catalog::Viewer owner_;
    std::string extension_;
    std::unique_ptr<BlobWriter> writer_;
    std::int64_t written_ = 0;
    bool submitted_ = false;
    bool told_ = false;
};

std::optional<catalog::QuotaState> UploadService::quota_of(SqlSession& session, const NewUpload& upload) const {
    const auto owner = UserId::parse(upload.owner_id);
    if (!owner || !upload.within_quota || options_.quotas == nullptr) return std::nullopt;
    return options_.quotas->find(session, *owner);
}

catalog::Video UploadService::new_video(const NewUpload& upload) const {
    catalog::Video video;
    video.id = VideoId::make();
    video.owner_id = upload.owner_id;
    video.filename = clean_filename(upload.filename);
    video.custom_title = fmt::format("{}__{}", Uuid::make().text(), catalog::split_filename(video.filename).stem);
    video.details_known = false;
    video.source_key = blob_keys::source(video.id, video.revision);
    video.source_bytes = upload.bytes;
    return video;
}

std::expected<std::optional<std::int64_t>, UploadRefusal> UploadService::insert(SqlSession& session,
                                                                                const NewUpload& upload,
                                                                                const catalog::Viewer& owner,
                                                                                catalog::Video& video) {
    const auto state = quota_of(session, upload);
    const auto least = std::max<std::int64_t>(upload.bytes_least, 1);
    if (auto refusal = state ? refused_by_quota(*state, least, wall_now_us()) : std::nullopt)
        return std::unexpected(UploadRefusal{std::move(refusal->error), refusal->retry_after_s});
    if (auto chosen = catalog::chosen_groups(session, owner, video.id, upload.details.groups); !chosen)
        return std::unexpected(UploadRefusal{std::move(chosen.error())});
    const auto user = owner.user ? catalog::find_user(session, *owner.user) : std::nullopt;
    video.visibility = options_.visibility.of(user);
    put_details(video, upload.details);
    catalog::insert_video(session, video);
    // The owner sees it; nobody else, so there is no event.
    session.after_commit([this, id = video.id] { watch_.changed(id); });
    return state ? state->bytes_left() : std::nullopt;
}

Awaitable<std::expected<std::unique_ptr<Upload>, UploadRefusal>> UploadService::begin(NewUpload upload) {
    if (upload.bytes > options_.bytes_max) {
        co_return std::unexpected(
            UploadRefusal{{ErrorCode::too_large,
                           fmt::format("The file has {} bytes; the limit is {} (uploads.bytes_max)", upload.bytes,
                                       options_.bytes_max),
                           {}}});
    }
    auto video = new_video(upload);
    auto writer = co_await blobs_.create(BlobKey(video.source_key), upload.bytes);
    if (!writer) co_return std::unexpected(UploadRefusal{std::move(writer.error())});
    const catalog::Viewer owner{.user = UserId::parse(video.owner_id), .admin = upload.owner_is_admin};
    // Asked and taken in one transaction, so that of uploads that begin at once none is one too many.
    auto begun = co_await database_.write([&](SqlSession& session) { return insert(session, upload, owner, video); });
    if (!begun) co_return std::unexpected(std::move(begun.error()));
    std::unique_ptr<Upload> stored =
        std::make_unique<StoredUpload>(*this, std::move(upload), std::move(video), owner, std::move(*writer), *begun);
    co_return std::move(stored);
}

void UploadService::tell(std::string type, const catalog::Video& video, std::string data) {
    Event event;
    event.id = EventId::make();
    event.type = std::move(type);
    event.time_us = wall_now_us();
    event.video = video.id;
    event.revision = video.revision;
    event.data = std::move(data);
    bus_.publish_transient(std::move(event));
}

Awaitable<void> UploadService::submit(VideoId id, std::int64_t bytes, std::optional<std::int64_t> received_us) {
    co_await database_.write([this, id, bytes, received_us](SqlSession& session) {
        const auto video = catalog::find_video(session, id);
        if (!video || !catalog::advance(session, id, catalog::VideoStatus::submitted)) return;
        catalog::set_source(session, id, bytes, received_us);
        if (owner_is_gone(session, *video)) catalog::set_deleted(session, id, true);
        Event event;
        event.type = "video.submitted";
        event.video = id;
        event.revision = video->revision;
        event.data = submitted_data(*video, bytes);
        outbox_.append(session, std::move(event));
        catalog::tell_changed(session, outbox_, watch_, id);
    });
    log_info("a film is submitted", {{"video_id", id.text()}, {"bytes", bytes}});
}

Awaitable<void> UploadService::forget(VideoId id, std::string source_key) {
    // Before the row, by which the next start would find it.
    co_await blobs_.remove(BlobKey(source_key));
    co_await database_.write([this, id](SqlSession& session) {
        catalog::erase_video(session, id);
        session.after_commit([this, id] { watch_.changed(id); });
    });
}

Awaitable<void> UploadService::recover() {
    for (;;) {
        const auto open = co_await database_.read(
            [](SqlSession& session) { return catalog::videos_with_status(session, catalog::VideoStatus::uploading); });
        if (open.empty()) co_return;
        for (const auto& video : open) {
            const auto blob = co_await blobs_.stat(BlobKey(video.source_key));
            if (blob && video.details_known) {
                co_await submit(video.id, blob->bytes, std::nullopt);
            } else {
                co_await forget(video.id, video.source_key);
                log_info("an unfinished upload is forgotten", {{"video_id", video.id.text()}});
            }
        }
    }
}

}  // namespace movio::uploads
