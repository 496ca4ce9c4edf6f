#include "playback/media_address.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace movio::playback {
namespace {

constexpr const char* kVideo = "01890a5d-ac96-774b-bcce-b302099a8057";

std::string path(const std::string& rest) { return "/media/o/" + std::string(kVideo) + "/" + rest; }

TEST(MediaAddress, Segment_is_read_with_its_revision_and_name) {
    const auto address = parse_media_address(path("3/v-h264-720/12.m4s"));
    ASSERT_TRUE(address);
    EXPECT_EQ(address->access, "o");
    EXPECT_EQ(address->revision, 3);
    EXPECT_EQ(address->name, "v-h264-720/12.m4s");
    EXPECT_EQ(address->key, "media/" + std::string(kVideo) + "/3/v-h264-720/12.m4s");
    const auto segment = parse_segment_name(address->name);
    ASSERT_TRUE(segment);
    EXPECT_EQ(segment->rendition, "v-h264-720");
    EXPECT_EQ(segment->number, 12);
}

TEST(MediaAddress, Caption_has_no_revision) {
    const auto address = parse_media_address(path("text/01890a5d-ac96-774b-bcce-b302099a8058/2.vtt"));
    ASSERT_TRUE(address);
    EXPECT_EQ(address->revision, 0);
}

TEST(MediaAddress, Anything_odd_is_refused) {
    const std::vector<std::string> addresses{"/media/o",
                                             "/media/",
                                             "/other/o/x",
                                             "/media//" + std::string(kVideo) + "/1/main.mpd",
                                             "/media/o/not-an-id/1/main.mpd",
                                             "/media/o/01890A5D-AC96-774B-BCCE-B302099A8057/1/main.mpd",
                                             path("0/main.mpd"),
                                             path("01/main.mpd"),
                                             path("-1/main.mpd"),
                                             path("1"),
                                             path("1/"),
                                             path("1/../2/main.mpd"),
                                             path("1/.hidden"),
                                             path("1//x"),
                                             path("1/a b"),
                                             path("1/a%2e"),
                                             path("99999999999/main.mpd")};
    for (const auto& bad : addresses) EXPECT_FALSE(parse_media_address(bad)) << bad;
}

TEST(MediaAddress, Segment_name_wants_a_plain_number) {
    for (const char* bad :
         {"1.m4s", "/1.m4s", "v/0.m4s", "v/01.m4s", "v/+1.m4s", "v/1.mp4", "v/-1.m4s", "v/x.m4s", "v/1.m4s.m4s"})
        EXPECT_FALSE(parse_segment_name(bad)) << bad;
    EXPECT_EQ(parse_segment_name("a-1-en-2/init.mp4")->number, 0);
}

const catalog::Viewer kStranger;

// Addresses signed by a key that is the same in each test.
struct Signed {
    access::KeyRing keys{{{"id", std::string(32, 'k'), 1}}};
    MediaTokens tokens{keys, MacForm::hmac_sha256};
    MediaAddresses addresses{"", tokens, std::chrono::hours(12)};
};

TEST(MediaAddresses, Links_are_there_once_the_film_plays_and_lead_back_to_their_keys) {
    const Signed signing;
    const MediaAddresses addresses("https://cdn.example", signing.tokens, std::chrono::hours(12));
    catalog::Video video;
    video.id = VideoId::parse(kVideo).value();
    video.status = catalog::VideoStatus::processing;
    EXPECT_FALSE(addresses.playback(kStranger, video));
    video.status = catalog::VideoStatus::playable;
    const auto links = addresses.playback(kStranger, video);
    ASSERT_TRUE(links);
    EXPECT_EQ(links->dash_url, "https://cdn.example" + path("1/main.mpd"));
    EXPECT_FALSE(links->poster_url);
    const auto address = parse_media_address(links->hls_url.substr(std::string("https://cdn.example").size()));
    ASSERT_TRUE(address);
    EXPECT_EQ(address->name, "main.m3u8");
}

TEST(MediaAddresses, Extras_are_linked_where_there_are_any) {
    const Signed signing;
    const auto& addresses = signing.addresses;
    catalog::Video video;
    video.id = VideoId::parse(kVideo).value();
    video.status = catalog::VideoStatus::ready;
    auto links = addresses.playback(kStranger, video);
    ASSERT_TRUE(links);
    EXPECT_FALSE(links->storyboard_url || links->preview_url || links->chapters_url);
    video.storyboard = true;
    video.preview_key = "media/" + std::string(kVideo) + "/1/image/preview.webp";
    video.chapters_json = R"([{"start_ms":0,"end_ms":1,"title":"One"}])";
    links = addresses.playback(kStranger, video);
    EXPECT_EQ(links->storyboard_url, path("1/image/storyboard.vtt"));
    EXPECT_EQ(links->preview_url, path("1/image/preview.webp"));
    EXPECT_EQ(links->chapters_url, path("1/chapters.vtt"));
    for (const auto& url : {*links->storyboard_url, *links->preview_url, *links->chapters_url})
        EXPECT_TRUE(parse_media_address(url)) << url;
}

TEST(MediaAddresses, What_not_everybody_may_see_has_a_pass_of_the_viewer) {
    const Signed signing;
    catalog::Video video;
    video.id = VideoId::parse(kVideo).value();
    video.status = catalog::VideoStatus::ready;
    video.owner_id = UserId::make().text();
    for (const char* open : {"public", "unlisted"}) {
        video.visibility = open;
        const auto links = signing.addresses.playback(kStranger, video);
        EXPECT_EQ(parse_media_address(links->dash_url)->access, kOpenAccess);
        EXPECT_FALSE(links->expires_us);
    }
    const catalog::Viewer viewer{.user = UserId::make()};
    for (const char* closed : {"internal", "group", "shared", "private"}) {
        video.visibility = closed;
        const auto links = signing.addresses.playback(viewer, video);
        catalog::CaptionTrackRow track;
        track.id = TrackId::make();
        for (const auto& url : {links->dash_url, signing.addresses.caption(viewer, video, track)}) {
            const auto address = parse_media_address(url);
            ASSERT_TRUE(address) << url;
            const auto pass = signing.tokens.read(video.id, address->access);
            ASSERT_TRUE(pass) << url;
            EXPECT_EQ(pass->viewer, viewer.user->uuid());
            EXPECT_EQ(begins_until_s(*pass, video) * 1'000'000, links->expires_us);
        }
    }
}

TEST(MediaAddresses, Pass_of_a_link_begins_nothing_once_the_link_has_run_out) {
    const Signed signing;
    catalog::Video video;
    video.id = VideoId::parse(kVideo).value();
    video.status = catalog::VideoStatus::ready;
    video.visibility = "private";
    video.duration_ms = 90 * 60'000;
    const std::int64_t now_us = wall_now_us();
    catalog::Viewer viewer{.link = catalog::LinkViewer{catalog::EmbedLinkId::make(), now_us + 600 * 1'000'000LL}};
    const auto pass = [&] {
        const auto links = signing.addresses.playback(viewer, video);
        return signing.tokens.read(video.id, parse_media_address(links->dash_url)->access).value();
    };
    EXPECT_EQ(pass().viewer, viewer.link->id.uuid());
    EXPECT_EQ(begins_until_s(pass(), video), viewer.link->expires_us / 1'000'000);
    EXPECT_EQ(signing.addresses.playback(viewer, video)->expires_us, viewer.link->expires_us / 1'000'000 * 1'000'000);
    // A link that counts for long gives passes as everybody's.
    viewer.link->expires_us = now_us + 400LL * 24 * 3600 * 1'000'000;
    EXPECT_LE(begins_until_s(pass(), video), now_us / 1'000'000 + 15 * 3600 + 1);
    EXPECT_GE(begins_until_s(pass(), video), now_us / 1'000'000 + 12 * 3600);
}

TEST(MediaAddresses, Data_folder_looks_with_the_eyes_of_the_owner) {
    const Signed signing;
    catalog::Video video;
    video.id = VideoId::parse(kVideo).value();
    video.status = catalog::VideoStatus::ready;
    video.visibility = "private";
    const catalog::Viewer nobody{.admin = true};
    const auto viewer = [&] {
        const auto links = signing.addresses.playback(nobody, video);
        return signing.tokens.read(video.id, parse_media_address(links->dash_url)->access)->viewer;
    };
    EXPECT_TRUE(viewer().is_nil()) << "of a film of nobody";
    const auto owner = UserId::make();
    video.owner_id = owner.text();
    EXPECT_EQ(viewer(), owner.uuid());
}

TEST(EtagStem, Tells_revision_and_segment_or_name) {
    EXPECT_EQ(etag_stem(*parse_media_address(path("2/v-h264-360/7.m4s"))), "2-v-h264-360-7");
    EXPECT_EQ(etag_stem(*parse_media_address(path("2/v-h264-360/init.mp4"))), "2-v-h264-360-0");
    EXPECT_EQ(etag_stem(*parse_media_address(path("2/image/poster.jpg"))), "2-image-poster.jpg");
}

}  // namespace
}  // namespace movio::playback
