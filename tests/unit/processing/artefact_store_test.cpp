#include "processing/artefact_store.hpp"

#include <gmock/gmock.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "base/digest.hpp"
#include "media/format/box_reader.hpp"
#include "media/format/box_writer.hpp"
#include "ports/blob_keys.hpp"
#include "processing/film_check.hpp"
#include "support/media_films.hpp"
#include "support/media_segments.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

using media::test::picture_segment;
using testing::ElementsAre;
using Range = std::optional<std::pair<std::int64_t, std::int64_t>>;

constexpr std::int64_t kSegments = 8;

// A film of eight segments of four seconds in one rendition, and what a crash may have left of it.
class ArtefactStoreTest : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(plan.grid.segments(), kSegments);
        Film film;
        film.key = key;
        film.source_key = blob_keys::source(key.video, key.revision);
        film.source_retention = "keep";
        service.write([&film](SqlSession& session) { insert_film(session, film); });
    }
    void TearDown() override { service.loop.run(bus.stop()); }

    // `n` counts from 1, as in the address of a segment.
    Bytes segment(std::int64_t n) const { return picture_segment(plan, n - 1); }
    BlobKey key_of(std::int64_t n) const { return BlobKey(blob_keys::segment(key.video, key.revision, name, n)); }
    media::Artefact artefact(std::int64_t n) const {
        return {.rendition = name, .number = n, .bytes = segment(n), .sha256 = sha256_hex(segment(n))};
    }
    media::Artefact init(std::size_t bytes = 10) const {
        return {.kind = media::ArtefactKind::init_segment,
                .rendition = name,
                .bytes = Bytes(bytes),
                .sha256 = sha256_hex(Bytes(bytes))};
    }
    // Which were not there before.
    std::vector<std::int64_t> store_all(std::vector<media::Artefact> artefacts) {
        std::vector<std::int64_t> numbers;
        for (const auto& [rendition, n] : service.loop.run(store.store(key, plan, std::move(artefacts), lease))) {
            EXPECT_EQ(rendition, name);
            numbers.push_back(n);
        }
        return numbers;
    }
    bool store_one(media::Artefact artefact) { return !store_all({std::move(artefact)}).empty(); }
    bool store_segment(std::int64_t n) { return store_one(artefact(n)); }
    void store_init() { ASSERT_TRUE(store_one(init())); }
    void put_blob_alone(std::int64_t n, Bytes bytes) {
        service.loop.run(blobs.put(key_of(n), std::move(bytes))).value();
    }
    bool has_blob(std::int64_t n) { return service.loop.run(blobs.stat(key_of(n))).has_value(); }
    Range missing(std::int64_t first = 0, std::int64_t end = kSegments) {
        return service.loop.run(store.missing(key, plan, name, first, end, lease));
    }
    std::vector<std::int64_t> recorded() {
        const auto rows =
            service.read([this](SqlSession& session) { return artefacts_of(session, key, name, 0, kSegments + 1); });
        std::vector<std::int64_t> numbers;
        for (const auto& row : rows) numbers.push_back(row.n);
        return numbers;
    }

    const std::string name = "v-h264-360";
    const FilmKey key{VideoId::make(), 1};
    const ledger::Lease lease{TaskId::make(), "test", 2};
    const media::Plan plan =
        media::make_plan(media::test::index_of(media::test::picture_track(640, 360, {25, 1}, kSegments * 100)), {})
            .value();
    const media::Plan one_rung = [this] {
        auto lowest = plan;
        lowest.video.resize(1);
        return lowest;
    }();
    test::SqliteService service{"processing"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    InProcessEventBus bus;
    ArtefactStore store{service.database, blobs, bus};
};

TEST_F(ArtefactStoreTest, Missing_after_a_crash_begins_where_the_first_segment_is_not_whole) {
    for (const std::int64_t n : {1, 2, 3}) ASSERT_TRUE(store_segment(n));
    put_blob_alone(4, segment(4));
    auto damaged = segment(5);
    damaged.resize(damaged.size() / 2);
    put_blob_alone(5, damaged);

    EXPECT_EQ(missing(), Range({4, 8}));

    EXPECT_THAT(recorded(), ElementsAre(1, 2, 3, 4));
    const auto adopted = service.read([this](SqlSession& session) { return find_artefact(session, key, name, 4); });
    EXPECT_EQ(adopted->bytes, static_cast<std::int64_t>(segment(4).size()));
    EXPECT_EQ(adopted->sha256, sha256_hex(segment(4)));
    const auto first = service.read([this](SqlSession& session) { return find_artefact(session, key, name, 1); });
    const auto facts = media::read_segment(segment(1)).value();
    EXPECT_EQ(first->picture_bytes,
              static_cast<std::int64_t>(facts.samples[1].offset) - static_cast<std::int64_t>(media::kMoofOffset));
    EXPECT_EQ(adopted->picture_bytes, first->picture_bytes);
    EXPECT_EQ(adopted->ticks, plan.grid.segment(3).frames * plan.grid.frame_ticks());
    EXPECT_TRUE(has_blob(4));
    EXPECT_FALSE(has_blob(5)) << "a damaged segment would stand in the way of the right one";
    EXPECT_TRUE(store_segment(5));
    EXPECT_EQ(missing(), Range({5, 8}));
}

TEST_F(ArtefactStoreTest, Missing_of_a_segment_in_the_place_of_another_is_that_segment) {
    put_blob_alone(1, segment(2));
    EXPECT_EQ(missing(0, 1), Range({0, 1}));
    EXPECT_FALSE(has_blob(1));
    EXPECT_THAT(recorded(), ElementsAre());
}

