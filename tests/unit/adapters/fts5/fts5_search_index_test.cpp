#include "adapters/fts5/search_index.hpp"

#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/fts5/match.hpp"
#include "adapters/fts5/vocabulary.hpp"
#include "base/error.hpp"
#include "search/search_text.hpp"
#include "support/sqlite_service.hpp"

namespace movio::search {
namespace {

using testing::SizeIs;

class Fts5Index : public testing::Test {
protected:
    // Whether the words in the index are exactly those of the rows (FTS5 §6.5, external content compared too).
    void check_integrity() {
        service.write([](SqlSession& session) {
            for (const auto* table : {"film_words", "track_words", "line_words"})
                session.run(std::string("INSERT INTO ") + table + " (" + table +
                            ", rank) VALUES ('integrity-check', 1)");
        });
    }
    std::int64_t count(const std::string& table) {
        return service.read([&table](SqlSession& session) {
            return session.run("SELECT COUNT(*) FROM " + table).rows.at(0).integer(0);
        });
    }

    test::SqliteService service{"search"};
    Fts5SearchIndex index{service.database};
};

TEST_F(Fts5Index, Integrity_check_sees_a_row_that_lost_its_words) {
    FilmDocument film;
    film.video = VideoId::make();
    film.title = "some words";
    service.loop.run(index.put_film(film));
    check_integrity();
    service.write([](SqlSession& session) { session.run("UPDATE films SET title = 'other words'"); });
    EXPECT_THROW(check_integrity(), Failure);
}

// Random documents, some of them the same as before, in spellings that are not searched as they are written.
class RandomDocuments {
public:
    FilmDocument film(VideoId id) {
        FilmDocument film;
        film.video = id;
        film.seen_by_all = film.listed_for_all = at_most(3) > 0;
        film.created_us = 1'700'000'000'000'000 + at_most(5) * 1000;
        film.title = text();
        film.description = text();
        return film;
    }
    TrackDocument track(TrackId id, VideoId video) {
        TrackDocument track{id, video, at_most(1) == 0 ? "en" : "pt-BR", 1'700'000'000'000'000 + at_most(3) * 1000,
                            0,  {}};
        for (int line = at_most(20); line > 0; --line)
            track.lines.push_back(
                {track.lines.empty() ? 0 : track.lines.back().start_ms + at_most(2), 100'000, text()});
        return track;
    }
    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(at_most(static_cast<int>(all.size()) - 1))];
    }
    int at_most(int max) { return std::uniform_int_distribution<>(0, max)(random_); }

private:
    std::string text() {
        static const std::vector<std::string> words{"apple", "Cafe\u0301", "caf\u00e9", "হিন্\u200Dদী", "কি", "don't",
                                                    "",      "\u0958",     "x"};
        std::string text;
        for (int i = at_most(4); i > 0; --i) text += one_of(words) + " ";
        return text;
    }

