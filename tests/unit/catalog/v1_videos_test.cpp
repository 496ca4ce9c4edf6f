#include "catalog/endpoints/v1_videos.hpp"

#include <gmock/gmock.h>

#include "support/asking.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class V1VideosTest : public test::FilmShelf, public ::testing::Test {
protected:
    V1VideosTest() { add_v1_video_endpoints(router, films); }

    Video film(VideoStatus status = VideoStatus::ready, std::string visibility = "public") {
        Video video;
        video.owner_id = owner.user.text();
        video.status = status;
        video.visibility = std::move(visibility);
        return add(std::move(video));
    }
    test::Reply ask(const std::string& target, std::optional<http::Caller> caller = {}) {
        return test::ask(service.loop, router, {.target = "/api/v1/app/stream" + target, .caller = caller});
    }
    test::Reply metadata(const std::string& id, std::optional<http::Caller> caller = {}) {
        return ask("/video-metadata/" + id + "/", caller);
    }
    void add_track(VideoId video, const std::string& language) {
        CaptionTrackRow track;
        track.id = TrackId::make();
        track.video = video;
        track.language = language;
        track.origin = "stream:" + language;
        service.write([&](SqlSession& session) {
            insert_track(session, track, {{"a", 1000, 2500, "<i>" + language + "</i>", language, "line:0"}});
        });
        watch.changed(video);
    }

    const http::Caller owner{UserId::make(), false};
    test::PlainLinks cdn{"https://cdn.example"};
    V1Films films{service.database, watch, links, cdn};
    http::Router router;
};

TEST_F(V1VideosTest, Metadata_has_every_field_of_the_original) {
    Video given;
    given.status = VideoStatus::ready;
    given.title = "The film";
    given.description = "What it is about";
    given.custom_title = "01890a5d-ac96-774b-bcce-b302099a8057__film";
    given.said_duration_us = 60'000'000;
    const auto id = add(given).id.text();
    const auto reply = metadata(id);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.text, R"({"status_code":200,"video":{"status":"success","detail":{"id":")" + id +
                              R"(","title":"The film","description":"What it is about","duration":"00:01:00",)"
                              R"("custom_video_title":"01890a5d-ac96-774b-bcce-b302099a8057__film",)"
                              R"("mp4_s3_mpd_url":"https://films.example/media/o/)" +
                              id + R"(/1/main.mpd","mp4_gcore_cdn_mpd_url":"https://cdn.example/media/o/)" + id +
                              R"(/1/main.mpd","subtitles":[]}}})");
}

TEST_F(V1VideosTest, What_is_not_known_yet_is_null) {
    const auto video = film(VideoStatus::submitted);
    const auto detail = metadata(video.id.text()).json.find("video")->find("detail").value();
    for (const auto* name : {"description", "duration", "mp4_s3_mpd_url", "mp4_gcore_cdn_mpd_url"})
        EXPECT_TRUE(detail.find(name)->is_null()) << name;
    EXPECT_EQ(detail.text_or("custom_video_title", ""), video.id.text() + "__film");
}

TEST_F(V1VideosTest, Duration_is_as_found_where_it_was_found) {
    Video given;
    given.said_duration_us = 60'000'000;
    const auto id = add(given).id;
    service.write([id](SqlSession& session) { set_plan(session, id, {"plan", 90'061'500, "[]", "[]"}); });
    EXPECT_EQ(metadata(id.text(), owner).status, 404) << "still being uploaded, and nobody's";
    service.write([id](SqlSession& session) { advance(session, id, VideoStatus::submitted); });
    watch.changed(id);
    EXPECT_EQ(metadata(id.text()).json.find("video")->find("detail")->text_or("duration", ""), "1 01:01:01.500000");
}

TEST_F(V1VideosTest, Subtitles_are_whole_files_with_english_first) {
    const auto id = film().id;
    for (const auto* language : {"bn", "fr", "en"}) add_track(id, language);
    const auto tracks = metadata(id.text()).json.find("video")->find("detail")->find("subtitles").value();
    ASSERT_EQ(tracks.size(), 3U);
    EXPECT_EQ(tracks.at(0).text_or("language", ""), "en");
    EXPECT_EQ(tracks.at(1).text_or("language", ""), "bn");
    EXPECT_EQ(tracks.at(0).text_or("content", ""),
              "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:01.000 --> 00:00:02.500 line:0\n"
              "<i>en</i>\n");
}

TEST_F(V1VideosTest, What_one_may_not_see_is_not_found_in_the_old_shape) {
    constexpr const char* kNotFound = R"({"status_code":404,"video":{"status":"error","detail":"Video not found"}})";
    const auto hidden = film(VideoStatus::ready, "private").id.text();
    for (const auto& id : {VideoId::make().text(), std::string("no-uuid"), hidden}) {
        const auto reply = metadata(id);
        EXPECT_EQ(reply.status, 404);
        EXPECT_EQ(reply.text, kNotFound);
    }
    EXPECT_EQ(metadata(hidden, owner).status, 200);
    EXPECT_EQ(metadata(hidden).status, 404) << "also when the owner has just looked";
    EXPECT_EQ(metadata(film(VideoStatus::ready, "unlisted").id.text()).status, 200);
}

