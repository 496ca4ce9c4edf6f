#include "catalog/embed_links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "catalog/audience.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kHourUs = 3600LL * 1'000'000;

class EmbedLinksTest : public test::FilmShelf, public ::testing::Test {
protected:
    VideoId film(std::string visibility = "private") {
        Video video;
        video.owner_id = mine.user->text();
        video.status = VideoStatus::ready;
        video.visibility = std::move(visibility);
        return add(std::move(video)).id;
    }
    Result<NewEmbedLink> make(const Viewer& viewer, VideoId id,
                              std::vector<std::string> origins = {"https://a.example"}, std::int64_t seconds = 3600) {
        return service.loop.run(links_of_films.make(viewer, id, std::move(origins), seconds));
    }
    std::optional<EmbedLink> find(const std::string& token) { return service.loop.run(links_of_films.find(token)); }
    std::vector<EmbedLinkId> listed(VideoId id) {
        std::vector<EmbedLinkId> ids;
        for (const auto& link : service.loop.run(links_of_films.list(mine, id)).value()) ids.push_back(link.id);
        return ids;
    }
    ErrorCode why_not(const Result<void>& done) { return done ? ErrorCode::internal : done.error().code; }
    void end(EmbedLinkId id, std::int64_t ago_us) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE embed_links SET expires_us = movio_now_us() - $1 WHERE id = $2",
                        {sql(ago_us), sql(id.text())});
        });
    }

    const Viewer mine{.user = UserId::make()};
    const Viewer other{.user = UserId::make()};
    const Viewer admin{.user = UserId::make(), .admin = true};
    EmbedLinks links_of_films{service.database};
};

TEST_F(EmbedLinksTest, Link_is_found_by_its_token_alone_which_nobody_keeps) {
    const auto id = film();
    const auto made = make(mine, id, {"HTTPS://A.example/", "https://a.example", "http://b.example:8080"});
    ASSERT_TRUE(made);
    EXPECT_THAT(made->link.origins, ElementsAre("https://a.example", "http://b.example:8080"));
    EXPECT_EQ(made->link.expires_us - made->link.created_us, kHourUs);
    const auto found = find(made->token);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, made->link.id);
    EXPECT_EQ(found->video, id);
    EXPECT_EQ(found->origins, made->link.origins);
    EXPECT_FALSE(find(made->link.id.text()));
    EXPECT_FALSE(find(""));
    EXPECT_EQ(count("embed_links WHERE token_hash = '" + made->token + "'"), 0);
    EXPECT_EQ(count("embed_links"), 1);
}

TEST_F(EmbedLinksTest, Only_who_may_change_the_film_makes_lists_and_revokes) {
    const auto secret = film();
    const auto open = film("public");
    EXPECT_TRUE(make(admin, secret));
    const auto link = make(mine, secret).value().link.id;
    const auto link_of_open = make(mine, open).value().link.id;
    for (const auto& viewer : {other, Viewer{}}) {
        EXPECT_EQ(make(viewer, secret).error().code, ErrorCode::not_found);
        EXPECT_EQ(make(viewer, open).error().code, ErrorCode::forbidden);
        EXPECT_EQ(service.loop.run(links_of_films.list(viewer, secret)).error().code, ErrorCode::not_found);
        EXPECT_EQ(service.loop.run(links_of_films.list(viewer, open)).error().code, ErrorCode::forbidden);
        EXPECT_EQ(why_not(service.loop.run(links_of_films.revoke(viewer, secret, link))), ErrorCode::not_found);
        EXPECT_EQ(why_not(service.loop.run(links_of_films.revoke(viewer, open, link_of_open))), ErrorCode::forbidden);
    }
    EXPECT_EQ(make(mine, VideoId::make()).error().code, ErrorCode::not_found);
    set_deleted(secret);
    EXPECT_EQ(make(mine, secret).error().code, ErrorCode::not_found);
}

TEST_F(EmbedLinksTest, Whose_address_is_not_checked_makes_none) {
    const auto id = film();
    add_user(*mine.user, "mine@example.org");
    service.write([](SqlSession& session) { session.run("UPDATE users SET email_checked = 0"); });
    EXPECT_EQ(make(mine, id).error().code, ErrorCode::forbidden);
    EXPECT_EQ(count("embed_links"), 0);
    EXPECT_TRUE(make(admin, id));
}

