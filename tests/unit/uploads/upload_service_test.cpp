#include "uploads/upload_service.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "catalog/video_rows.hpp"
#include "support/sqlite_service.hpp"

namespace movio::uploads {
namespace {

Bytes bytes_of(std::string_view text) {
    const auto view = as_bytes(text);
    return {view.begin(), view.end()};
}

class UploadServiceTest : public ::testing::Test {
protected:
    std::unique_ptr<Upload> begin(const std::string& filename) {
        return service.loop.run(uploads.begin({.filename = filename})).value();
    }
    std::optional<catalog::Video> video(VideoId id) {
        return service.read([id](SqlSession& session) { return catalog::find_video(session, id); });
    }
    static catalog::Video video_of(SqlSession& session, VideoId id) { return catalog::find_video(session, id).value(); }
    std::int64_t video_count() {
        return service.read(
            [](SqlSession& session) { return session.run("SELECT COUNT(*) FROM videos").rows[0].integer(0); });
    }
    std::int64_t events(const std::string& type) {
        return service.read([&type](SqlSession& session) {
            return session.run("SELECT COUNT(*) FROM outbox WHERE type = $1", {sql(type)}).rows[0].integer(0);
        });
    }

    test::SqliteService service{"catalog"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    ledger::Outbox outbox;
    InProcessEventBus bus;
    catalog::FilmWatch watch;
    UploadService uploads{service.database, blobs, outbox, bus, watch, {.bytes_max = 20}};
};

TEST_F(UploadServiceTest, Finished_upload_is_stored_and_submitted_once) {
    auto upload = begin("My_film.mkv");
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("hello "))));
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("world"))));
    EXPECT_EQ(video(upload->video())->status, catalog::VideoStatus::uploading);
    ASSERT_TRUE(service.loop.run(upload->finish({})));
    const auto stored = video(upload->video()).value();
    EXPECT_EQ(stored.status, catalog::VideoStatus::submitted);
    EXPECT_EQ(stored.title, "My film");
    EXPECT_EQ(stored.source_bytes, 11);
    EXPECT_EQ(as_text(*service.loop.run(blobs.get(BlobKey(stored.source_key), 100))), "hello world");
    EXPECT_EQ(events("video.submitted"), 1);
}

Awaitable<void> note(std::vector<std::string>& heard, Event event) {
    heard.push_back(event.type + " " + event.data);
    co_return;
}

TEST_F(UploadServiceTest, Whoever_reads_along_hears_how_an_upload_begins_and_ends) {
    std::vector<std::string> heard;
    bus.subscribe("worker", {"upload.begun", "upload.ended"}, service.loop.executor(),
                  [&heard](Event event) { return note(heard, std::move(event)); });
    auto first = begin("a.mkv");
    const auto key = video(first->video())->source_key;
    ASSERT_TRUE(service.loop.run(first->write(bytes_of("hello"))));
    ASSERT_TRUE(service.loop.run(first->finish({})));
    first.reset();
    auto second = begin("b.mkv");
    service.loop.run(second->abandon());
    second.reset();
    begin("c.mkv").reset();
    service.loop.run(bus.stop());
    ASSERT_EQ(heard.size(), 6U);
    EXPECT_EQ(heard[0], R"(upload.begun {"source_key":")" + key + R"(","bytes":0})");
    EXPECT_EQ(heard[1], R"(upload.ended {"submitted":true})");
    EXPECT_EQ(heard[3], R"(upload.ended {"submitted":false})");
    EXPECT_EQ(heard[5], R"(upload.ended {"submitted":false})");
}

TEST_F(UploadServiceTest, Too_large_and_empty_files_are_refused_and_leave_nothing) {
    EXPECT_EQ(service.loop.run(uploads.begin({.filename = "a", .bytes = 21})).error().error.code, ErrorCode::too_large);
    auto large = begin("a");
    EXPECT_EQ(service.loop.run(large->write(bytes_of("123456789012345678901"))).error().code, ErrorCode::too_large);
    service.loop.run(large->abandon());
    EXPECT_FALSE(video(large->video()));
    auto empty = begin("b");
    EXPECT_EQ(service.loop.run(empty->finish({})).error().code, ErrorCode::invalid);
    EXPECT_FALSE(video(empty->video()));
    EXPECT_TRUE(service.loop.run(blobs.list("", std::nullopt)).items.empty());
    EXPECT_EQ(events("video.submitted"), 0);
}

