#include "search/search_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/event_bus.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"
#include "unit/search/search_support.hpp"

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The feed on the api's bus, a real catalog and a real index.
class SearchFeedTest : public testing::Test {
protected:
    void SetUp() override { feed.subscribe(bus, all.catalog.loop.executor()); }
    void TearDown() override { all.catalog.loop.run(bus.stop()); }

    void publish(const std::string& type, VideoId video, const std::string& data = "{}") {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.video = video;
        event.data = data;
        all.catalog.loop.run(bus.publish(event));
    }

    test::CatalogAndIndex all;
    InProcessEventBus bus;
    SearchFeed feed{all.catalog.database, all.index};
};

TEST_F(SearchFeedTest, Film_is_found_once_it_is_submitted_and_under_its_new_name_once_it_changed) {
    const auto film = all.add_film("first name");
    EXPECT_THAT(all.films("first"), IsEmpty());
    publish("video.submitted", film);
    publish("video.submitted", film);
    EXPECT_THAT(all.films("first"), ElementsAre(film));
    all.set(film, "title", "second name");
    publish("video.changed", film, R"({"title":"a lie"})");
    EXPECT_THAT(all.films("first"), IsEmpty());
    EXPECT_THAT(all.films("lie"), IsEmpty());
    EXPECT_THAT(all.films("second"), ElementsAre(film));
}

TEST_F(SearchFeedTest, Captions_come_and_go_with_their_rows) {
    const auto film = all.add_film("film");
    const auto english = all.add_track(film, "en", {"an apple", "a pear"});
    publish("caption.ready", film);
    EXPECT_THAT(all.tracks("pear"), ElementsAre(english));
    EXPECT_THAT(all.tracks("i"), IsEmpty()) << "tags are not searched";
    const auto french = all.add_track(film, "fr", {"une poire"});
    all.catalog.write(
        [&](SqlSession& session) { session.run("DELETE FROM tracks WHERE id = $1", {sql(english.text())}); });
    publish("video.changed", film);
    EXPECT_THAT(all.tracks("pear"), IsEmpty());
    EXPECT_THAT(all.tracks("poire"), ElementsAre(french));
}

TEST_F(SearchFeedTest, Film_in_the_trash_is_not_found_until_it_is_restored) {
    const auto film = all.add_film("a word");
    const auto track = all.add_track(film, "en", {"a word"});
    publish("video.submitted", film);
    all.set_trashed(film, true);
    publish("video.changed", film);
    EXPECT_THAT(all.films("word"), IsEmpty());
    EXPECT_THAT(all.tracks("word"), IsEmpty());
    all.set_trashed(film, false);
    publish("video.changed", film);
    EXPECT_THAT(all.films("word"), ElementsAre(film));
    EXPECT_THAT(all.tracks("word"), ElementsAre(track));
}

TEST_F(SearchFeedTest, Film_that_is_gone_or_was_never_there_is_taken_out) {
    const auto film = all.add_film("a word");
    publish("video.submitted", film);
    all.catalog.write([film](SqlSession& session) { catalog::erase_video(session, film); });
    publish("video.deleted", film);
    publish("video.changed", VideoId::make());
    EXPECT_THAT(all.films("word"), IsEmpty());
}

TEST_F(SearchFeedTest, Film_that_is_being_uploaded_is_not_found) {
    const auto film = all.add_film("a word");
    all.set(film, "status", "uploading");
    publish("video.changed", film);
    EXPECT_THAT(all.films("word"), IsEmpty());
}

