// What every SearchIndex promises. A new adapter joins by adding its case at the end.
#include <memory>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/fts5/search_index.hpp"
#include "support/sqlite_service.hpp"

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// An index of its own, empty; `run` on the loop that the adapter wants.
class OpenIndex {
public:
    virtual ~OpenIndex() = default;
    virtual SearchIndex& index() = 0;
    virtual test::Loop& loop() = 0;
};

struct IndexCase {
    std::string name;
    std::unique_ptr<OpenIndex> (*open)();
};

constexpr std::int64_t kStartUs = 1'700'000'000'000'000;
constexpr std::int64_t kMinuteUs = 60'000'000;

class SearchIndexContract : public testing::TestWithParam<IndexCase> {
protected:
    // Films a minute apart, the later the newer; public and playing.
    FilmDocument film(const std::string& title, const std::string& description = "") {
        FilmDocument document;
        document.video = VideoId::make();
        document.seen_by_all = document.listed_for_all = true;
        document.created_us = document.updated_us = next_us();
        document.title = title;
        document.description = description;
        return document;
    }
    TrackDocument track(VideoId video, const std::string& language, const std::vector<std::string>& texts) {
        TrackDocument document;
        document.track = TrackId::make();
        document.video = video;
        document.language = language;
        document.created_us = document.updated_us = next_us();
        for (const auto& text : texts) {
            const auto at = static_cast<std::int64_t>(document.lines.size()) * 5000;
            document.lines.push_back({at, at + 3000, text});
        }
        return document;
    }
    std::int64_t next_us() { return kStartUs + ++clock_ * kMinuteUs; }

    template <class T>
    T run(Awaitable<T> task) {
        return opened_->loop().run(std::move(task), std::chrono::minutes(5));
    }
    void put(const FilmDocument& document) { run(index().put_film(document)); }
    void put(const TrackDocument& document) { run(index().put_track(document)); }
    VideoId put_film(const std::string& title, const std::string& description = "") {
        const auto document = film(title, description);
        put(document);
        return document.video;
    }
    // A film whose only words are in its captions.
    VideoId put_captions(const std::string& language, const std::vector<std::string>& texts) {
        const auto video = put_film("");
        put(track(video, language, texts));
        return video;
    }
    SearchIndex& index() { return opened_->index(); }

    static V1Query words(const std::vector<std::string>& terms, const std::string& field = "") {
        V1Query query;
        for (const auto& term : terms) query.terms.push_back({field, term});
        return query;
    }
    std::vector<VideoId> films(V1Query query) { return run(index().find_films(std::move(query))); }
    std::vector<TrackId> tracks(V1Query query) {
        std::vector<TrackId> ids;
        for (const auto& match : run(index().find_tracks(std::move(query)))) ids.push_back(match.track);
        return ids;
    }
    std::optional<HitPage> page(LineQuery query) { return run(index().find_lines(std::move(query))); }
    HitPage page(const std::string& text) {
        LineQuery query;
        query.text = text;
        return page(query).value();
    }
    std::vector<VideoId> found(const std::string& text) {
        std::vector<VideoId> ids;
        for (const auto& one : page(text).films) ids.push_back(one.video);
        return ids;
    }
    bool finds(const std::string& text, VideoId video) {
        const auto all = found(text);
        return std::ranges::find(all, video) != all.end();
    }
    // Every film, page after page.
    std::vector<VideoId> all_pages(LineQuery query, int* pages = nullptr) {
        std::vector<VideoId> ids;
        for (int count = 1; count < 10'000; ++count) {
            const auto one = page(query).value();
            EXPECT_LE(one.films.size(), static_cast<std::size_t>(query.limit));
            for (const auto& film : one.films) ids.push_back(film.video);
            if (pages != nullptr) *pages = count;
            if (!one.next) return ids;
            query.cursor = one.next;
        }
        ADD_FAILURE() << "the pages do not end";
        return ids;
    }

    std::unique_ptr<OpenIndex> opened_ = GetParam().open();
    std::int64_t clock_ = 0;
};

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

TEST_P(SearchIndexContract, Tracks_of_a_film_that_is_not_there_are_not_found) {
    put(track(VideoId::make(), "en", {"lonely words"}));
    EXPECT_THAT(tracks(words({"lonely"})), IsEmpty());
    EXPECT_THAT(found("lonely"), IsEmpty());
    EXPECT_THAT(run(index().films(std::nullopt, 10)), SizeIs(1));
}

TEST_P(SearchIndexContract, V2_wants_every_word_in_one_line) {
    const auto video = put_captions("en", {"the quick fox", "jumps over"});
    put_film("quick", "jumps");
    EXPECT_THAT(found("fox quick"), ElementsAre(video));
    EXPECT_THAT(found("quick jumps"), IsEmpty());
    EXPECT_THAT(found(""), IsEmpty());
    EXPECT_THAT(found(" ?! "), IsEmpty());
}

