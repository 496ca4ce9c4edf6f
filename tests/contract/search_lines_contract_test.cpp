// What every SearchIndex promises: v2 searches and languages.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/search_index_contract.hpp"

namespace movio::search::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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

}  // namespace
}  // namespace movio::search::contract