    std::mt19937 random_{42};
};

TEST_F(Fts5Index, Many_random_changes_leave_exactly_the_words_of_the_last_documents) {
    RandomDocuments random;
    std::vector<VideoId> videos;
    std::vector<std::pair<TrackId, VideoId>> tracks;
    for (int i = 0; i < 8; ++i) {
        videos.push_back(VideoId::make());
        for (int t = 0; t < 3; ++t) tracks.emplace_back(TrackId::make(), videos.back());
    }
    std::map<VideoId, FilmDocument> films_there;
    std::map<TrackId, TrackDocument> tracks_there;
    for (int step = 0; step < 1500; ++step) {
        const auto video = random.one_of(videos);
        const int what = random.at_most(99);
        if (what < 40) {
            films_there[video] = random.film(video);
            service.loop.run(index.put_film(films_there[video]));
        } else if (what < 85) {
            const auto& [track, of] = random.one_of(tracks);
            tracks_there[track] = random.track(track, of);
            service.loop.run(index.put_track(tracks_there[track]));
        } else if (what < 95) {
            std::vector<TrackId> kept;
            for (const auto& [track, of] : tracks)
                if (of == video && random.at_most(1) == 0) kept.push_back(track);
            service.loop.run(index.keep_tracks(video, kept));
            std::erase_if(tracks_there, [&](const auto& one) {
                return one.second.video == video && std::ranges::find(kept, one.first) == kept.end();
            });
        } else {
            service.loop.run(index.remove_film(video));
            films_there.erase(video);
            std::erase_if(tracks_there, [&](const auto& one) { return one.second.video == video; });
        }
        if (step % 100 == 0) check_integrity();
    }
    check_integrity();
    EXPECT_EQ(count("films"), static_cast<std::int64_t>(films_there.size()));
    EXPECT_EQ(count("tracks"), static_cast<std::int64_t>(tracks_there.size()));
    std::size_t lines = 0;
    for (const auto& [id, track] : tracks_there) lines += track.lines.size();
    EXPECT_EQ(count("lines"), static_cast<std::int64_t>(lines));
    fts5::Vocabulary words;
    const auto add = [&words](const std::string& text) { words.add(search_text(text)); };
    for (const auto& [id, film] : films_there) {
        add(film.title);
        add(film.description);
    }
    for (const auto& [id, track] : tracks_there)
        for (const auto& line : track.lines) add(line.text);
    service.write([&](SqlSession& session) {
        words.take_out_of(session);
        EXPECT_EQ(session.run("SELECT COUNT(*) FROM words").rows.at(0).integer(0), 0);
        words.put_into(session);
    });
    for (const auto video : videos) service.loop.run(index.remove_film(video));
    check_integrity();
    for (const auto* table : {"films", "tracks", "lines", "words"}) EXPECT_EQ(count(table), 0) << table;
}

TEST_F(Fts5Index, Beginning_stands_for_its_most_frequent_words_whatever_their_case_and_accents) {
    const auto put_lines = [this](std::vector<std::string> texts) {
        TrackDocument track{TrackId::make(), VideoId::make(), "en", 1'700'000'000'000'000, 0, {}};
        for (auto& text : texts) track.lines.push_back({0, 1, std::move(text)});
        service.loop.run(index.put_track(track));
    };
    put_lines({"Stra\u00dfe", "étable", "Étables étables", "étables", "ETABLES", "établi", "й"});
    const auto stands_for = [this](const std::string& word) {
        return service.read([&word](SqlSession& session) { return fts5::beginning(session, word); });
    };
    EXPECT_EQ(stands_for("etab"), "(\"étables\" OR \"etables\" OR \"étable\" OR \"établi\")");
    EXPECT_EQ(stands_for("ÉTABLE"), "(\"étables\" OR \"etables\" OR \"étable\")");
    EXPECT_EQ(stands_for("stra"), "(\"stra\u00dfe\")");
    EXPECT_EQ(stands_for("none"), "");
    EXPECT_EQ(stands_for("eta"), "\"eta\"*");
    EXPECT_EQ(stands_for("e"), "\"e\"");
    std::vector<std::string> many;
    for (int i = 0; i < 100; ++i) many.push_back("many" + std::to_string(i));
    many.insert(many.end(), {"many99", "many99"});
    put_lines(many);
    EXPECT_TRUE(stands_for("many").starts_with("(\"many99\" OR \"many0\""));
    const auto expression = stands_for("many");
    EXPECT_EQ(std::ranges::count(expression, '"'), 64);
}

TEST_F(Fts5Index, Unchanged_documents_are_not_written_again) {
    RandomDocuments random;
    const auto film = random.film(VideoId::make());
    auto track = random.track(TrackId::make(), film.video);
    track.lines.push_back({200'000, 200'001, "last"});
    service.loop.run(index.put_film(film));
    service.loop.run(index.put_track(track));
    const auto changes = [this] {
        return service.write(
            [](SqlSession& session) { return session.run("SELECT total_changes()").rows[0].integer(0); });
    };
    const auto before = changes();
    service.loop.run(index.put_film(film));
    service.loop.run(index.put_track(track));
    EXPECT_EQ(changes(), before);
    track.lines.back().end_ms += 1;
    service.loop.run(index.put_track(track));
    EXPECT_GT(changes(), before);
}

TEST_F(Fts5Index, Track_of_too_many_lines_is_refused) {
    TrackDocument track{TrackId::make(), VideoId::make(), "en", 0, 0, {}};
    track.lines.resize((std::size_t{1} << 20) + 1);
    EXPECT_THROW(service.loop.run(index.put_track(track)), Failure);
    EXPECT_EQ(count("tracks"), 0);
}

TEST_F(Fts5Index, Times_out_of_the_ordinary_have_a_place) {
    for (const std::int64_t created_us : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                          std::numeric_limits<std::int64_t>::max()}) {
        const auto video = VideoId::make();
        FilmDocument film;
        film.video = video;
        film.seen_by_all = film.listed_for_all = true;
        film.created_us = created_us;
        film.title = "word";
        service.loop.run(index.put_film(film));
        service.loop.run(index.put_track({TrackId::make(), video, "en", created_us, 0, {{0, 1, "word"}}}));
    }
    LineQuery query;
    query.text = "word";
    EXPECT_THAT(service.loop.run(index.find_lines(query))->films, SizeIs(4));
    V1Query v1;
    v1.scope.listed_only = false;
    EXPECT_THAT(service.loop.run(index.find_films(v1)), SizeIs(4));
    check_integrity();
}

TEST_F(Fts5Index, Page_without_end_of_films_that_others_may_not_see_ends_with_a_cursor) {
    for (int i = 0; i < 1100; ++i) {
        FilmDocument film;
        film.video = VideoId::make();
        film.created_us = 1'700'000'000'000'000 + i * 1'000'000;
        film.title = "word";
        film.seen_by_all = film.listed_for_all = i == 0;
        service.loop.run(index.put_film(film));
    }
    LineQuery query;
    query.text = "word";
    auto page = service.loop.run(index.find_lines(query)).value();
    EXPECT_THAT(page.films, SizeIs(0));
    ASSERT_TRUE(page.next);
    query.cursor = page.next;
    page = service.loop.run(index.find_lines(query)).value();
    EXPECT_THAT(page.films, SizeIs(1));
    EXPECT_FALSE(page.next);
}

TEST(Fts5Match, Words_are_quoted_and_limited_to_their_column) {
    EXPECT_EQ(fts5::any_term({{"", "don't"}, {"title", "x\"y"}, {"other", "z"}, {"", "*"}}, {"title"}),
              "\"don t\" OR title : \"x y\"");
    EXPECT_EQ(fts5::any_term_of_column({{"content", "a"}, {"language", "b"}, {"", "c"}}, "content"), "\"a\" OR \"c\"");
    EXPECT_EQ(fts5::every_word({"one", "two"}, "(x)"), "\"one\" AND (x)");
    EXPECT_EQ(fts5::every_word({"one"}, ""), "");
    EXPECT_EQ(fts5::every_word({}, ""), "");
}

}  // namespace
}  // namespace movio::search
