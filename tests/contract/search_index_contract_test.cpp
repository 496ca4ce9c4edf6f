// What every SearchIndex promises: documents and v1 searches. A new adapter joins by adding its case at the end.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/fts5/search_index.hpp"
#include "contract/search_index_contract.hpp"
#include "support/sqlite_service.hpp"

namespace movio::search::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(SearchIndexContract, Empty_index_finds_nothing) {
    EXPECT_THAT(films(words({"film"})), IsEmpty());
    EXPECT_THAT(films({}), IsEmpty());
    EXPECT_THAT(tracks({}), IsEmpty());
    EXPECT_THAT(found("film"), IsEmpty());
    EXPECT_THAT(run(index().films(std::nullopt, 10)), IsEmpty());
}

TEST_P(SearchIndexContract, Film_is_found_by_title_and_description_until_it_is_removed) {
    const auto video = put_film("Big Buck Bunny", "A rabbit and three rodents");
    EXPECT_THAT(films(words({"bunny"})), ElementsAre(video));
    EXPECT_THAT(films(words({"RODENTS"})), ElementsAre(video));
    EXPECT_THAT(films(words({"rabb"})), IsEmpty());
    EXPECT_THAT(found("three rodents"), ElementsAre(video));
    run(index().remove_film(video));
    EXPECT_THAT(films(words({"bunny"})), IsEmpty());
    EXPECT_THAT(films({}), IsEmpty());
    EXPECT_THAT(found("three rodents"), IsEmpty());
    run(index().remove_film(video));
}

TEST_P(SearchIndexContract, Document_replaces_the_one_of_the_same_id) {
    auto document = film("Old name", "the same text");
    put(document);
    document.title = "New name";
    put(document);
    put(document);
    EXPECT_THAT(films(words({"old"})), IsEmpty());
    EXPECT_THAT(films(words({"new", "same"})), ElementsAre(document.video));
    auto lines = track(document.video, "en", {"first line", "second line"});
    put(lines);
    lines.lines[0].text = "another line";
    lines.language = "de";
    put(lines);
    put(lines);
    EXPECT_THAT(tracks(words({"first", "en"})), IsEmpty());
    EXPECT_THAT(tracks(words({"another"})), ElementsAre(lines.track));
    EXPECT_THAT(tracks(words({"second"})), ElementsAre(lines.track));
    EXPECT_THAT(tracks(words({"de"})), ElementsAre(lines.track));
    lines.lines.clear();
    put(lines);
    EXPECT_THAT(tracks(words({"second"})), IsEmpty());
}

TEST_P(SearchIndexContract, Tracks_that_are_not_kept_go) {
    const auto video = put_film("film");
    const auto one = track(video, "en", {"first words"});
    const auto two = track(video, "fr", {"second words"});
    put(one);
    put(two);
    const auto other = track(put_film("other"), "en", {"other words"});
    put(other);
    run(index().keep_tracks(video, {two.track}));
    EXPECT_THAT(tracks(words({"words"})), ElementsAre(other.track, two.track));
    run(index().keep_tracks(video, {}));
    EXPECT_THAT(tracks(words({"words"})), ElementsAre(other.track));
}

TEST_P(SearchIndexContract, Removed_film_takes_its_tracks_along) {
    const auto video = put_captions("en", {"some words"});
    EXPECT_THAT(found("some words"), ElementsAre(video));
    run(index().remove_film(video));
    EXPECT_THAT(found("some words"), IsEmpty());
    EXPECT_THAT(tracks(words({"words"})), IsEmpty());
    EXPECT_THAT(run(index().films(std::nullopt, 10)), IsEmpty());
}

TEST_P(SearchIndexContract, Films_are_told_in_order_of_id) {
    std::set<VideoId> all;
    for (int i = 0; i < 7; ++i) all.insert(put_film("film"));
    std::vector<VideoId> told;
    for (std::optional<VideoId> after;;) {
        const auto some = run(index().films(after, 3));
        if (some.empty()) break;
        EXPECT_LE(some.size(), 3U);
        told.insert(told.end(), some.begin(), some.end());
        after = told.back();
    }
    EXPECT_EQ(told, std::vector<VideoId>(all.begin(), all.end()));
}

TEST_P(SearchIndexContract, V1_words_are_ored_and_newest_come_first) {
    const auto one = put_film("apple tree");
    const auto two = put_film("pear tree", "no apple");
    const auto three = put_film("plum");
    EXPECT_THAT(films(words({"apple", "plum"})), ElementsAre(three, two, one));
    EXPECT_THAT(films({}), ElementsAre(three, two, one));
    auto oldest = words({"tree"});
    oldest.oldest_first = true;
    EXPECT_THAT(films(oldest), ElementsAre(one, two));
    auto first = words({"tree", "plum"});
    first.limit = 2;
    EXPECT_THAT(films(first), ElementsAre(three, two));
}

