#include "catalog/reports.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "audit/trail.hpp"
#include "catalog/catalog.hpp"
#include "catalog/endpoints/reports.hpp"
#include "catalog/endpoints/videos.hpp"
#include "support/asking.hpp"
#include "support/films.hpp"
#include "unit/http/http_support.hpp"

namespace movio::catalog {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

http::Caller moderator_of(UserId user) {
    http::Caller caller{user, false};
    caller.moderator = true;
    return caller;
}

class ReportsTest : public test::FilmShelf, public ::testing::Test {
protected:
    ReportsTest() {
        add_report_endpoints(router, reports, decisions);
        add_video_endpoints(router, catalog, edits, {.all = "public", .by_role = {}});
        add_user(owner.user, "owner@example.org");
        add_user(other.user, "other@example.org");
        add_user(moderator.user, "moderator@example.org");
        set_role(moderator.user, "moderator");
    }

    void set_role(UserId user, const std::string& role) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE users SET role = $2 WHERE id = $1", {sql(user.text()), sql(role)});
        });
    }
    Video film(std::string visibility = "public", VideoStatus status = VideoStatus::ready) {
        Video video;
        video.owner_id = owner.user.text();
        video.status = status;
        video.visibility = std::move(visibility);
        return add(std::move(video));
    }
    test::Reply ask(Method method, const std::string& target, std::optional<http::Caller> caller,
                    std::string body = {}) {
        return test::ask(service.loop, router,
                         {.method = method,
                          .target = "/api/v2" + target,
                          .caller = caller,
                          .body = std::move(body),
                          .content_type = "application/json"});
    }
    int report(VideoId id, std::optional<http::Caller> caller, std::string body = R"({"reason":"spam"})") {
        return ask(Method::post, "/videos/" + id.text() + "/reports", caller, std::move(body)).status;
    }
    test::Reply decide(VideoId id, const std::string& what, std::optional<http::Caller> caller,
                       const std::string& reason = "because") {
        return ask(Method::post, "/videos/" + id.text() + "/decisions", caller,
                   R"({"decision":")" + what + R"(","reason":")" + reason + "\"}");
    }
    int see(VideoId id, std::optional<http::Caller> caller) {
        return ask(Method::get, "/videos/" + id.text(), caller).status;
    }
    JsonView item(const std::string& state, std::size_t at = 0) {
        const auto list = ask(Method::get, "/reports?state=" + state, moderator);
        EXPECT_EQ(list.status, 200) << list.text;
        return list.json.find("items")->at(at);
    }

    const http::Caller owner{UserId::make(), false};
    const http::Caller other{UserId::make(), false};
    const http::Caller moderator = moderator_of(UserId::make());
    const http::Caller admin{UserId::make(), true};
    Catalog catalog{service.database, watch, links, std::chrono::days(7)};
    FilmEdits edits{service.database, outbox, watch};
    Reports reports{service.database};
    Decisions decisions{service.database, outbox, watch};
    http::Router router;
};

TEST_F(ReportsTest, Whoever_sees_a_film_reports_it_guests_too) {
    const auto id = film().id;
    EXPECT_EQ(report(id, std::nullopt), 204);
    EXPECT_EQ(report(id, std::nullopt), 204) << "guests are told apart by nothing but their addresses";
    EXPECT_EQ(report(id, other, R"({"reason":"other","text":" From 1:20 on "})"), 204);
    const auto told = item("open", 2);
    EXPECT_EQ(told.text_or("reason", ""), "other");
    EXPECT_EQ(told.text_or("text", ""), "From 1:20 on");
    EXPECT_EQ(told.find("reporter")->text_or("name", ""), "Ada Byron");
    EXPECT_TRUE(item("open").find("reporter")->is_null());
    EXPECT_EQ(told.find("video")->integer_or("open_reports", 0), 3);
    EXPECT_EQ(told.find("owner")->text_or("id", ""), owner.user.text());
    EXPECT_EQ(count("outbox"), 0) << "whoever watches learns nothing of it";
}

TEST_F(ReportsTest, Whoever_may_not_see_a_film_gets_what_an_unknown_one_gets) {
    const auto hidden = film("private").id;
    for (const auto& caller : {std::optional<http::Caller>(), std::optional(other), std::optional(moderator)}) {
        EXPECT_EQ(report(hidden, caller), 404);
        EXPECT_EQ(report(VideoId::make(), caller), 404);
    }
    EXPECT_EQ(count("reports"), 0);
}