// One user who may have 100 bytes and three uploads a day.
class UploadQuotaTest : public UploadServiceTest {
protected:
    auto try_begin(std::int64_t bytes, std::int64_t bytes_least = 0, bool within_quota = true) {
        NewUpload upload;
        upload.filename = "a.mkv";
        upload.owner_id = owner.text();
        upload.bytes = bytes;
        upload.bytes_least = bytes_least;
        upload.within_quota = within_quota;
        return service.loop.run(bounded.begin(std::move(upload)));
    }
    catalog::QuotaState state() { return service.loop.run(quotas.find(owner)); }

    const UserId owner = UserId::make();
    catalog::Quotas quotas{
        service.database,
        {{access::Role::uploader, {{catalog::QuotaKind::bytes, 100}, {catalog::QuotaKind::uploads_per_day, 3}}}},
        access::Role::uploader};
    UploadService bounded{service.database, blobs, outbox, bus, watch, {.bytes_max = 1000, .quotas = &quotas}};
};

TEST_F(UploadQuotaTest, A_file_that_fits_exactly_is_taken_and_one_byte_more_is_refused) {
    auto first = try_begin(150, 90).value();
    ASSERT_TRUE(service.loop.run(first->write(Bytes(100))));
    EXPECT_EQ(service.loop.run(first->write(Bytes(1))).error().code, ErrorCode::forbidden);
    service.loop.run(first->abandon());
    EXPECT_EQ(state().used.at(catalog::QuotaKind::uploads_per_day), 0) << "what never came does not count";

    auto second = try_begin(150, 90).value();
    ASSERT_TRUE(service.loop.run(second->write(Bytes(100))));
    ASSERT_TRUE(service.loop.run(second->finish({})));
    EXPECT_EQ(state().used.at(catalog::QuotaKind::bytes), 100);
    const auto third = try_begin(1);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().error.code, ErrorCode::forbidden);
    EXPECT_EQ(third.error().retry_after_s, 0);
    EXPECT_EQ(video_count(), 1) << "a refused upload leaves no row";
    EXPECT_TRUE(try_begin(1, 0, false)) << "who runs the server may";
}

TEST_F(UploadQuotaTest, Uploads_that_begin_at_once_do_not_share_the_room) {
    auto first = try_begin(60).value();
    EXPECT_EQ(try_begin(60, 60).error().error.code, ErrorCode::forbidden);
    auto second = try_begin(40, 40).value();
    ASSERT_TRUE(service.loop.run(second->write(Bytes(40))));
    ASSERT_TRUE(service.loop.run(second->finish({})));
    ASSERT_TRUE(service.loop.run(first->write(Bytes(60))));
    ASSERT_TRUE(service.loop.run(first->finish({})));
    EXPECT_EQ(state().used.at(catalog::QuotaKind::bytes), 100);
}

TEST_F(UploadQuotaTest, What_announces_no_length_is_counted_when_it_is_whole) {
    auto first = try_begin(0).value();
    auto second = try_begin(0).value();
    ASSERT_TRUE(service.loop.run(first->write(Bytes(70))));
    ASSERT_TRUE(service.loop.run(second->write(Bytes(70))));
    ASSERT_TRUE(service.loop.run(first->finish({})));
    EXPECT_EQ(service.loop.run(second->finish({})).error().code, ErrorCode::forbidden);
    EXPECT_EQ(video_count(), 1);
    EXPECT_EQ(state().used.at(catalog::QuotaKind::bytes), 70);
}