TEST_F(V1VideosTest, Changes_are_seen_at_once) {
    const auto id = film().id;
    EXPECT_EQ(metadata(id.text()).status, 200);
    EXPECT_EQ(ask("/videos/all/").json.find("videos")->integer_or("count", -1), 1);
    set_deleted(id);
    watch.changed(id);
    EXPECT_EQ(metadata(id.text()).status, 404);
    EXPECT_EQ(ask("/videos/all/").json.find("videos")->integer_or("count", -1), 0);
}

TEST_F(V1VideosTest, Addresses_are_those_by_which_the_client_came) {
    const auto id = film().id;
    const auto at = [&](const std::string& target, const std::string& base_url) {
        return test::ask(service.loop, router, {.target = "/api/v1/app/stream" + target, .base_url = base_url}).text;
    };
    const auto one = "/video-metadata/" + id.text() + "/";
    for (const std::string host : {"https://one.example", "http://two.example:8000", "https://one.example"})
        for (const auto& target : {one, std::string("/videos/all/")})
            EXPECT_THAT(at(target, host), HasSubstr("\"mp4_s3_mpd_url\":\"" + host + "/media/")) << target;
    set_deleted(id);
    watch.changed(id);
    for (const std::string host : {"https://one.example", "http://two.example:8000"})
        EXPECT_THAT(at(one, host), HasSubstr("Video not found"));
}

TEST_F(V1VideosTest, List_holds_what_one_may_find_finished_or_not) {
    film(VideoStatus::submitted);
    film(VideoStatus::ready, "private");
    film(VideoStatus::ready, "unlisted");
    film(VideoStatus::uploading);
    const auto count = [this](std::optional<http::Caller> caller) {
        return ask("/videos/all/", caller).json.find("videos")->integer_or("count", -1);
    };
    EXPECT_EQ(count({}), 1);
    EXPECT_EQ(count(http::Caller{UserId::make(), false}), 1);
    EXPECT_EQ(count(owner), 4);
}

TEST_F(V1VideosTest, Pages_are_numbered_and_keep_the_other_parameters) {
    std::vector<std::string> expected;
    for (int i = 0; i < 25; ++i) expected.insert(expected.begin(), film().id.text());
    std::vector<std::string> seen;
    const std::string base = "https://films.example/api/v1/app/stream/videos/all/";
    for (int page = 1; page <= 3; ++page) {
        const auto reply = ask("/videos/all/?page=" + std::to_string(page) + "&b=%26%20%C3%A9&a=1&a=0&page_size=2");
        const auto videos = reply.json.find("videos").value();
        EXPECT_EQ(reply.json.integer_or("status_code", 0), 200);
        EXPECT_EQ(videos.integer_or("count", 0), 25);
        const auto results = videos.find("results").value();
        for (std::size_t i = 0; i < results.size(); ++i) seen.push_back(results.at(i).text_or("id", ""));
        EXPECT_FALSE(results.at(0).find("subtitles"));
        const std::string others = "?a=1&a=0&b=%26+%C3%A9";
        if (page == 1) {
            EXPECT_TRUE(videos.find("previous")->is_null());
            EXPECT_EQ(videos.text_or("next", ""), base + others + "&page=2&page_size=2");
        } else if (page == 2) {
            EXPECT_EQ(videos.text_or("previous", ""), base + others + "&page_size=2");
            EXPECT_EQ(videos.text_or("next", ""), base + others + "&page=3&page_size=2");
        } else {
            EXPECT_EQ(videos.text_or("previous", ""), base + others + "&page=2&page_size=2");
            EXPECT_TRUE(videos.find("next")->is_null());
        }
    }
    EXPECT_EQ(seen, expected);
    const auto last = ask("/videos/all?page=last").json.find("videos").value();
    EXPECT_EQ(last.find("results")->size(), 5U);
    EXPECT_EQ(last.text_or("previous", ""), base + "?page=2");
    EXPECT_EQ(ask("/videos/all/?page=2").json.find("videos")->text_or("previous", ""), base);
}

TEST_F(V1VideosTest, Page_that_does_not_exist_is_said_so) {
    for (const auto* page : {"0", "2", "-1", "x", "1.5", "99999999999999999999", "LAST"}) {
        const auto reply = ask(std::string("/videos/all/?page=") + page);
        EXPECT_EQ(reply.status, 404) << page;
        EXPECT_EQ(reply.text, R"({"status_code":404,"videos":{"detail":"Invalid page."}})");
    }
    for (const auto* page : {"", "?page=1", "?page=", "?page=last", "?page=9&page=1"}) {
        const auto reply = ask(std::string("/videos/all/") + page);
        EXPECT_EQ(reply.text, R"({"status_code":200,"videos":{"count":0,"next":null,"previous":null,"results":[]}})")
            << page;
    }
}

TEST_F(V1VideosTest, Others_refusals_have_the_wrapper_too) {
    for (const auto* endpoint : router.descriptions()) {
        const auto response =
            http::refuse(*endpoint, Error{ErrorCode::method_not_allowed, "Method \"POST\" not allowed.", {}}, {});
        EXPECT_EQ(response.status, 405);
        EXPECT_THAT(std::get<std::string>(response.body), StartsWith(R"({"status_code":405,"video)"));
    }
}

}  // namespace
}  // namespace movio::catalog
