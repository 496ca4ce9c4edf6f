#include "uploads/upload_service.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
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
        return service.loop.run(uploads.begin({filename, "", "", "", 0})).value();
    }
    std::optional<catalog::Video> video(VideoId id) {
        return service.read([id](SqlSession& session) { return catalog::find_video(session, id); });
    }
    std::int64_t events() {
        return service.read(
            [](SqlSession& session) { return session.run("SELECT COUNT(*) FROM outbox").rows[0].integer(0); });
    }

    test::SqliteService service{"catalog"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    ledger::Outbox outbox;
    catalog::FilmWatch watch;
    UploadService uploads{service.database, blobs, outbox, watch, 20};
};

TEST_F(UploadServiceTest, Finished_upload_is_stored_and_submitted_once) {
    auto upload = begin("My_film.mkv");
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("hello "))));
    ASSERT_TRUE(service.loop.run(upload->write(bytes_of("world"))));
    EXPECT_EQ(video(upload->video())->status, catalog::VideoStatus::uploading);
    ASSERT_TRUE(service.loop.run(upload->finish()));
    const auto stored = video(upload->video()).value();
    EXPECT_EQ(stored.status, catalog::VideoStatus::submitted);
    EXPECT_EQ(stored.title, "My film");
    EXPECT_EQ(stored.source_bytes, 11);
    EXPECT_EQ(as_text(*service.loop.run(blobs.get(BlobKey(stored.source_key), 100))), "hello world");
    EXPECT_EQ(events(), 1);
}

TEST_F(UploadServiceTest, Too_large_and_empty_files_are_refused_and_leave_nothing) {
    EXPECT_EQ(service.loop.run(uploads.begin({"a", "", "", "", 21})).error().code, ErrorCode::too_large);
    auto large = begin("a");
    EXPECT_EQ(service.loop.run(large->write(bytes_of("123456789012345678901"))).error().code, ErrorCode::too_large);
    service.loop.run(large->abandon());
    EXPECT_FALSE(video(large->video()));
    auto empty = begin("b");
    EXPECT_EQ(service.loop.run(empty->finish()).error().code, ErrorCode::invalid);
    EXPECT_FALSE(video(empty->video()));
    EXPECT_TRUE(service.loop.run(blobs.list("", std::nullopt)).items.empty());
    EXPECT_EQ(events(), 0);
}

TEST_F(UploadServiceTest, Names_of_clients_are_shown_and_never_used_as_paths) {
    EXPECT_EQ(video(begin("../../etc/passwd")->video())->filename, "passwd");
    EXPECT_EQ(video(begin("C:\\films\\a.avi")->video())->filename, "a.avi");
    EXPECT_EQ(video(begin("\n\t")->video())->filename, "unnamed");
    EXPECT_EQ(video(begin(".mkv")->video())->title, ".mkv");
    const auto title = video(begin(std::string(250, 'x') + "\xff")->video())->title;
    EXPECT_EQ(title.size(), 220U);
}

TEST_F(UploadServiceTest, After_a_crash_complete_bytes_are_submitted_and_partial_ones_forgotten) {
    auto partial = begin("partial.mkv");
    ASSERT_TRUE(service.loop.run(partial->write(bytes_of("half"))));
    // The bytes are committed, the row is not: what a kill between the two leaves behind.
    auto complete = begin("complete.mkv");
    const auto key = video(complete->video())->source_key;
    service.loop.run(blobs.put(BlobKey(key), bytes_of("whole"))).value();
    service.loop.run(uploads.recover());
    EXPECT_FALSE(video(partial->video()));
    EXPECT_EQ(video(complete->video())->status, catalog::VideoStatus::submitted);
    EXPECT_EQ(video(complete->video())->source_bytes, 5);
    service.loop.run(uploads.recover());
    EXPECT_EQ(events(), 1);
}

}  // namespace
}  // namespace movio::uploads
