#include "processing/early_index.hpp"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "async/timing.hpp"
#include "base/json.hpp"
#include "media/format/index.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::processing {
namespace {

using namespace std::chrono_literals;

// Real media processes read a film that comes in pieces.
class EarlyIndexesTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        const auto file = folder().path() / "film.mkv";
        const auto command =
            "ffmpeg -nostdin -v error -f lavfi -i testsrc=size=160x90:rate=25 -f lavfi -i sine -i " MOVIO_SOURCE_DIR
            "/tests/unit/media/engine/lines.srt -t 20 -c:v libx264 -preset ultrafast -c:a aac -c:s srt " +
            file.string();
        FILE* const ffmpeg = ::popen(command.c_str(), "r");
        ASSERT_NE(ffmpeg, nullptr);
        ASSERT_EQ(::pclose(ffmpeg), 0);
        std::ifstream in(file, std::ios::binary);
        film().assign(std::istreambuf_iterator<char>(in), {});
    }
    void SetUp() override { early.subscribe(bus); }
    void TearDown() override {
        loop.run(early.stop());
        loop.run(bus.stop());
    }

    static test::TempDir& folder() {
        static test::TempDir made;
        return made;
    }
    static std::string& film() {
        static std::string text;
        return text;
    }

    void tell(const std::string& type, const std::string& data) {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.video = key.video;
        event.revision = 1;
        event.data = data;
        bus.publish_transient(event);
        loop.run(sleep_for(50ms));
    }
    std::unique_ptr<BlobWriter> begin() {
        auto writer = loop.run(blobs.create(BlobKey(source_key), 0)).value();
        tell("upload.begun", R"({"source_key":")" + source_key + R"(","bytes":0})");
        return writer;
    }
    void write(BlobWriter& writer, std::size_t from, std::size_t to) {
        const auto view = as_bytes(std::string_view(film()).substr(from, to - from));
        loop.run(writer.write(Bytes(view.begin(), view.end())));
    }
    std::optional<IndexFound> take(std::int64_t bytes) { return loop.run(early.take(key, source_key, bytes, {})); }
    std::int64_t size() { return static_cast<std::int64_t>(film().size()); }
    // Whether the pass has ended by itself: it takes its place until another needs it.
    bool ends_within(std::chrono::milliseconds time) {
        for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
            if (early.running() == 0) return true;
            loop.run(sleep_for(20ms));
        }
        return false;
    }

    test::TempDir store;
    test::Loop loop;
    Pool disk{"disk", 2, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = store.path() / "blobs"}, disk};
    InProcessEventBus bus;
    sandbox::MediaProcesses media{{.executable = std::filesystem::path(MOVIO_BINARY_DIR) / "movio-media"}};
    EarlyIndexes early{blobs, media, loop.executor(), {.patience = 2000ms}};
    FilmKey key{VideoId::make(), 1};
    std::string source_key = "source/" + key.video.text() + "/1";
};

TEST_F(EarlyIndexesTest, What_was_found_while_the_film_arrived_is_taken_once) {
    const auto writer = begin();
    for (std::size_t at = 0; at < film().size(); at += 20'000) {
        write(*writer, at, std::min(film().size(), at + 20'000));
        loop.run(sleep_for(5ms));
    }
    EXPECT_EQ(early.running(), 1U);
    ASSERT_EQ(loop.run(writer->commit()), CommitOutcome::stored);
    tell("upload.ended", R"({"submitted":true})");
    const auto found = take(size());
    ASSERT_TRUE(found);
    const auto index = media::index_from_json(found->index_json);
    ASSERT_TRUE(index);
    EXPECT_EQ(index->source_bytes, size());
    EXPECT_EQ(index->tracks.at(0).packets, 500);
    EXPECT_EQ(index->duration_us / 100'000, 200);
    EXPECT_EQ(found->cues.size(), 1U);
    EXPECT_GT(found->cpu.count(), 0) << "it is part of what the film takes";
    EXPECT_FALSE(take(size()));
    EXPECT_EQ(early.passes(), 0U);
}

TEST_F(EarlyIndexesTest, It_counts_for_the_submitted_bytes_alone) {
    const auto writer = begin();
    write(*writer, 0, film().size());
    loop.run(writer->commit());
    EXPECT_FALSE(take(size() + 1));
}

TEST_F(EarlyIndexesTest, Bytes_that_another_writer_replaced_do_not_count) {
    const auto writer = begin();
    write(*writer, 0, film().size());
    loop.run(blobs.put(BlobKey(source_key), Bytes(film().size()))).value();
    EXPECT_EQ(loop.run(writer->commit()), CommitOutcome::existed);
    EXPECT_FALSE(take(size()));
}

TEST_F(EarlyIndexesTest, Abandoned_upload_ends_its_pass) {
    auto writer = begin();
    write(*writer, 0, film().size() / 2);
    EXPECT_EQ(early.running(), 1U);
    tell("upload.ended", R"({"submitted":false})");
    EXPECT_EQ(early.passes(), 0U);
    EXPECT_TRUE(ends_within(1500ms));
    // Also where the event was lost.
    key.video = VideoId::make();
    writer = begin();
    write(*writer, 0, film().size() / 2);
    EXPECT_EQ(early.running(), 1U);
    writer.reset();
    EXPECT_TRUE(ends_within(1500ms));
}

TEST_F(EarlyIndexesTest, Upload_that_stalls_loses_its_pass_and_nothing_else) {
    const auto writer = begin();
    write(*writer, 0, film().size() / 2);
    EXPECT_TRUE(ends_within(6s));
    write(*writer, film().size() / 2, film().size());
    EXPECT_EQ(loop.run(writer->commit()), CommitOutcome::stored);
    EXPECT_FALSE(take(size()));
}

TEST_F(EarlyIndexesTest, What_is_no_film_leaves_nothing) {
    const auto writer = begin();
    const auto text = as_bytes(std::string_view("This is no film."));
    loop.run(writer->write(Bytes(text.begin(), text.end())));
    loop.run(writer->commit());
    EXPECT_FALSE(take(16));
}

TEST_F(EarlyIndexesTest, Passes_are_bounded) {
    std::vector<std::unique_ptr<BlobWriter>> writers;
    for (std::size_t i = 0; i < limits::kEarlyIndexesMax + 2; ++i) {
        key.video = VideoId::make();
        source_key = "source/" + key.video.text() + "/1";
        writers.push_back(begin());
    }
    EXPECT_EQ(early.passes(), limits::kEarlyIndexesMax);
    EXPECT_EQ(early.running(), limits::kEarlyIndexesMax);
}

}  // namespace
}  // namespace movio::processing
