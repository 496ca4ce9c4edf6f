// Two producers race for one segment, with different bytes that are both right, while players ask for it: whoever asks
// sees one of them, the same for ever. MOVIO_TEST_ROUNDS makes it long.
#include <gmock/gmock.h>

#include <barrier>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "base/digest.hpp"
#include "playback/endpoints/media.hpp"
#include "processing/artefact_store.hpp"
#include "support/films.hpp"
#include "support/media_films.hpp"
#include "support/media_segments.hpp"
#include "unit/http/http_support.hpp"
#include "unit/playback/playback_support.hpp"

namespace movio::playback {
namespace {

using http::test::RawClient;
using http::test::request_text;

constexpr int kReaders = 3;
constexpr int kShortRounds = 60;

int rounds_asked() {
    const char* const asked = std::getenv("MOVIO_TEST_ROUNDS");
    return asked == nullptr ? kShortRounds : std::max(std::atoi(asked), 1);
}

Awaitable<http::RateTaken> unlimited(std::string, http::RateClass, std::string_view) { co_return http::RateTaken{}; }

// What one of the players saw: the whole segment, or some of it.
struct Seen {
    int status = 0;
    std::string etag;
    std::string body;
    std::string range;  // Content-Range
};

class SegmentRaceTest : public movio::test::FilmShelf, public ::testing::Test {
protected:
    SegmentRaceTest() {
        waits.subscribe(bus, threads.executor(0));
        catalog::Video given;
        given.status = catalog::VideoStatus::processing;
        film = {add(given).id, 1};
        processing::Film row;
        row.key = film;
        worker.write([&row](SqlSession& session) { processing::insert_film(session, row); });
        const std::string text = media::to_json(plan);
        const auto view = as_bytes(text);
        const auto plan_key = blob_keys::plan(film.video, film.revision);
        service.loop.run(blobs.put(BlobKey(plan_key), Bytes(view.begin(), view.end()))).value();
        service.write([&](SqlSession& session) {
            catalog::set_plan(session, film.video, {plan_key, plan.duration_ms(), "[]", "[]"});
        });
    }
    void TearDown() override { service.loop.run(bus.stop()); }

    // The segment as one of the two producers makes it: the same frames, other bytes, another length.
    Bytes made_by(int producer, std::int64_t k) const {
        auto parts = media::test::picture_parts(plan, k);
        if (producer == 1)
            for (std::size_t i = 0; i < parts.data.size(); ++i) {
                parts.data[i] = media::test::picture_sample(i == 0 ? 5 : 1, 300 + i % 11);
                parts.samples[i].data = parts.data[i];
            }
        return parts.written(k + 1, media::segment_decode_time(plan, plan.video.at(0), k));
    }
    std::string key_of(std::int64_t k) const { return blob_keys::segment(film.video, film.revision, name, k + 1); }
    bool produce(int producer, std::int64_t k) {
        auto bytes = made_by(producer, k);
        auto digest = sha256_hex(bytes);
        std::vector<media::Artefact> one;
        one.push_back({.rendition = name, .number = k + 1, .bytes = std::move(bytes), .sha256 = std::move(digest)});
        const auto made =
            block_on(threads.executor(static_cast<std::size_t>(producer)),
                     store.store(film, plan, std::move(one), leases.at(static_cast<std::size_t>(producer))));
        return !made.empty();
    }
    Seen ask(RawClient& client, std::int64_t k, const std::string& lines) const {
        const auto target = fmt::format("/media/o/{}/1/{}/{}.m4s", film.video.text(), name, k + 1);
        auto answer = client.ask(request_text("GET", target, lines));
        return {answer.status, answer.header("ETag"), std::move(answer.body), answer.header("Content-Range")};
    }
    // Before the segment is there, while it comes, and after.
    std::vector<Seen> read(std::int64_t k, int reader) {
        RawClient client(server.port());
        std::vector<Seen> all;
        all.push_back(ask(client, k, reader == 0 ? "Range: bytes=10-99\r\n" : ""));
        all.push_back(ask(client, k, "If-Range: " + all.front().etag + "\r\nRange: bytes=100-\r\n"));
        all.push_back(ask(client, k, ""));
        return all;
    }
    void expect_one(std::int64_t k, const std::vector<Seen>& seen) {
        const auto stored = service.loop.run(blobs.get(BlobKey(key_of(k)), 1 << 20)).value();
        ASSERT_TRUE(stored == made_by(0, k) || stored == made_by(1, k)) << "neither of the two";
        const std::string whole(as_text(stored));
        const auto row = worker.read(
            [&](SqlSession& session) { return processing::find_artefact(session, film, name, k + 1).value(); });
        EXPECT_EQ(row.sha256, sha256_hex(stored));
        EXPECT_EQ(row.bytes, static_cast<std::int64_t>(stored.size()));
        for (const auto& one : seen) {
            ASSERT_THAT(one.status, ::testing::AnyOf(200, 206)) << one.body;
            EXPECT_EQ(one.etag, fmt::format("\"1-{}-{}-{}\"", name, k + 1, stored.size()));
            std::size_t first = 0;
            if (one.status == 206) first = std::stoul(one.range.substr(std::string("bytes ").size()));
            EXPECT_EQ(one.body, whole.substr(first, one.body.size()));
            if (one.status == 200) EXPECT_EQ(one.body.size(), whole.size());
            if (one.status == 206) EXPECT_THAT(one.range, ::testing::EndsWith(fmt::format("/{}", whole.size())));
        }
    }

