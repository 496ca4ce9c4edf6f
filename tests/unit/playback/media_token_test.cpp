#include "playback/media_token.hpp"

#include <gtest/gtest.h>

#include "access/base64url.hpp"

namespace movio::playback {
namespace {

const VideoId kVideo = VideoId::parse("01890a5d-ac96-774b-bcce-b302099a8057").value();
const Uuid kViewer = Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8058").value();
const MediaPass kPass{kViewer, 1'800'000'000};

access::SigningKey key_of(std::string id, char letter) { return {std::move(id), std::string(32, letter), 1}; }

catalog::Video film_of(std::int64_t duration_ms) {
    catalog::Video video;
    video.id = kVideo;
    video.duration_ms = duration_ms;
    return video;
}

// Made by openssl(1) of the same text and key.
TEST(MediaTokens, Pass_is_signed_as_others_would_do_it) {
    const access::KeyRing keys({key_of("id", 'k')});
    const std::string head = "t-1800000000-id.01890a5d-ac96-774b-bcce-b302099a8058.";
    EXPECT_EQ(MediaTokens(keys, MacForm::hmac_sha256).write(kVideo, kPass),
              head + "YZvKeXp4OgIk-OCYnMdswLidwjlfDk8KDAs6EAx-lO8");
    EXPECT_EQ(MediaTokens(keys, MacForm::secure_link_md5).write(kVideo, kPass), head + "BilW1QT4b0mKbpWmpcpunA");
}

TEST(MediaTokens, Pass_is_read_back_for_its_film_alone) {
    const access::KeyRing keys({key_of("id", 'k')});
    for (const auto form : {MacForm::hmac_sha256, MacForm::secure_link_md5}) {
        const MediaTokens tokens(keys, form);
        const auto access = tokens.write(kVideo, kPass);
        const auto pass = tokens.read(kVideo, access);
        ASSERT_TRUE(pass);
        EXPECT_EQ(pass->viewer, kViewer);
        EXPECT_EQ(pass->expires_s, kPass.expires_s);
        EXPECT_FALSE(tokens.read(VideoId::make(), access));
    }
}

TEST(MediaTokens, Any_changed_missing_or_added_character_is_refused) {
    const access::KeyRing keys({key_of("id", 'k')});
    for (const auto form : {MacForm::hmac_sha256, MacForm::secure_link_md5}) {
        const MediaTokens tokens(keys, form);
        const auto access = tokens.write(kVideo, kPass);
        for (std::size_t i = 0; i < access.size(); ++i) {
            auto changed = access;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            EXPECT_FALSE(tokens.read(kVideo, changed)) << changed;
            EXPECT_FALSE(tokens.read(kVideo, access.substr(0, i))) << i;
            EXPECT_FALSE(tokens.read(kVideo, std::string(access).insert(i, "0"))) << i;
        }
        EXPECT_FALSE(tokens.read(kVideo, access + "A"));
    }
    EXPECT_FALSE(MediaTokens(keys, MacForm::secure_link_md5)
                     .read(kVideo, MediaTokens(keys, MacForm::hmac_sha256).write(kVideo, kPass)));
}

TEST(MediaTokens, First_key_signs_and_older_ones_count_until_they_go) {
    access::KeyRing keys({key_of("old", 'o')});
    const MediaTokens tokens(keys, MacForm::hmac_sha256);
    const auto before = tokens.write(kVideo, kPass);
    keys.replace({key_of("new", 'n'), key_of("old", 'o')});
    EXPECT_TRUE(tokens.read(kVideo, before));
    EXPECT_NE(tokens.write(kVideo, kPass), before);
    EXPECT_TRUE(tokens.read(kVideo, tokens.write(kVideo, kPass)));
    keys.replace({key_of("new", 'n')});
    EXPECT_FALSE(tokens.read(kVideo, before));
}

TEST(Expiry, Film_that_was_begun_has_twice_its_length_and_an_hour_at_least) {
    using std::chrono::hours;
    for (const std::int64_t minutes : {0, 1, 29, 90, 24 * 60}) {
        const auto video = film_of(minutes * 60'000);
        for (const std::int64_t now : {1'800'000'000, 1'800'010'799, 1'800'010'800}) {
            const MediaPass pass{kViewer, expiry_s(now, hours(12), video)};
            const auto begins = begins_until_s(pass, video);
            EXPECT_GT(begins, now + 12 * 3600);
            EXPECT_LE(begins, now + 15 * 3600);
            EXPECT_GE(pass.expires_s - begins, std::max<std::int64_t>(2 * minutes * 60, 3600));
            EXPECT_LE(pass.expires_s - now, address_life_max(hours(12)).count());
        }
    }
}

TEST(Expiry, Addresses_stay_the_same_for_a_quarter_of_their_life) {
    const auto video = film_of(60'000);
    const std::int64_t step = 3 * 3600;
    const auto at = [&](std::int64_t now) { return expiry_s(now, std::chrono::hours(12), video); };
    EXPECT_EQ(at(step * 1000), at(step * 1001 - 1));
    EXPECT_EQ(at(step * 1001) - at(step * 1000), step);
    EXPECT_GT(expiry_s(5, std::chrono::seconds(1), video), 6);
}

}  // namespace
}  // namespace movio::playback