TEST_P(SearchIndexContract, V2_last_word_may_be_a_beginning_of_two_characters) {
    const auto video = put_captions("en", {"an unbelievable story"});
    for (const auto* text : {"un", "unb", "unbe", "unbeliev", "unbelievable", "story unb"})
        EXPECT_TRUE(finds(text, video)) << text;
    EXPECT_FALSE(finds("unb story", video));
    EXPECT_FALSE(finds("u", video));
    EXPECT_FALSE(finds("believable", video));
}

TEST_P(SearchIndexContract, V2_hits_are_title_description_then_cues_by_time) {
    const auto document = film("Wind & <rain>", "Much rain");
    put(document);
    const auto english = track(document.video, "en", {"no", "rain again", "RAIN"});
    auto french = track(document.video, "fr", {"rain en français"});
    french.lines[0].start_ms = 7000;
    french.lines[0].end_ms = 8000;
    put(english);
    put(french);
    const auto films = page("rain").films;
    ASSERT_THAT(films, SizeIs(1));
    const auto& hits = films[0].hits;
    ASSERT_THAT(hits, SizeIs(5));
    EXPECT_EQ(hits[0].field, Hit::Field::title);
    EXPECT_EQ(hits[0].text, "Wind & <rain>");
    EXPECT_EQ(hits[0].highlight, "Wind &amp; &lt;<mark>rain</mark>&gt;");
    EXPECT_FALSE(hits[0].track);
    EXPECT_EQ(hits[1].field, Hit::Field::description);
    EXPECT_EQ(hits[2].field, Hit::Field::caption);
    EXPECT_EQ(hits[2].track, english.track);
    EXPECT_EQ(hits[2].language, "en");
    EXPECT_EQ(hits[2].start_ms, 5000);
    EXPECT_EQ(hits[2].end_ms, 8000);
    EXPECT_EQ(hits[3].track, french.track);
    EXPECT_EQ(hits[4].highlight, "<mark>RAIN</mark>");
    LineQuery few;
    few.text = "rain";
    few.hits_per_film_max = 3;
    EXPECT_THAT(page(few)->films.at(0).hits, SizeIs(3));
}

TEST_P(SearchIndexContract, V2_language_limits_cues) {
    const auto video = put_film("film");
    put(track(video, "pt-BR", {"palavra"}));
    put(track(video, "en", {"palavra"}));
    const auto titled = put_film("palavra");
    const auto languages = [&](const std::string& language) {
        LineQuery query;
        query.text = "palavra";
        query.language = language;
        std::vector<std::string> out;
        for (const auto& one : page(query)->films)
            for (const auto& hit : one.hits) out.push_back(hit.language);
        return out;
    };
    EXPECT_THAT(languages("pt"), ElementsAre("", "pt-BR"));
    EXPECT_THAT(languages("PT-br"), ElementsAre("", "pt-BR"));
    EXPECT_THAT(languages("p"), ElementsAre(""));
    EXPECT_THAT(languages("en"), ElementsAre("", "en"));
    EXPECT_TRUE(finds("palavra", titled));
}

TEST_P(SearchIndexContract, V2_film_stands_where_its_newest_match_stands_and_only_once) {
    const auto old = put_film("word");
    const auto middle = put_film("word");
    put(track(middle, "en", {"other"}));
    const auto young = put_film("word");
    put(track(old, "fr", {"word"}));
    LineQuery query;
    query.text = "word";
    EXPECT_THAT(all_pages(query), ElementsAre(old, young, middle));
    for (query.limit = 1; query.limit < 4; ++query.limit)
        EXPECT_THAT(all_pages(query), ElementsAre(old, young, middle)) << query.limit;
}

TEST_P(SearchIndexContract, V2_pages_have_every_film_once_whatever_their_size) {
    std::vector<VideoId> expected;
    for (int i = 0; i < 40; ++i) {
        const auto video = put_film(i % 3 == 0 ? "common" : "rare");
        for (int t = 0; t < i % 4; ++t) put(track(video, t == 0 ? "en" : "fr", {"a common line", "nothing", "common"}));
        if (i % 3 == 0 || i % 4 != 0) expected.insert(expected.begin(), video);
    }
    LineQuery query;
    query.text = "common";
    for (const int limit : {1, 3, 7, 100}) {
        query.limit = limit;
        int pages = 0;
        EXPECT_EQ(all_pages(query, &pages), expected) << limit;
        EXPECT_EQ(pages, (static_cast<int>(expected.size()) + limit - 1) / limit);
    }
    query.language = "fr";
    query.limit = 3;
    const auto french = all_pages(query);
    EXPECT_EQ(std::set(french.begin(), french.end()).size(), french.size());
}

TEST_P(SearchIndexContract, V2_film_added_between_two_pages_moves_nothing) {
    std::vector<VideoId> expected;
    for (int i = 0; i < 6; ++i) expected.insert(expected.begin(), put_film("word"));
    LineQuery query;
    query.text = "word";
    query.limit = 2;
    std::vector<VideoId> seen;
    for (;;) {
        const auto one = page(query).value();
        for (const auto& film : one.films) seen.push_back(film.video);
        if (!one.next) break;
        query.cursor = one.next;
        put_film("word");
    }
    EXPECT_EQ(seen, expected);
}

