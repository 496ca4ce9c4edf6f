// Search over a million cues: 1000 films, five languages each, 200 cues a track; words drawn by Zipf's law from 50,000
// a language, and one word that every cue has. The index is made once for all measurements, which takes a minute or so.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>

#include <benchmark/benchmark.h>

#include "adapters/fts5/search_index.hpp"
#include "base/clock.hpp"
#include "support/sqlite_service.hpp"

namespace movio::search {
namespace {

constexpr int kFilms = 1000;
constexpr int kLanguages = 5;
constexpr int kCues = 200;
constexpr int kWords = 50'000;
constexpr std::string_view kEverywhere = "everywhere";

// Words of syllables, the more frequent the shorter, different in each language.
std::string word_of(int language, int rank) {
    static constexpr std::string_view kConsonants = "bdfgklmnprstvz";
    static constexpr std::string_view kVowels = "aeiou";
    std::string word(1, static_cast<char>('h' + language));
    for (int rest = rank;; rest /= 70) {
        word += kVowels[static_cast<std::size_t>(rest % 5)];
        word += kConsonants[static_cast<std::size_t>(rest % 70 / 5)];
        if (rest < 70) return word;
    }
}

class Words {
public:
    Words() {
        double sum = 0;
        for (int rank = 1; rank <= kWords; ++rank) cumulated_.push_back(sum += 1.0 / rank);
    }
    std::string draw(int language) {
        const double at = std::uniform_real_distribution<>(0, cumulated_.back())(random_);
        const auto found = std::ranges::lower_bound(cumulated_, at);
        return word_of(language, static_cast<int>(found - cumulated_.begin()));
    }
    std::string line(int language) {
        std::string text(kEverywhere);
        for (int i = std::uniform_int_distribution<>(4, 10)(random_); i > 0; --i) text += ' ' + draw(language);
        return text;
    }

private:
    std::vector<double> cumulated_;
    std::mt19937_64 random_{7};
};

struct Corpus {
    test::SqliteService service{"search"};
    Fts5SearchIndex index{service.database};
    double put_s = 0;

    Corpus() {
        Words words;
        std::int64_t created_us = 1'700'000'000'000'000;
        for (int i = 0; i < kFilms; ++i) {
            FilmDocument film;
            film.video = VideoId::make();
            film.seen_by_all = film.listed_for_all = true;
            film.created_us = film.updated_us = created_us += 60'000'000;
            film.title = words.line(0);
            put([&] { return index.put_film(film); });
            for (int language = 0; language < kLanguages; ++language) {
                TrackDocument track{TrackId::make(), film.video, "l" + std::to_string(language),
                                    created_us,      created_us, {}};
                for (int cue = 0; cue < kCues; ++cue)
                    track.lines.push_back({cue * 5000, cue * 5000 + 3000, words.line(language)});
                put([&] { return index.put_track(track); });
            }
        }
    }
    template <class Start>
    void put(Start start) {
        const auto begin_us = steady_now_us();
        service.loop.run(start());
        put_s += static_cast<double>(steady_now_us() - begin_us) / 1e6;
    }
    double megabytes() {
        return static_cast<double>(std::filesystem::file_size(service.folder.path() / "search.db")) / 1e6;
    }
};

Corpus& corpus() {
    static Corpus made;
    return made;
}

void find_lines(benchmark::State& state, const std::string& text, int pages) {
    auto& all = corpus();
    std::size_t films = 0;
    for (auto _ : state) {
        LineQuery query;
        query.text = text;
        films = 0;
        for (int i = 0; i < pages; ++i) {
            const auto page = all.service.loop.run(all.index.find_lines(query)).value();
            films += page.films.size();
            query.cursor = page.next;
            if (!page.next) break;
        }
    }
    state.counters["films"] = static_cast<double>(films);
}

void find_tracks(benchmark::State& state, const std::string& text, int scale) {
    auto& all = corpus();
    V1Query query;
    query.terms = {{"", text}};
    if (scale > 1) query.created_until_us = 1'700'000'000'000'000 + 60'000'000LL * kFilms / scale;
    for (auto _ : state) benchmark::DoNotOptimize(all.service.loop.run(all.index.find_tracks(query)));
}

void put_corpus(benchmark::State& state) {
    auto& all = corpus();
    for (auto _ : state) benchmark::DoNotOptimize(&all);
    state.counters["put_s"] = all.put_s;
    state.counters["file_MB"] = all.megabytes();
}
BENCHMARK(put_corpus)->Iterations(1);

BENCHMARK_CAPTURE(find_lines, in_every_cue, std::string(kEverywhere), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, in_every_cue_ten_pages, std::string(kEverywhere), 10)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, most_frequent, word_of(1, 0) + " " + word_of(1, 1), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, rank_1000, word_of(2, 1000), 1)->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, rare, word_of(2, 40'000), 1)->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, rare_and_common, std::string(kEverywhere) + " " + word_of(2, 40'000), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, beginning_of_two, std::string("ev"), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_lines, beginning_of_four, std::string("ever"), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_tracks, in_every_cue, std::string(kEverywhere), 1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_tracks, in_every_cue_of_the_oldest, std::string(kEverywhere), 10)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find_tracks, rare, word_of(2, 40'000), 1)->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace movio::search