TEST_F(ReportsTest, Nobody_reports_twice_before_somebody_has_decided) {
    const auto id = film().id;
    EXPECT_EQ(report(id, other), 204);
    EXPECT_EQ(report(id, other, R"({"reason":"hate"})"), 409);
    EXPECT_EQ(report(film().id, other), 204);
    EXPECT_EQ(decide(id, "dismiss", moderator).status, 201);
    EXPECT_EQ(report(id, other), 204);
}

TEST_F(ReportsTest, Reports_of_one_film_are_bounded) {
    const auto id = film().id;
    for (int i = 0; i < kOpenReportsMax; ++i) ASSERT_EQ(report(id, std::nullopt), 204);
    EXPECT_EQ(report(id, std::nullopt), 409);
    EXPECT_EQ(report(id, other), 409);
    EXPECT_EQ(count("reports"), kOpenReportsMax);
}

TEST_F(ReportsTest, What_is_no_report_is_refused) {
    const auto id = film().id;
    for (const auto& bad : {std::string("{}"), std::string(R"({"reason":"ugly"})"),
                            std::string(R"({"reason":"other"})"), std::string(R"({"reason":"other","text":"  "})"),
                            R"({"reason":"spam","text":")" + std::string(2001, 'x') + "\"}"})
        EXPECT_EQ(report(id, other, bad), 400) << bad;
    EXPECT_EQ(count("reports"), 0);
}

TEST_F(ReportsTest, Moderators_see_a_film_of_every_level_while_it_is_reported) {
    const auto id = film("shared").id;
    let_reach(id, other.user);
    EXPECT_EQ(see(id, moderator), 404);
    EXPECT_EQ(report(id, other), 204);
    EXPECT_EQ(see(id, moderator), 200);
    EXPECT_EQ(decide(id, "dismiss", moderator).status, 201);
    EXPECT_EQ(see(id, moderator), 404);
}

TEST_F(ReportsTest, Hidden_film_is_seen_by_owner_and_moderators_with_the_reason_until_it_is_restored) {
    const auto id = film().id;
    EXPECT_EQ(report(id, other), 204);
    const auto decision = decide(id, "hide", moderator, " Not yours. ");
    ASSERT_EQ(decision.status, 201) << decision.text;
    EXPECT_EQ(decision.json.text_or("reason", ""), "Not yours.");
    EXPECT_EQ(decision.json.find("by")->text_or("id", ""), moderator.user.text());
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 1);
    EXPECT_EQ(see(id, std::nullopt), 404);
    EXPECT_EQ(see(id, other), 404);
    for (const auto& caller : {owner, moderator, admin}) {
        const auto seen = ask(Method::get, "/videos/" + id.text(), caller);
        ASSERT_EQ(seen.status, 200);
        const auto moderation = seen.json.find("moderation");
        EXPECT_EQ(moderation->text_or("state", ""), "hidden");
        EXPECT_EQ(moderation->text_or("reason", ""), "Not yours.");
        EXPECT_THAT(moderation->text_or("decided_at", ""), HasSubstr("T"));
    }
    const auto closed = item("closed");
    EXPECT_EQ(closed.find("decision")->text_or("decision", ""), "hide");
    EXPECT_EQ(closed.find("decision")->find("by")->text_or("name", ""), "Ada Byron");
    for (const char* level : {"unlisted", "public"}) {
        const auto body = std::string(R"({"visibility":")") + level + "\"}";
        EXPECT_EQ(ask(Method::patch, "/videos/" + id.text(), owner, body).status, 200);
        EXPECT_EQ(see(id, other), 404) << level;
    }
    EXPECT_EQ(decide(id, "hide", moderator).status, 409);
    EXPECT_EQ(decide(id, "restore", moderator).status, 201);
    const auto seen = ask(Method::get, "/videos/" + id.text(), other);
    EXPECT_EQ(seen.status, 200);
    EXPECT_TRUE(seen.json.find("moderation")->is_null());
    EXPECT_EQ(decide(id, "restore", moderator).status, 409);
}