TEST_F(EmbedLinksTest, Link_reaches_its_film_alone_until_it_is_taken_back_and_is_known_afterwards) {
    const auto id = film();
    const auto made = make(mine, id).value();
    const auto reaches_film = [&](VideoId which) {
        return service.read([&](SqlSession& session) {
            const Viewer viewer{.link = find_link_viewer(session, made.link.id)};
            return reaches(session, viewer, find_video(session, which).value());
        });
    };
    EXPECT_TRUE(reaches_film(id));
    EXPECT_FALSE(reaches_film(film()));
    end(made.link.id, 1);
    EXPECT_TRUE(reaches_film(id)) << "what was begun goes on";
    EXPECT_TRUE(service.loop.run(links_of_films.revoke(mine, id, made.link.id)));
    EXPECT_FALSE(reaches_film(id));
    const auto known = [&](EmbedLinkId link) {
        return service.read([&](SqlSession& session) { return find_link_viewer(session, link).has_value(); });
    };
    EXPECT_TRUE(known(made.link.id));
    EXPECT_FALSE(known(EmbedLinkId::make()));
}

TEST_F(EmbedLinksTest, Revoked_link_is_gone_and_belongs_to_its_film) {
    const auto id = film();
    const auto first = make(mine, id).value();
    const auto second = make(mine, id).value();
    EXPECT_THAT(listed(id), ElementsAre(second.link.id, first.link.id));
    EXPECT_EQ(why_not(service.loop.run(links_of_films.revoke(mine, film(), first.link.id))), ErrorCode::not_found);
    EXPECT_TRUE(service.loop.run(links_of_films.revoke(mine, id, first.link.id)));
    EXPECT_FALSE(find(first.token));
    EXPECT_TRUE(find(second.token));
    EXPECT_THAT(listed(id), ElementsAre(second.link.id));
    EXPECT_EQ(why_not(service.loop.run(links_of_films.revoke(mine, id, first.link.id))), ErrorCode::not_found);
}

TEST_F(EmbedLinksTest, Link_that_ran_out_is_found_and_listed_no_more_and_forgotten_later) {
    const auto id = film();
    const auto made = make(mine, id).value();
    end(made.link.id, 1);
    EXPECT_FALSE(find(made.token));
    EXPECT_TRUE(listed(id).empty());
    service.loop.run(links_of_films.clean_up());
    EXPECT_EQ(count("embed_links"), 1) << "who began in time sees the film to its end";
    end(made.link.id, 50 * kHourUs);
    service.loop.run(links_of_films.clean_up());
    EXPECT_EQ(count("embed_links"), 0);
}

TEST_F(EmbedLinksTest, Revoked_link_is_known_as_long_as_addresses_that_it_gave_may_be_in_use) {
    const auto id = film();
    const auto link = make(mine, id, {"https://a.example"}, limits::kEmbedLinkSecondsMax).value().link;
    EXPECT_TRUE(service.loop.run(links_of_films.revoke(mine, id, link.id)));
    service.loop.run(links_of_films.clean_up());
    EXPECT_EQ(count("embed_links WHERE expires_us > movio_now_us() + 3000000000000"), 1);
    EXPECT_EQ(count("embed_links WHERE expires_us > movio_now_us() + 3500000000000"), 0) << "but not for ten years";
}

TEST_F(EmbedLinksTest, Odd_wishes_are_refused_and_make_nothing) {
    const auto id = film();
    const auto code = [&](std::vector<std::string> origins, std::int64_t seconds) {
        return make(mine, id, std::move(origins), seconds).error().code;
    };
    EXPECT_EQ(code({}, 3600), ErrorCode::invalid);
    EXPECT_EQ(code({"https://a.example", "*"}, 3600), ErrorCode::invalid);
    EXPECT_EQ(code({"https://a.example"}, limits::kEmbedLinkSecondsMin - 1), ErrorCode::invalid);
    EXPECT_EQ(code({"https://a.example"}, limits::kEmbedLinkSecondsMax + 1), ErrorCode::invalid);
    std::vector<std::string> many;
    for (int i = 0; i <= limits::kEmbedOriginsMax; ++i) many.push_back("https://a" + std::to_string(i) + ".example");
    EXPECT_EQ(code(many, 3600), ErrorCode::invalid);
    EXPECT_EQ(count("embed_links"), 0);
    many.pop_back();
    EXPECT_TRUE(make(mine, id, many));
}

TEST_F(EmbedLinksTest, There_are_so_many_of_a_film_and_those_that_ran_out_do_not_count) {
    const auto id = film();
    const auto first = make(mine, id).value();
    for (int i = 1; i < limits::kEmbedLinksPerVideoMax; ++i) ASSERT_TRUE(make(mine, id));
    EXPECT_EQ(make(mine, id).error().code, ErrorCode::conflict);
    EXPECT_TRUE(make(mine, film()));
    end(first.link.id, 1);
    EXPECT_TRUE(make(mine, id));
}

TEST_F(EmbedLinksTest, Links_go_with_their_film) {
    const auto id = film();
    ASSERT_TRUE(make(mine, id));
    service.write([&](SqlSession& session) { erase_video(session, id); });
    EXPECT_EQ(count("embed_links"), 0);
}

}  // namespace
}  // namespace movio::catalog
