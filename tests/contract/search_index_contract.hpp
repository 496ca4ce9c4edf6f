#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "search/search_index.hpp"
#include "support/coroutines.hpp"

// The ground of the suite that every adapter of the search index has to pass.
namespace movio::search::contract {

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

inline constexpr std::int64_t kStartUs = 1'700'000'000'000'000;
inline constexpr std::int64_t kMinuteUs = 60'000'000;

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

}  // namespace movio::search::contract
