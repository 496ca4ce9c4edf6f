#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "media/format/index.hpp"
#include "media/format/plan.hpp"
#include "unit/sandbox/harness.hpp"

// The media process as it is shipped, on real files.
namespace movio::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string bytes_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::size_t resident_kib() {
    const auto resident = status_of(::getpid(), "VmRSS");
    return resident ? std::stoul(*resident) : 0;
}

class EngineTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(film)) GTEST_SKIP() << "no test data at " << film;
    }
    void TearDown() override { EXPECT_TRUE(no_child_left()); }

    MediaJob job(media::Work work, const media::Plan& plan) const {
        auto wanted = index_job(std::make_shared<DiskSource>(film));
        wanted.order = {std::move(work), plan};
        return wanted;
    }
    media::Plan plan_of_film() {
        const RunRecord indexed = run_job(processes, index_job(std::make_shared<DiskSource>(film)));
        const auto index = media::index_from_json(indexed.text(0));
        return *media::make_plan(*index, {});
    }

    std::filesystem::path film = media_file("bbb-480p-30s.mp4");
    MediaProcesses processes{options_for(real_media())};
};

TEST_F(EngineTest, Index_is_the_same_by_descriptor_and_by_request) {
    const RunRecord by_descriptor = run_job(processes, index_job(std::make_shared<DiskSource>(film)));
    const RunRecord by_request = run_job(processes, index_job(std::make_shared<MemorySource>(bytes_of(film))));
    ASSERT_TRUE(by_descriptor.ok()) << by_descriptor.message() << by_descriptor.detail();
    ASSERT_TRUE(by_request.ok()) << by_request.message() << by_request.detail();
    EXPECT_EQ(by_descriptor.text(0), by_request.text(0));
    EXPECT_TRUE(media::index_from_json(by_descriptor.text(0)).has_value());
}

TEST_F(EngineTest, Segments_of_picture_and_sound_and_the_poster_pass_the_checks) {
    const media::Plan plan = plan_of_film();
    media::VideoWork video;
    for (const auto& rendition : plan.video) video.ranges.push_back({rendition.name, 1, 3});
    const RunRecord picture = run_job(processes, job(video, plan));
    ASSERT_TRUE(picture.ok()) << picture.message() << picture.detail();
    EXPECT_EQ(picture.artefacts.size(), plan.video.size() * 3);

    ASSERT_FALSE(plan.audio.empty());
    const RunRecord sound =
        run_job(processes, job(media::AudioWork{{plan.audio[0].name, 0, plan.grid.segments()}}, plan));
    ASSERT_TRUE(sound.ok()) << sound.message() << sound.detail();
    EXPECT_EQ(sound.artefacts.size(), static_cast<std::size_t>(plan.grid.segments()) + 1);
    for (const auto& made : sound.artefacts) EXPECT_EQ(made.sha256, sha256_hex(made.bytes));

    const RunRecord poster = run_job(processes, job(media::PosterWork{plan.poster_frame, 640}, plan));
    ASSERT_TRUE(poster.ok()) << poster.message() << poster.detail();
    ASSERT_EQ(poster.artefacts.size(), 1U);
    EXPECT_EQ(poster.artefacts[0].kind, media::ArtefactKind::image);
}

TEST_F(EngineTest, Truncated_film_ends_with_a_result_or_a_reason) {
    const std::string whole = bytes_of(film);
    for (const std::size_t part : {std::size_t{0}, std::size_t{100}, whole.size() / 100, whole.size() / 2}) {
        const RunRecord cut = run_job(processes, index_job(std::make_shared<MemorySource>(whole.substr(0, part))));
        EXPECT_EQ(cut.failure, "") << part;
        EXPECT_NE(cut.code(), ErrorCode::internal) << part << ": " << cut.message() << cut.detail();
    }
}

TEST_F(EngineTest, Playlist_or_script_that_points_elsewhere_is_refused) {
    const char* hostile[] = {
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        R"(<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file:///etc/hosts</BaseURL></MPD>)",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    };
    for (const std::string text : hostile) {
        const RunRecord refused = run_job(processes, index_job(std::make_shared<MemorySource>(text)));
        EXPECT_EQ(refused.code(), ErrorCode::not_media) << text << refused.message() << refused.detail();
        EXPECT_THAT(refused.artefacts, ::testing::IsEmpty());
    }
}

TEST_F(EngineTest, Every_file_of_the_test_data_ends_with_a_result_or_a_reason) {
    for (const auto& entry : std::filesystem::directory_iterator(film.parent_path())) {
        const RunRecord done = run_job(processes, index_job(std::make_shared<DiskSource>(entry.path())));
        EXPECT_EQ(done.failure, "") << entry.path();
        EXPECT_NE(done.code(), ErrorCode::internal) << entry.path() << done.message() << done.detail();
    }
}

TEST_F(EngineTest, Memory_of_the_parent_stays_flat) {
    const media::Plan plan = plan_of_film();
    const media::VideoWork work{{{plan.video[0].name, 0, 2}}};
    for (int i = 0; i < 2; ++i) (void)run_job(processes, job(work, plan));
    const auto before = resident_kib();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(run_job(processes, job(work, plan)).ok());
#if !defined(MOVIO_SANITIZED)
    EXPECT_LT(resident_kib(), before + 4096);
#else
    (void)before;
#endif
}

}  // namespace
}  // namespace movio::sandbox::testing