TEST_P(SearchIndexContract, V1_term_of_several_words_wants_them_in_order) {
    const auto video = put_film("I don't know");
    put_film("t don");
    EXPECT_THAT(films(words({"don't"})), ElementsAre(video));
}

TEST_P(SearchIndexContract, V1_field_limits_the_term) {
    const auto title = put_film("apple", "pear");
    const auto text = put_film("pear", "apple");
    EXPECT_THAT(films(words({"apple"}, "title")), ElementsAre(title));
    EXPECT_THAT(films(words({"apple"}, "description")), ElementsAre(text));
    EXPECT_THAT(films(words({"apple"}, "language")), IsEmpty());
    const auto english = track(title, "en", {"say it in fr"});
    const auto french = track(title, "fr", {"say it in en"});
    put(english);
    put(french);
    EXPECT_THAT(tracks(words({"fr"}, "language")), ElementsAre(french.track));
    EXPECT_THAT(tracks(words({"fr"}, "content")), ElementsAre(english.track));
    EXPECT_THAT(tracks(words({"fr"})), ElementsAre(french.track, english.track));
}

TEST_P(SearchIndexContract, V1_terms_without_a_word_find_nothing) {
    put_captions("en", {"words"});
    EXPECT_THAT(films(words({"?!", ""})), IsEmpty());
    EXPECT_THAT(tracks(words({"\"", "*"})), IsEmpty());
}

TEST_P(SearchIndexContract, Query_syntax_of_engines_is_only_text) {
    const auto video = put_film("NOT a OR title : with * (words) \" AND ^ NEAR {x} -y + \\ / ~2 [1 TO 2] && ||");
    for (const auto* text :
         {"title:with", "OR", "NEAR(x y)", "wi*",   "\"words", "(words", "NOT", "AND",  "{x}",   "x\" OR \"zzz",
          "-y",         "~2", "[1 TO 2]",  "&& ||", "a\\",     "/",      "^a",  "';--", "x:y:z", "*"}) {
        EXPECT_NO_THROW(films(words({text}))) << text;
        EXPECT_NO_THROW(tracks(words({text}))) << text;
        EXPECT_NO_THROW(page(text)) << text;
    }
    EXPECT_THAT(films(words({"zzz"})), IsEmpty());
    EXPECT_THAT(found("x OR zzz"), IsEmpty());
    EXPECT_THAT(found("NOT a OR title"), ElementsAre(video));
}

TEST_P(SearchIndexContract, V1_ids_limit_the_answer) {
    const auto one = put_film("apple");
    const auto two = put_film("apple");
    const auto three = put_film("pear");
    V1Query query;
    query.ids = {one.text(), three.text(), VideoId::make().text(), one.text()};
    EXPECT_THAT(films(query), ElementsAre(three, one));
    query.terms = {{"", "apple"}};
    EXPECT_THAT(films(query), ElementsAre(one));
    query.oldest_first = true;
    query.terms = {{"", "apple"}, {"", "pear"}};
    EXPECT_THAT(films(query), ElementsAre(one, three));
    const auto lines = track(two, "en", {"apple"});
    const auto more = track(two, "fr", {"apple"});
    put(lines);
    put(more);
    V1Query by_track;
    by_track.ids = {lines.track.text()};
    EXPECT_THAT(tracks(by_track), ElementsAre(lines.track));
    by_track.terms = {{"", "fr"}};
    EXPECT_THAT(tracks(by_track), IsEmpty());
}

TEST_P(SearchIndexContract, V1_created_time_limits_the_answer_both_ends_included) {
    std::vector<FilmDocument> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(film("film"));
        put(all.back());
        put(track(all.back().video, "en", {"line"}));
    }
    auto query = words({"film"});
    query.created_from_us = all[1].created_us;
    query.created_until_us = all[3].created_us;
    EXPECT_THAT(films(query), ElementsAre(all[3].video, all[2].video, all[1].video));
    query.created_from_us = all[1].created_us + 1;
    query.created_until_us = all[3].created_us - 1;
    EXPECT_THAT(films(query), ElementsAre(all[2].video));
    query.oldest_first = true;
    query.created_from_us.reset();
    EXPECT_THAT(films(query), ElementsAre(all[0].video, all[1].video, all[2].video));
    query.created_until_us = all[0].created_us - 1;
    EXPECT_THAT(films(query), IsEmpty());
    V1Query lines;
    lines.created_from_us = all[4].created_us;
    EXPECT_THAT(tracks(lines), SizeIs(1));
}

TEST_P(SearchIndexContract, Documents_of_one_moment_are_all_there) {
    V1Query query;
    std::vector<VideoId> all;
    for (int i = 0; i < 10; ++i) {
        auto document = film("same moment");
        document.created_us = kStartUs;
        put(document);
        auto lines = track(document.video, "en", {"same line"});
        lines.created_us = kStartUs;
        put(lines);
        all.push_back(document.video);
    }
    query.terms = {{"", "moment"}};
    query.created_from_us = query.created_until_us = kStartUs;
    EXPECT_THAT(films(query), testing::UnorderedElementsAreArray(all));
    LineQuery by_line;
    by_line.text = "same line";
    by_line.limit = 3;
    EXPECT_THAT(all_pages(by_line), testing::UnorderedElementsAreArray(all));
}