    const int rounds = rounds_asked();
    const std::string name = "v-h264-360";
    const media::Plan plan =
        media::make_plan(media::test::index_of(media::test::picture_track(640, 360, {25, 1}, rounds * 100)), {})
            .value();
    const std::vector<ledger::Lease> leases{{TaskId::make(), "batch", 1}, {TaskId::make(), "on demand", 1}};
    processing::FilmKey film;
    movio::test::SqliteService worker{"processing"};
    IoThreads threads{2};
    Pool disk{"disk", 4, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    InProcessEventBus bus;
    processing::ArtefactStore store{worker.database, blobs, bus};
    FilmCache films{service.database, blobs};
    SegmentWaits waits;
    WishBounds bounds;
    access::KeyRing keys{{{"id", std::string(32, 'k'), 1}}};
    MediaTokens tokens{keys, MacForm::hmac_sha256};
    test::GivenStandings standings;
    MediaGuard guard{tokens, standings, service.database};
    MediaService media_service{films, guard, blobs, bus, waits, bounds, &unlimited};
    http::test::TestServer server{
        [this](http::ServerOptions&, http::Router& router) { add_media_endpoints(router, media_service); }};
};

TEST_F(SegmentRaceTest, Whoever_asks_sees_one_whole_segment_the_same_for_ever) {
    ASSERT_EQ(plan.grid.segments(), rounds);
    std::minstd_rand dice(7);
    std::array<int, 2> won{};
    for (std::int64_t k = 0; k < rounds && !HasFailure(); ++k) {
        std::barrier start(2 + kReaders);
        std::array<bool, 2> first{};
        std::mutex mutex;
        std::vector<Seen> seen;
        std::vector<std::thread> racers;
        for (int producer = 0; producer < 2; ++producer)
            racers.emplace_back([&, producer, late = std::chrono::microseconds(dice() % 400)] {
                start.arrive_and_wait();
                std::this_thread::sleep_for(late);
                first.at(static_cast<std::size_t>(producer)) = produce(producer, k);
            });
        for (int reader = 0; reader < kReaders; ++reader)
            racers.emplace_back([&, reader] {
                start.arrive_and_wait();
                auto own = read(k, reader);
                const std::scoped_lock lock(mutex);
                std::ranges::move(own, std::back_inserter(seen));
            });
        for (auto& racer : racers) racer.join();
        EXPECT_LE(first[0] + first[1], 1) << "both were told that theirs is the segment";
        const auto stored = service.loop.run(blobs.get(BlobKey(key_of(k)), 1 << 20)).value();
        ++won.at(stored == made_by(0, k) ? 0 : 1);
        expect_one(k, seen);
    }
    if (rounds >= kShortRounds) {
        EXPECT_GT(won[0], 0) << "there was no race";
        EXPECT_GT(won[1], 0) << "there was no race";
    }
}

}  // namespace
}  // namespace movio::playback