TEST_F(ReportsTest, Deleted_film_lies_in_the_trash_from_where_its_owner_does_not_get_it) {
    const auto id = film().id;
    ASSERT_EQ(decide(id, "delete", moderator).status, 201);
    for (const auto& caller : {owner, moderator, admin}) EXPECT_EQ(see(id, caller), 404);
    const auto trash = ask(Method::get, "/videos?trash=true", owner);
    EXPECT_EQ(trash.json.find("items")->at(0).find("moderation")->text_or("state", ""), "deleted");
    const auto restored = ask(Method::post, "/videos/" + id.text() + "/restore", owner);
    EXPECT_EQ(restored.status, 403);
    EXPECT_THAT(restored.json.text_or("detail", ""), HasSubstr("A moderator has deleted this video"));
    EXPECT_EQ(ask(Method::post, "/videos/" + id.text() + "/restore", admin).status, 403);
    EXPECT_EQ(decide(id, "hide", moderator).status, 409);
    EXPECT_EQ(decide(id, "delete", moderator).status, 409);
    EXPECT_EQ(decide(id, "restore", moderator).status, 201);
    EXPECT_EQ(see(id, std::nullopt), 200);
}

TEST_F(ReportsTest, Film_that_its_owner_took_away_stays_hidden_when_it_comes_back) {
    const auto id = film().id;
    EXPECT_EQ(report(id, other), 204);
    EXPECT_EQ(ask(Method::del, "/videos/" + id.text(), owner).status, 204);
    EXPECT_EQ(decide(id, "hide", moderator).status, 201);
    EXPECT_EQ(ask(Method::post, "/videos/" + id.text() + "/restore", owner).status, 200);
    EXPECT_EQ(see(id, other), 404);
    EXPECT_EQ(decide(id, "restore", moderator).status, 201);
    EXPECT_EQ(see(id, other), 200);
}

TEST_F(ReportsTest, Only_moderators_and_admins_decide_and_moderators_not_on_films_of_their_own) {
    const auto id = film().id;
    EXPECT_EQ(decide(id, "hide", other).status, 403);
    EXPECT_EQ(decide(id, "hide", owner).status, 403);
    EXPECT_EQ(decide(film("private").id, "hide", other).status, 404);
    EXPECT_EQ(ask(Method::get, "/reports", other).status, 403);
    EXPECT_EQ(ask(Method::get, "/videos/" + id.text() + "/decisions", other).status, 403);
    EXPECT_EQ(decide(id, "hide", moderator_of(owner.user)).status, 403);
    EXPECT_EQ(decide(film("private").id, "hide", moderator).status, 404) << "nobody reported it";
    EXPECT_EQ(decide(film("private").id, "hide", admin).status, 201);
    EXPECT_EQ(decide(film("public", VideoStatus::uploading).id, "hide", admin).status, 404);
    for (const char* bad :
         {R"({"decision":"hide"})", R"({"decision":"hide","reason":" "})", R"({"decision":"burn","reason":"x"})"})
        EXPECT_EQ(ask(Method::post, "/videos/" + id.text() + "/decisions", moderator, bad).status, 400) << bad;
    EXPECT_EQ(decide(id, "dismiss", moderator).status, 409);
    EXPECT_EQ(count("decisions"), 1);
    for (const auto* endpoint : router.descriptions())
        if (endpoint->tag == "moderation" && endpoint->path != "/api/v2/videos/{id}/reports")
            EXPECT_EQ(endpoint->access, http::Access::moderator) << endpoint->path;
}

TEST_F(ReportsTest, Blocking_is_told_to_auth_and_never_meant_for_moderators_by_moderators) {
    const auto id = film().id;
    EXPECT_EQ(report(id, other), 204);
    ASSERT_EQ(decide(id, "block", moderator).status, 201);
    EXPECT_EQ(count("outbox WHERE type = 'uploader.blocked'"), 1);
    service.read([&](SqlSession& session) {
        const auto body = session.run("SELECT body FROM outbox WHERE type = 'uploader.blocked'").rows.at(0).text(0);
        const auto data = data_of(event_from_json(body).value());
        EXPECT_EQ(data.text_or("user_id", ""), owner.user.text());
        EXPECT_EQ(data.text_or("by", ""), moderator.user.text());
    });
    EXPECT_EQ(count("reports WHERE closed_us IS NULL"), 1) << "the film is to be decided on still";
    for (const char* role : {"moderator", "admin"}) {
        set_role(owner.user, role);
        EXPECT_EQ(decide(id, "block", moderator).status, 403) << role;
        EXPECT_EQ(decide(id, "block", admin).status, 201) << role;
    }
    auto own_admin = owner;
    own_admin.admin = true;
    EXPECT_EQ(decide(id, "block", own_admin).status, 403);
    service.write([&](SqlSession& session) { session.run("UPDATE users SET enabled = 0"); });
    EXPECT_EQ(decide(id, "block", admin).status, 409);
    EXPECT_EQ(count("outbox WHERE type = 'uploader.blocked'"), 3);
}