TEST_P(SearchIndexContract, V2_cursor_of_another_index_is_refused) {
    put_film("word");
    LineQuery query;
    query.text = "word";
    for (const auto* bad : {"", "x", "f", "f-1", "f1x", "f99999999999999999999", "1"}) {
        query.cursor = bad;
        EXPECT_FALSE(page(query)) << bad;
    }
}

struct Spelling {
    const char* written;
    std::vector<const char*> found_by;
    std::vector<const char*> not_found_by;
};

TEST_P(SearchIndexContract, Five_languages_are_found_by_whole_words_in_every_spelling) {
    const std::vector<Spelling> corpus{
        // English: case, apostrophe, numbers.
        {"The QUICK brown fox, 42 times", {"quick", "Fox", "42", "the quick"}, {"uick", "4", "quicker"}},
        // French: accents, composed or not, may be left out.
        {"Un café à l'été près du cœur", {"café", "cafe", "cafe\u0301", "CAFÉ", "ete", "été", "l'été"}, {"caf\u00e9s"}},
        {"Re\u0301sume\u0301 du film", {"résumé", "resume"}, {}},
        // Spanish.
        {"El niño pequeño comió piñas", {"nino", "niño", "nin\u0303o", "comio", "PIÑAS"}, {"nina"}},
        // Bengali: a vowel sign makes another word, and so does a single consonant.
        {"তুমি কি বাংলা বলো", {"কি", "বাংলা", "বলো", "কি বাংলা"}, {"ক", "কী", "বাঙলা", "ব"}},
        {"ক খ গ", {"ক", "খ"}, {"কি", "খা"}},
        // Vowel sign O in one piece and in two.
        {"ভাল\u09CB থেকো", {"ভাল\u09C7\u09BE", "ভালো"}, {"ভাল\u09BE"}},
        // Joiners change the look alone: ক্‌ষ, র‍্যাম.
        {"ক্\u200Cষমা র\u200D্যাম", {"ক্ষমা", "ক্\u200Dষমা", "র্যাম"}, {"ষমা", "যাম"}},
        // Hindi: vowel signs, conjuncts, nukta composed or not, half forms with a joiner.
        {"हिन्दी में बात करो", {"हिन्दी", "में", "हिन्\u200Dदी"}, {"ह", "हिन", "दी", "का"}},
        {"क\u093Cलम और ज़रूर", {"\u0958लम", "क\u093Cलम", "\u095Bरूर", "ज\u093Cरूर"}, {"लम"}},
    };
    std::vector<VideoId> videos;
    for (const auto& line : corpus) videos.push_back(put_captions("xx", {line.written, "…"}));
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        const auto whole_word = [&](const char* text) {
            const auto matches = run(index().find_tracks(words({text})));
            return std::ranges::any_of(matches, [&](const TrackMatch& match) { return match.video == videos[i]; });
        };
        for (const auto* text : corpus[i].found_by) {
            EXPECT_TRUE(whole_word(text)) << text << " in " << corpus[i].written;
            ASSERT_TRUE(finds(text, videos[i])) << text << " in " << corpus[i].written;
            for (const auto& film : page(text).films) {
                if (film.video != videos[i]) continue;
                EXPECT_EQ(film.hits.at(0).text, corpus[i].written);
                EXPECT_NE(film.hits.at(0).highlight.find("<mark>"), std::string::npos) << text;
            }
        }
        for (const auto* text : corpus[i].not_found_by)
            EXPECT_FALSE(whole_word(text)) << text << " in " << corpus[i].written;
    }
}

TEST_P(SearchIndexContract, A_word_in_a_hundred_thousand_cues_is_found_in_order_and_counted_right) {
    constexpr int kFilms = 250;
    constexpr int kCues = 400;
    std::vector<VideoId> newest_first;
    for (int i = 0; i < kFilms; ++i) {
        std::vector<std::string> texts;
        for (int c = 0; c < kCues; ++c)
            texts.push_back("common line " + std::to_string(c) + (i == 17 && c == 300 ? " needle" : ""));
        newest_first.insert(newest_first.begin(), put_captions("en", texts));
    }
    LineQuery query;
    query.text = "common";
    query.limit = 24;
    EXPECT_EQ(all_pages(query), newest_first);
    EXPECT_THAT(page(query)->films.at(0).hits, SizeIs(5));
    query.text = "common needle";
    const auto rare = page(query).value();
    ASSERT_THAT(rare.films, SizeIs(1));
    EXPECT_EQ(rare.films[0].hits.at(0).start_ms, 300 * 5000);
    auto v1 = words({"common"});
    const auto ten = run(index().find_tracks(v1));
    ASSERT_THAT(ten, SizeIs(10));
    for (std::size_t i = 0; i < ten.size(); ++i) {
        EXPECT_EQ(ten[i].video, newest_first[i]);
        EXPECT_EQ(ten[i].start_ms, 0);
    }
    v1.oldest_first = true;
    EXPECT_EQ(run(index().find_tracks(v1)).at(0).video, newest_first.back());
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
}  // namespace movio::search