TEST_F(SearchFeedTest, Who_may_find_a_film_follows_its_visibility_and_status) {
    const auto owner = UserId::make().text();
    const auto film = all.add_film("a word", "", owner);
    const auto found = [&](bool listed_only, const std::string& by) {
        V1Query query;
        query.scope.listed_only = listed_only;
        query.scope.owner_id = by;
        return all.search.loop.run(all.index.find_films(query)).size();
    };
    publish("video.submitted", film);
    EXPECT_EQ(found(true, ""), 1U);
    all.set(film, "status", "processing");
    publish("video.changed", film);
    EXPECT_EQ(found(true, ""), 0U);
    EXPECT_EQ(found(false, ""), 1U);
    all.set(film, "visibility", "internal");
    publish("video.changed", film);
    EXPECT_EQ(found(false, ""), 0U);
    EXPECT_EQ(found(false, UserId::make().text()), 1U);
    for (const auto* hidden : {"unlisted", "private", "shared"}) {
        all.set(film, "visibility", hidden);
        publish("video.changed", film);
        EXPECT_EQ(found(false, ""), 0U) << hidden;
        EXPECT_EQ(found(false, UserId::make().text()), 0U) << hidden;
        EXPECT_EQ(found(true, owner), 1U) << hidden;
    }
}

TEST_F(SearchFeedTest, Hidden_film_is_found_by_its_owner_alone) {
    const auto owner = UserId::make().text();
    const auto film = all.add_film("a word", "", owner);
    const auto found = [&](const std::string& by) {
        V1Query query;
        query.scope.owner_id = by;
        return all.search.loop.run(all.index.find_films(query)).size();
    };
    for (const auto* level : {"public", "internal"}) {
        all.set(film, "visibility", level);
        publish("video.changed", film);
        EXPECT_EQ(found(UserId::make().text()), 1U) << level;
        all.catalog.write([&](SqlSession& session) {
            session.run(
                "UPDATE videos SET moderation = 'hidden', moderation_reason = 'because', moderated_us = 1 "
                "WHERE id = $1",
                {sql(film.text())});
        });
        publish("video.changed", film);
        EXPECT_EQ(found(""), 0U) << level;
        EXPECT_EQ(found(UserId::make().text()), 0U) << level;
        EXPECT_EQ(found(owner), 1U) << level;
        all.catalog.write([&](SqlSession& session) {
            session.run("UPDATE videos SET moderation = NULL WHERE id = $1", {sql(film.text())});
        });
    }
}

// An index during whose first put the catalog changes and somebody else is quicker.
class Overtaken final : public SearchIndex {
public:
    Overtaken(SearchIndex& inner, std::function<void()> meanwhile) : inner_(inner), meanwhile_(std::move(meanwhile)) {}
    Awaitable<void> put_film(FilmDocument film) override {
        if (meanwhile_) {
            const auto change = std::exchange(meanwhile_, {});
            change();
            FilmDocument newer = film;
            newer.title = "new";
            co_await inner_.put_film(std::move(newer));
        }
        co_await inner_.put_film(std::move(film));
    }
    Awaitable<void> put_track(TrackDocument track) override { return inner_.put_track(std::move(track)); }
    Awaitable<void> keep_tracks(VideoId video, std::vector<TrackId> kept) override {
        return inner_.keep_tracks(video, std::move(kept));
    }
    Awaitable<void> remove_film(VideoId video) override { return inner_.remove_film(video); }
    Awaitable<std::vector<VideoId>> films(std::optional<VideoId> after, int limit) override {
        return inner_.films(after, limit);
    }
    Awaitable<std::vector<VideoId>> find_films(V1Query query) override { return inner_.find_films(std::move(query)); }
    Awaitable<std::vector<TrackMatch>> find_tracks(V1Query query) override {
        return inner_.find_tracks(std::move(query));
    }
    Awaitable<std::optional<HitPage>> find_lines(LineQuery query) override {
        return inner_.find_lines(std::move(query));
    }

private:
    SearchIndex& inner_;
    std::function<void()> meanwhile_;
};

TEST_F(SearchFeedTest, What_became_old_while_it_was_put_is_put_right) {
    const auto film = all.add_film("old");
    Overtaken overtaken(all.index, [&] { all.set(film, "title", "new"); });
    FilmIndex films(all.catalog.database, overtaken);
    all.search.loop.run(films.refresh(film));
    EXPECT_THAT(all.films("old"), IsEmpty());
    EXPECT_THAT(all.films("new"), ElementsAre(film));
}

}  // namespace
}  // namespace movio::search