TEST_F(ReportsTest, Decisions_are_kept_with_who_and_why_also_of_a_film_that_is_gone) {
    const auto id = film().id;
    for (const char* what : {"hide", "restore", "delete"}) ASSERT_EQ(decide(id, what, moderator, what).status, 201);
    service.write([&](SqlSession& session) { erase_video(session, id); });
    const auto list = ask(Method::get, "/videos/" + id.text() + "/decisions", moderator);
    ASSERT_EQ(list.status, 200) << list.text;
    const auto items = list.json.find("items");
    ASSERT_EQ(items->size(), 3);
    EXPECT_EQ(items->at(0).text_or("decision", ""), "delete");
    EXPECT_EQ(items->at(2).text_or("reason", ""), "hide");
}

TEST_F(ReportsTest, Pages_of_reports_follow_each_other) {
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i) {
        const auto id = film().id;
        made.push_back(id.text());
        ASSERT_EQ(report(id, other), 204);
    }
    const auto films = [this](const std::string& query) {
        std::vector<std::string> ids;
        std::optional<std::string> cursor;
        do {
            const auto page =
                ask(Method::get, "/reports?limit=2" + query + (cursor ? "&cursor=" + *cursor : ""), moderator);
            const auto items = page.json.find("items");
            for (std::size_t i = 0; i < items->size(); ++i)
                ids.push_back(items->at(i).find("video")->text_or("id", ""));
            const auto next = page.json.find("next")->text();
            cursor = next ? std::optional<std::string>(*next) : std::nullopt;
        } while (cursor);
        return ids;
    };
    EXPECT_EQ(films(""), made) << "who waits longest is first";
    for (const auto& id : made) ASSERT_EQ(decide(VideoId::parse(id).value(), "hide", moderator).status, 201);
    std::ranges::reverse(made);
    EXPECT_EQ(films("&state=closed"), made);
    EXPECT_THAT(films(""), ElementsAre());
    EXPECT_EQ(ask(Method::get, "/reports?cursor=x", moderator).status, 400);
    EXPECT_EQ(ask(Method::get, "/reports?state=all", moderator).status, 400);
}

TEST_F(ReportsTest, What_is_reported_and_decided_is_in_the_audit_trail_without_its_text) {
    const auto id = film().id;
    ASSERT_EQ(report(id, other, R"({"reason":"other","text":"It is mine"})"), 204);
    ASSERT_EQ(report(id, other), 409);
    ASSERT_EQ(decide(id, "block", moderator, "Spam").status, 201);
    ASSERT_EQ(decide(id, "hide", moderator, "Not yours").status, 201);
    ASSERT_EQ(decide(id, "hide", moderator, "Not yours").status, 409);
    const auto entries =
        service.loop.run(audit::Trail(service.database, std::chrono::days(1)).list({.subject = id.text()}));
    ASSERT_EQ(entries.size(), 3);
    EXPECT_EQ(entries[0].action, "moderation.hide");
    EXPECT_EQ(entries[0].actor_id, moderator.user.text());
    EXPECT_EQ(entries[1].action, "moderation.block");
    EXPECT_THAT(entries[1].detail, HasSubstr(owner.user.text()));
    EXPECT_EQ(entries[2].action, "report.made");
    EXPECT_EQ(entries[2].actor_id, other.user.text());
    EXPECT_EQ(entries[2].detail, R"({"reason":"other"})");
    for (const auto& entry : entries)
        for (const char* text : {"It is mine", "Spam", "Not yours"}) EXPECT_FALSE(entry.detail.contains(text));
}

TEST_F(ReportsTest, Report_of_somebody_who_is_gone_stays_without_a_name) {
    ASSERT_EQ(report(film().id, other), 204);
    service.write([&](SqlSession& session) { forget_person(session, other.user); });
    EXPECT_EQ(count("reports WHERE reporter_id IS NULL"), 1);
    EXPECT_TRUE(item("open").find("reporter")->is_null());
}

}  // namespace
}  // namespace movio::catalog