TEST_F(ArtefactStoreTest, Missing_is_the_smallest_range_with_all_holes) {
    EXPECT_EQ(missing(), Range({0, kSegments}));
    for (const std::int64_t n : {1, 2, 4, 7, 8}) ASSERT_TRUE(store_segment(n));
    EXPECT_EQ(missing(), Range({2, 6}));
    EXPECT_EQ(missing(0, 2), Range({0, 1})) << "the init segment is made along with any other";
    store_init();
    EXPECT_EQ(missing(0, 2), std::nullopt);
    EXPECT_EQ(missing(3, 5), Range({4, 5}));
    for (const std::int64_t n : {3, 5, 6}) ASSERT_TRUE(store_segment(n));
    EXPECT_EQ(missing(), std::nullopt);
}

TEST_F(ArtefactStoreTest, The_first_writer_of_a_segment_wins) {
    ASSERT_TRUE(store_segment(1));
    auto other = artefact(1);
    other.bytes.push_back(std::byte{0});
    EXPECT_FALSE(store_one(std::move(other)));
    EXPECT_EQ(service.loop.run(blobs.get(key_of(1), 1 << 20)).value(), segment(1));
    EXPECT_THAT(recorded(), ElementsAre(1));
}

TEST_F(ArtefactStoreTest, Who_makes_another_init_segment_than_the_stored_one_makes_no_segments) {
    store_init();
    EXPECT_FALSE(store_one(init(10))) << "the very same";
    EXPECT_THROW(store_one(init(11)), Failure);
    EXPECT_THROW(store_all({artefact(1), init(11)}), Failure);
    EXPECT_FALSE(has_blob(1)) << "nor those that come with it";
}

TEST_F(ArtefactStoreTest, What_is_stored_together_is_whole_and_on_record) {
    ASSERT_TRUE(store_segment(3));
    put_blob_alone(4, segment(4));
    EXPECT_THAT(store_all({init(), artefact(2), artefact(3), artefact(4), artefact(5)}), ElementsAre(0, 2, 5));
    EXPECT_THAT(recorded(), ElementsAre(0, 2, 3, 4, 5));
    for (const std::int64_t n : {2, 3, 4, 5})
        EXPECT_EQ(service.loop.run(blobs.get(key_of(n), 1 << 20)).value(), segment(n)) << n;
    const auto row = service.read([this](SqlSession& session) { return find_artefact(session, key, name, 5); });
    EXPECT_EQ(row->sha256, sha256_hex(segment(5)));
    EXPECT_THAT(store_all({}), ElementsAre());
}

TEST_F(ArtefactStoreTest, What_is_stored_together_with_a_segment_that_meets_a_damaged_one_stays) {
    auto damaged = segment(2);
    damaged.resize(damaged.size() / 2);
    put_blob_alone(2, damaged);
    EXPECT_THROW(store_all({artefact(1), artefact(2), artefact(3)}), Failure);
    EXPECT_THAT(recorded(), ElementsAre(1, 3));
    EXPECT_FALSE(has_blob(2));
    EXPECT_THAT(store_all({artefact(1), artefact(2), artefact(3)}), ElementsAre(2));
}

TEST_F(ArtefactStoreTest, A_film_plays_from_its_first_segment_on_also_when_more_come_with_it) {
    const auto playable = [this] {
        return service.read([this](SqlSession& session) { return find_film(session, key)->playable_us.has_value(); });
    };
    service.loop.run(store.store(key, one_rung, {artefact(1), artefact(2), artefact(3)}, lease));
    EXPECT_FALSE(playable()) << "there is no init segment";
    service.loop.run(store.store(key, one_rung, {init()}, lease));
    EXPECT_TRUE(playable());
}

TEST_F(ArtefactStoreTest, A_segment_made_again_records_the_one_that_lost_its_row) {
    put_blob_alone(1, segment(1));
    EXPECT_FALSE(store_segment(1));
    EXPECT_THAT(recorded(), ElementsAre(1));
}

TEST_F(ArtefactStoreTest, A_segment_that_meets_a_damaged_one_has_to_be_made_once_more) {
    auto damaged = segment(1);
    damaged.resize(damaged.size() / 2);
    put_blob_alone(1, damaged);
    EXPECT_THROW(store_segment(1), Failure);
    EXPECT_FALSE(has_blob(1));
    EXPECT_TRUE(store_segment(1));
}

TEST_F(ArtefactStoreTest, What_is_forgotten_is_missing) {
    store_init();
    for (const std::int64_t n : {1, 2, 3}) ASSERT_TRUE(store_segment(n));
    service.loop.run(store.forget(key, name, 2));
    EXPECT_FALSE(has_blob(2));
    EXPECT_EQ(missing(0, 3), Range({1, 2}));
}

TEST_F(ArtefactStoreTest, Check_finds_what_is_not_recorded_or_gone_or_of_another_size) {
    store_init();
    for (const std::int64_t n : {1, 2, 3, 5, 6, 7, 8}) ASSERT_TRUE(store_segment(n));
    const auto check = [&] { return service.loop.run(check_film(service.database, blobs, key, one_rung)); };
    service.loop.run(blobs.remove(key_of(2)));
    service.loop.run(blobs.remove(key_of(3)));
    put_blob_alone(3, Bytes(3));
    EXPECT_THAT(check().wrong, ElementsAre(std::pair(name, 2), std::pair(name, 3), std::pair(name, 4)));
    for (const std::int64_t n : {2, 3, 4}) {
        service.loop.run(store.forget(key, name, n));
        ASSERT_TRUE(store_segment(n));
    }
    EXPECT_TRUE(check().wrong.empty());
    EXPECT_EQ(check().measured.renditions.at(name).size(), 8U);
}

}  // namespace
}  // namespace movio::processing
