#include "catalog/quotas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "catalog/endpoints/quota.hpp"
#include "catalog/users.hpp"
#include "catalog/video_rows.hpp"
#include "support/asking.hpp"
#include "support/sqlite_service.hpp"

namespace movio::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr std::int64_t kHourUs = 3600LL * 1'000'000;

TEST(QuotaKinds, Are_known_by_their_names_alone) {
    for (const auto kind : kQuotaKinds) EXPECT_EQ(known_quota_kind(to_text(kind)), kind);
    EXPECT_FALSE(known_quota_kind("byte"));
}

TEST(Refused, Says_which_quota_how_much_is_used_and_when_it_frees) {
    QuotaState state;
    state.used = {{QuotaKind::bytes, 90}, {QuotaKind::minutes, 9}, {QuotaKind::uploads_per_day, 3}};
    state.duration_ms = 599'999;
    EXPECT_FALSE(refused_by_quota(state, 1'000'000, 0)) << "there is no limit";
    state.limits = {{QuotaKind::bytes, 100}, {QuotaKind::minutes, 10}, {QuotaKind::uploads_per_day, 4}};
    EXPECT_FALSE(refused_by_quota(state, 10, 0));
    const auto large = refused_by_quota(state, 11, 0);
    ASSERT_TRUE(large);
    EXPECT_EQ(large->error.code, ErrorCode::forbidden);
    EXPECT_THAT(large->error.message, HasSubstr("90 of 100"));
    EXPECT_EQ(large->retry_after_s, 0);
    state.duration_ms = 600'000;
    state.used[QuotaKind::minutes] = 10;
    EXPECT_THAT(refused_by_quota(state, 1, 0)->error.message, HasSubstr("minutes is used up: 10 of 10"));
    state.used[QuotaKind::uploads_per_day] = 4;
    state.frees_us = 1'700'000'000'000'001;
    const auto often = refused_by_quota(state, 1, 1'699'999'990'000'000);
    ASSERT_TRUE(often);
    EXPECT_EQ(often->error.code, ErrorCode::rate_limited);
    EXPECT_THAT(often->error.message, HasSubstr("4 of 4"));
    EXPECT_THAT(often->error.message, HasSubstr(rfc3339(*state.frees_us)));
    EXPECT_EQ(often->retry_after_s, 11);
    state.limits[QuotaKind::uploads_per_day] = 0;
    state.frees_us.reset();
    EXPECT_EQ(refused_by_quota(state, 1, 0)->error.code, ErrorCode::forbidden) << "waiting frees nothing";
}

class QuotasTest : public ::testing::Test {
protected:
    VideoId add_film(std::int64_t bytes, std::int64_t duration_ms, std::int64_t hours_ago = 0) {
        Video video;
        video.id = VideoId::make();
        video.owner_id = user.text();
        video.filename = "a.mkv";
        video.source_key = video.id.text();
        video.source_bytes = bytes;
        service.write([&](SqlSession& session) {
            insert_video(session, video);
            session.run("UPDATE videos SET duration_ms = $2, created_us = created_us - $3 WHERE id = $1",
                        {sql(video.id.text()), sql(duration_ms), sql(hours_ago * kHourUs)});
        });
        return video.id;
    }
    void be(access::Role role) {
        service.write([&](SqlSession& session) {
            session.run(
                "INSERT INTO users (id, version, first_name, last_name, email, role, enabled, deleted, not_before_us) "
                "VALUES ($1, 1, 'A', 'B', 'a@example.org', $2, 1, 0, 0) ON CONFLICT (id) DO UPDATE SET role = $2",
                {sql(user.text()), sql(to_text(role))});
        });
    }
    QuotaState state() { return service.loop.run(quotas.find(user)); }

    const UserId user = UserId::make();
    test::SqliteService service{"catalog"};
    Quotas quotas{service.database,
                  {{access::Role::viewer, {{QuotaKind::uploads_per_day, 0}}},
                   {access::Role::uploader, {{QuotaKind::bytes, 100}, {QuotaKind::uploads_per_day, 2}}}},
                  access::Role::viewer};
};

TEST_F(QuotasTest, Films_count_as_long_as_they_are_there_and_uploads_for_a_day) {
    add_film(10, 59'000, 25);
    const auto trashed = add_film(20, 61'000, 1);
    service.write([&](SqlSession& session) { set_deleted(session, trashed, true); });
    add_film(30, 0);
    EXPECT_THAT(state().used, UnorderedElementsAre(Pair(QuotaKind::bytes, 60), Pair(QuotaKind::minutes, 2),
                                                   Pair(QuotaKind::uploads_per_day, 2)));
    EXPECT_EQ(state().duration_ms, 120'000);
    service.write([&](SqlSession& session) { erase_video(session, trashed); });
    EXPECT_EQ(state().used.at(QuotaKind::bytes), 40);
    EXPECT_EQ(service.loop.run(quotas.find(UserId::make())).used.at(QuotaKind::bytes), 0) << "others' are others'";
}

TEST_F(QuotasTest, Limits_are_of_the_role_and_of_new_users_until_that_is_known) {
    EXPECT_THAT(state().limits, UnorderedElementsAre(Pair(QuotaKind::uploads_per_day, 0)));
    be(access::Role::uploader);
    EXPECT_THAT(state().limits, UnorderedElementsAre(Pair(QuotaKind::bytes, 100), Pair(QuotaKind::uploads_per_day, 2)));
    be(access::Role::admin);
    EXPECT_THAT(state().limits, IsEmpty());
}

TEST_F(QuotasTest, A_users_own_comes_before_the_roles_and_can_be_taken_back) {
    be(access::Role::uploader);
    service.loop.run(quotas.change(user, {{QuotaKind::bytes, kNoLimit}, {QuotaKind::minutes, 5}}));
    EXPECT_THAT(state().limits, UnorderedElementsAre(Pair(QuotaKind::minutes, 5), Pair(QuotaKind::uploads_per_day, 2)));
    service.loop.run(quotas.change(user, {{QuotaKind::bytes, 7}, {QuotaKind::minutes, std::nullopt}}));
    EXPECT_THAT(state().limits, UnorderedElementsAre(Pair(QuotaKind::bytes, 7), Pair(QuotaKind::uploads_per_day, 2)));
    service.write([&](SqlSession& session) { forget_quota(session, user); });
    EXPECT_EQ(state().limits.at(QuotaKind::bytes), 100);
}

TEST_F(QuotasTest, The_next_upload_is_free_when_one_too_many_is_a_day_old) {
    be(access::Role::uploader);
    add_film(1, 0, 23);
    EXPECT_FALSE(state().frees_us);
    add_film(1, 0, 10);
    const auto hours = [this] { return (*state().frees_us - wall_now_us() + kHourUs / 2) / kHourUs; };
    EXPECT_EQ(hours(), 1);
    add_film(1, 0, 2);
    EXPECT_EQ(hours(), 14) << "two must be over";
    EXPECT_EQ(state().bytes_left(), 97);
}

TEST_F(QuotasTest, The_endpoint_tells_used_and_limit) {
    be(access::Role::uploader);
    add_film(40, 150'000);
    http::Router router;
    add_quota_endpoint(router, quotas);
    const auto reply =
        test::ask(service.loop, router, {.target = "/api/v2/quota", .caller = http::Caller{user, false}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.text, R"({"bytes":{"used":40,"limit":100},"minutes":{"used":2,"limit":null},)"
                          R"("uploads_per_day":{"used":1,"limit":2},"upload_frees_at":null})");
}

}  // namespace
}  // namespace movio::catalog
