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
    EXPECT_EQ(service.loop.run(uploads.begin({.filename = "a", .bytes = 21})).error().code, ErrorCode::too_large);
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
    EXPECT_EQ(service.loop.run(service_of_full.begin({.filename = "a", .bytes = 10})).error().code,
              ErrorCode::no_space);
    EXPECT_EQ(
        service.read([](SqlSession& session) { return session.run("SELECT COUNT(*) FROM videos").rows[0].integer(0); }),
        0);
}

}  // namespace
}  // namespace movio::uploads