TEST_F(UploadQuotaTest, The_fourth_of_a_day_is_told_when_to_come) {
    std::vector<std::unique_ptr<Upload>> begun;
    for (int i = 0; i < 3; ++i) begun.push_back(try_begin(1).value());
    const auto fourth = try_begin(1);
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().error.code, ErrorCode::rate_limited);
    EXPECT_GT(fourth.error().retry_after_s, 86'300);
    EXPECT_LE(fourth.error().retry_after_s, 86'400);
}

TEST_F(UploadServiceTest, Names_of_clients_are_shown_and_never_used_as_paths) {
    EXPECT_EQ(video(begin("../../etc/passwd")->video())->filename, "passwd");
    EXPECT_EQ(video(begin("C:\\films\\a.avi")->video())->filename, "a.avi");
    EXPECT_EQ(video(begin("\n\t")->video())->filename, "unnamed");
    EXPECT_EQ(video(begin(".mkv")->video())->title, ".mkv");
    const auto title = video(begin(std::string(250, 'x') + "\xff")->video())->title;
    EXPECT_EQ(title.size(), 220U);
}

// What a kill between two steps leaves behind: the row says whether its details had come, the store whether the file is
// whole.
TEST_F(UploadServiceTest, After_a_crash_whole_files_with_details_are_submitted_and_the_rest_is_forgotten) {
    auto partial = begin("partial.mkv");
    ASSERT_TRUE(service.loop.run(partial->write(bytes_of("half"))));
    const auto whole_file = [this](VideoId id) {
        service.loop.run(blobs.put(BlobKey(video(id)->source_key), bytes_of("whole"))).value();
    };
    auto unnamed = begin("unnamed.mkv");
    whole_file(unnamed->video());
    auto complete = begin("complete.mkv");
    auto details = video(complete->video()).value();
    details.title = "The title";
    service.write([&details](SqlSession& session) { catalog::set_details(session, details); });
    whole_file(complete->video());
    auto lost = begin("lost.mkv");
    service.write([&](SqlSession& session) { catalog::set_details(session, video_of(session, lost->video())); });

    service.loop.run(uploads.recover());
    EXPECT_FALSE(video(partial->video()));
    EXPECT_FALSE(video(unnamed->video()));
    EXPECT_FALSE(video(lost->video()));
    const auto submitted = video(complete->video()).value();
    EXPECT_EQ(submitted.status, catalog::VideoStatus::submitted);
    EXPECT_EQ(submitted.title, "The title");
    EXPECT_EQ(submitted.source_bytes, 5);
    service.loop.run(uploads.recover());
    EXPECT_EQ(events("video.submitted"), 1);
    EXPECT_EQ(service.loop.run(blobs.list("", std::nullopt)).items.size(), 1U);
}

TEST_F(UploadServiceTest, Details_are_saved_before_the_file_is_whole) {
    auto upload = begin("a.mkv");
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("film"))));
    const auto row = video(upload->video()).value();
    EXPECT_FALSE(row.details_known);
    // Another file has the key, so `finish` fails at the very step that makes the file whole.
    service.loop.run(blobs.put(BlobKey(row.source_key), bytes_of("other"))).value();
    Result<void> outcome;
    EXPECT_THROW(outcome = service.loop.run(upload->finish({.title = "t"})), Failure);
    EXPECT_TRUE(video(upload->video())->details_known);
    service.loop.run(upload->abandon());
    EXPECT_FALSE(video(upload->video()));
    EXPECT_TRUE(service.loop.run(blobs.list("", std::nullopt)).items.empty());
}

TEST_F(UploadServiceTest, What_is_submitted_is_not_abandoned) {
    auto upload = begin("a.mkv");
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("film"))));
    ASSERT_TRUE(service.loop.run(upload->finish({})));
    service.loop.run(upload->abandon());
    EXPECT_TRUE(video(upload->video()));
}

TEST_F(UploadServiceTest, Long_names_keep_their_extension) {
    auto upload = begin(std::string(400, 'n') + ".mkv");
    EXPECT_EQ(upload->extension(), ".mkv");
    EXPECT_EQ(video(upload->video())->filename.size(), 254U);
    EXPECT_EQ(begin("no_extension")->extension(), "");
}

TEST_F(UploadServiceTest, No_room_is_an_answer) {
    DiskBlobStore full{DiskBlobStoreOptions{.root = service.folder.path() / "full", .free_bytes_min = 1LL << 60}, disk};
    UploadService service_of_full{service.database, full, outbox, bus, watch, {.bytes_max = 20}};
    EXPECT_EQ(service.loop.run(service_of_full.begin({.filename = "a", .bytes = 10})).error().error.code,
              ErrorCode::no_space);
    EXPECT_EQ(
        service.read([](SqlSession& session) { return session.run("SELECT COUNT(*) FROM videos").rows[0].integer(0); }),
        0);
}

}  // namespace
}  // namespace movio::uploads