TEST_P(SearchIndexContract, V1_track_tells_where_it_matches_first) {
    const auto video = put_film("film");
    const auto lines = track(video, "en", {"nothing", "the apple", "nothing", "apple again"});
    put(lines);
    const auto by_word = run(index().find_tracks(words({"apple", "pear"})));
    ASSERT_THAT(by_word, SizeIs(1));
    EXPECT_EQ(by_word[0].video, video);
    EXPECT_EQ(by_word[0].start_ms, 5000);
    const auto by_language = run(index().find_tracks(words({"en"})));
    ASSERT_THAT(by_language, SizeIs(1));
    EXPECT_FALSE(by_language[0].start_ms);
    EXPECT_FALSE(run(index().find_tracks({})).at(0).start_ms);
}

TEST_P(SearchIndexContract, Scope_decides_who_finds_what) {
    const auto me = UserId::make().text();
    auto hidden = film("a film of mine");
    hidden.owner_id = me;
    hidden.seen_by_all = hidden.listed_for_all = false;
    auto unfinished = film("a film not finished");
    unfinished.listed_for_all = false;
    const auto open = film("a film for all");
    for (const auto& one : {hidden, unfinished, open}) {
        put(one);
        put(track(one.video, "en", {"a line of film"}));
    }
    const auto v1 = [&](const std::string& owner, bool listed_only) {
        auto query = words({"film"});
        query.scope.owner_id = owner;
        query.scope.listed_only = listed_only;
        const auto by_title = films(query);
        EXPECT_EQ(tracks(query).size(), by_title.size());
        return by_title;
    };
    const auto v2 = [&](const std::string& owner) {
        LineQuery query;
        query.text = "film";
        query.scope.owner_id = owner;
        return all_pages(query);
    };
    EXPECT_THAT(v1("", false), ElementsAre(open.video, unfinished.video));
    EXPECT_THAT(v1("", true), ElementsAre(open.video));
    EXPECT_THAT(v1(me, false), ElementsAre(open.video, unfinished.video, hidden.video));
    EXPECT_THAT(v1(UserId::make().text(), false), ElementsAre(open.video, unfinished.video));
    EXPECT_THAT(v2(""), ElementsAre(open.video));
    EXPECT_THAT(v2(me), ElementsAre(open.video, hidden.video));
    auto everything = words({"film"});
    everything.scope.all = true;
    EXPECT_THAT(films(everything), SizeIs(3));
}

TEST_P(SearchIndexContract, Films_for_users_and_films_that_are_named_are_in_a_users_scope) {
    auto inside = film("a film inside");
    auto named = film("a film named");
    auto hidden = film("a film hidden");
    for (auto* one : {&inside, &named, &hidden}) {
        one->owner_id = UserId::make().text();
        one->seen_by_all = one->listed_for_all = false;
        one->for_users = one == &inside;
        put(*one);
        put(track(one->video, "en", {"a line of film"}));
    }
    auto v1 = words({"film"});
    LineQuery v2;
    v2.text = "film";
    v1.scope.films = v2.scope.films = {named.video.text()};
    EXPECT_THAT(films(v1), IsEmpty()) << "a stranger";
    EXPECT_THAT(all_pages(v2), IsEmpty());
    v1.scope.owner_id = v2.scope.owner_id = UserId::make().text();
    EXPECT_THAT(films(v1), ElementsAre(named.video, inside.video));
    EXPECT_THAT(tracks(v1), SizeIs(2));
    EXPECT_THAT(all_pages(v2), ElementsAre(named.video, inside.video));
    inside.for_users = false;
    put(inside);
    EXPECT_THAT(films(v1), ElementsAre(named.video));
}

TEST_P(SearchIndexContract, Tracks_of_a_film_that_is_not_there_are_not_found) {
    put(track(VideoId::make(), "en", {"lonely words"}));
    EXPECT_THAT(tracks(words({"lonely"})), IsEmpty());
    EXPECT_THAT(found("lonely"), IsEmpty());
    EXPECT_THAT(run(index().films(std::nullopt, 10)), SizeIs(1));
}

class Fts5InSqlite final : public OpenIndex {
public:
    SearchIndex& index() override { return index_; }
    test::Loop& loop() override { return service_.loop; }

private:
    test::SqliteService service_{"search"};
    Fts5SearchIndex index_{service_.database};
};

std::unique_ptr<OpenIndex> open_fts5() { return std::make_unique<Fts5InSqlite>(); }

INSTANTIATE_TEST_SUITE_P(Adapters, SearchIndexContract, testing::Values(IndexCase{"Fts5", open_fts5}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio::search::contract
