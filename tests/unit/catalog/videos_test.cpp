#include "catalog/endpoints/videos.hpp"

#include <gmock/gmock.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "catalog/licence.hpp"
#include "catalog/schemas.hpp"
#include "support/asking.hpp"
#include "support/films.hpp"
#include "unit/http/http_support.hpp"

namespace movio::catalog {
namespace {

using http::Method;
using test::Question;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kTrashUs = 7LL * 24 * 3600 * 1'000'000;

class VideosTest : public test::FilmShelf, public ::testing::Test {
protected:
    VideosTest() {
        add_video_endpoints(router, catalog, edits, {.all = "unlisted", .by_role = {{access::Role::admin, "private"}}});
    }

    Video film(VideoStatus status = VideoStatus::ready, std::string visibility = "public") {
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
                          .target = "/api/v2/videos" + target,
                          .caller = caller,
                          .body = std::move(body),
                          .content_type = "application/json"});
    }
    std::vector<std::string> listed(const std::string& query, std::optional<http::Caller> caller) {
        const auto reply = ask(Method::get, query, caller);
        EXPECT_EQ(reply.status, 200) << reply.text;
        std::vector<std::string> ids;
        const auto items = reply.json.find("items");
        for (std::size_t i = 0; items && i < items->size(); ++i) ids.push_back(items->at(i).text_or("id", ""));
        return ids;
    }

    const http::Caller owner{UserId::make(), false};
    const http::Caller other{UserId::make(), false};
    const http::Caller admin{UserId::make(), true};
    Catalog catalog{service.database, watch, links, std::chrono::days(7)};
    FilmEdits edits{service.database, outbox, watch};
    http::Router router;
};

TEST_F(VideosTest, Change_is_answered_with_the_film_and_told) {
    const auto id = film().id;
    int told = 0;
    const auto subscription = watch.subscribe({id}, [&told](VideoId) { ++told; });
    const auto reply = ask(Method::patch, "/" + id.text(), owner,
                           R"({"title":"  নদী ","description":" two\nlines ","visibility":"private"})");
    ASSERT_EQ(reply.status, 200) << reply.text;
    EXPECT_EQ(reply.json.text_or("title", ""), "নদী");
    EXPECT_EQ(reply.json.text_or("description", ""), "two\nlines");
    EXPECT_EQ(reply.json.text_or("visibility", ""), "private");
    EXPECT_TRUE(reply.json.boolean_or("mine", false));
    EXPECT_TRUE(reply.json.find("deleted_at")->is_null());
    EXPECT_EQ(told, 1);
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 1);
    const auto again = ask(Method::patch, "/" + id.text(), owner, R"({"description":""})");
    EXPECT_EQ(again.json.text_or("title", ""), "নদী");
    EXPECT_EQ(again.json.text_or("description", "-"), "");
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, "{}").status, 200);
    EXPECT_EQ(count("outbox"), 2);
}

TEST_F(VideosTest, What_cannot_be_is_refused_and_changes_nothing) {
    const auto id = film().id;
    const std::string long_title(221, 'x');
    const std::string long_description(5001, 'x');
    for (const auto& bad :
         {std::string(R"({"title":""})"), std::string(R"({"title":"   "})"), "{\"title\":\"" + long_title + "\"}",
          "{\"description\":\"" + long_description + "\"}", std::string(R"({"visibility":"groups"})"),
          std::string(R"({"titel":"x"})"), std::string(R"({"title":5})"), std::string("{")})
        EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, bad).status, 400) << bad;
    EXPECT_EQ(find(id)->title, "film");
    EXPECT_EQ(count("outbox"), 0);
}

TEST_F(VideosTest, Licence_and_attribution_are_changed_and_shown_to_all) {
    const auto id = film().id;
    const auto reply =
        ask(Method::patch, "/" + id.text(), owner, R"({"licence":"CC-BY-3.0","attribution":" © Ada, ada.example "})");
    ASSERT_EQ(reply.status, 200) << reply.text;
    const auto seen = ask(Method::get, "/" + id.text(), std::nullopt);
    EXPECT_EQ(seen.json.text_or("licence", ""), "CC-BY-3.0");
    EXPECT_EQ(seen.json.text_or("attribution", ""), "© Ada, ada.example");
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 1);
    for (const auto& bad : {std::string(R"({"licence":"CC-BY"})"), std::string(R"({"licence":"cc-by-3.0"})"),
                            "{\"attribution\":\"" + std::string(501, 'x') + "\"}"})
        EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, bad).status, 400) << bad;
    ask(Method::patch, "/" + id.text(), owner, R"({"title":"x"})");
    EXPECT_EQ(find(id)->licence, "CC-BY-3.0");
    ask(Method::patch, "/" + id.text(), owner, R"({"licence":"","attribution":""})");
    EXPECT_EQ(find(id)->licence, "");
    EXPECT_EQ(find(id)->attribution, "");
}

TEST_F(VideosTest, Film_is_shared_by_e_mail_and_its_owner_alone_sees_with_whom) {
    add_user(other.user, "Other@example.org");
    const auto id = film(VideoStatus::ready, "private").id;
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 404);
    const auto shared =
        ask(Method::patch, "/" + id.text(), owner, R"({"visibility":"shared","shared_with":[" other@EXAMPLE.org "]})");
    ASSERT_EQ(shared.status, 200) << shared.text;
    const auto people = shared.json.find("shared_with");
    ASSERT_TRUE(people && people->size() == 1) << shared.text;
    EXPECT_EQ(people->at(0).text_or("email", ""), "Other@example.org");
    EXPECT_EQ(people->at(0).text_or("name", ""), "Ada Byron");
    const auto seen = ask(Method::get, "/" + id.text(), other);
    ASSERT_EQ(seen.status, 200);
    EXPECT_TRUE(seen.json.find("shared_with")->is_null());
    EXPECT_THAT(listed("", other), ElementsAre(id.text()));
    EXPECT_THAT(listed("", admin), ElementsAre());
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), other, R"({"title":"mine"})").status, 403);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), std::nullopt).status, 404);
    // What is not said stays; another level closes the film to them, and does not forget them.
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"visibility":"private"})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 404);
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"visibility":"shared"})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 200);
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"shared_with":[]})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 404);
}

TEST_F(VideosTest, Whose_address_is_not_checked_hides_films_and_shows_them_to_nobody) {
    add_user(owner.user, "owner@example.org");
    add_user(other.user, "other@example.org");
    const auto group = add_group("Algebra", {owner.user});
    const auto id = film(VideoStatus::ready, "public").id;
    const auto change = [&](const std::string& body) {
        return ask(Method::patch, "/" + id.text(), owner, body).status;
    };
    const std::vector<std::string> showing{R"({"visibility":"internal"})", R"({"shared_with":["other@example.org"]})",
                                           R"({"groups":[")" + group.text() + R"("]})"};
    service.write([](SqlSession& session) {
        session.run("UPDATE users SET email_checked = 0 WHERE email = 'owner@example.org'");
    });
    for (const auto& body : showing) EXPECT_EQ(change(body), 403) << body;
    EXPECT_EQ(find(id)->visibility, "public");
    EXPECT_EQ(change(R"({"title":"Mine","visibility":"private","shared_with":[],"groups":[]})"), 200);
    service.write([](SqlSession& session) { session.run("UPDATE users SET email_checked = 1"); });
    for (const auto& body : showing) EXPECT_EQ(change(body), 200) << body;
}

TEST_F(VideosTest, Unknown_or_too_many_people_are_refused_and_nothing_is_changed) {
    add_user(other.user, "other@example.org");
    const auto id = film(VideoStatus::ready, "private").id;
    const auto nobody = ask(Method::patch, "/" + id.text(), owner,
                            R"({"title":"new","shared_with":["other@example.org","nobody@example.org"]})");
    EXPECT_EQ(nobody.status, 400);
    EXPECT_THAT(nobody.text, HasSubstr("nobody@example.org"));
    std::string many = R"({"shared_with":["other@example.org")";
    for (int i = 0; i < limits::kSharedWithMax; ++i) many += R"(,"other@example.org")";
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, many + "]}").status, 400);
    EXPECT_EQ(find(id)->title, "film");
    EXPECT_EQ(count("video_shares"), 0);
}

TEST_F(VideosTest, Film_is_for_groups_and_its_owner_alone_sees_for_which) {
    const auto course = add_group("Algebra", {owner.user, other.user});
    const auto second = add_group("Biology", {owner.user});
    const auto id = film(VideoStatus::ready, "private").id;
    const auto body = R"({"visibility":"group","groups":[")" + second.text() + R"(",")" + course.text() + R"("]})";
    const auto changed = ask(Method::patch, "/" + id.text(), owner, body);
    ASSERT_EQ(changed.status, 200) << changed.text;
    const auto groups = changed.json.find("groups");
    ASSERT_TRUE(groups && groups->size() == 2) << changed.text;
    EXPECT_EQ(groups->at(0).text_or("name", ""), "Algebra");
    EXPECT_EQ(groups->at(0).text_or("kind", ""), "course");
    EXPECT_EQ(groups->at(1).text_or("id", ""), second.text());
    const auto seen = ask(Method::get, "/" + id.text(), other);
    ASSERT_EQ(seen.status, 200);
    EXPECT_TRUE(seen.json.find("groups")->is_null());
    EXPECT_THAT(listed("", other), ElementsAre(id.text()));
    const auto own = ask(Method::get, "?owner=me", owner);
    EXPECT_EQ(own.json.find("items")->at(0).find("groups")->size(), 2);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), http::Caller{UserId::make(), false}).status, 404);
    // What is not said stays, whatever the level is meanwhile.
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"visibility":"private"})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 404);
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"visibility":"group"})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 200);
    EXPECT_EQ(ask(Method::patch, "/" + id.text(), owner, R"({"groups":[")" + second.text() + R"("]})").status, 200);
    EXPECT_EQ(ask(Method::get, "/" + id.text(), other).status, 404);
}

TEST_F(VideosTest, Groups_that_one_is_not_in_are_refused_like_unknown_ones) {
    const auto foreign = add_group("Algebra", {other.user});
    const auto own = add_group("Biology", {owner.user});
    const auto id = film(VideoStatus::ready, "private").id;
    const auto ask_for = [&](const http::Caller& caller, const std::string& groups) {
        return ask(Method::patch, "/" + id.text(), caller, R"({"title":"new","groups":[)" + groups + "]}");
    };
    const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
    for (const auto& bad : {foreign.text(), GroupId::make().text(), std::string("Algebra"), std::string()}) {
        const auto refused = ask_for(owner, quoted(own.text()) + "," + quoted(bad));
        EXPECT_EQ(refused.status, 400) << bad;
        EXPECT_THAT(refused.text, HasSubstr("You are in no group '" + bad + "'"));
    }
    std::string many = quoted(own.text());
    for (int i = 0; i < limits::kFilmGroupsMax; ++i) many += "," + quoted(own.text());
    EXPECT_EQ(ask_for(owner, many).status, 400);
    EXPECT_EQ(find(id)->title, "film");
    EXPECT_EQ(count("video_groups"), 0);
    // An administrator chooses any, and what is chosen its owner may leave as it is.
    EXPECT_EQ(ask_for(admin, quoted(foreign.text())).status, 200);
    EXPECT_EQ(ask_for(owner, quoted(foreign.text()) + "," + quoted(own.text())).status, 200);
    EXPECT_EQ(count("video_groups"), 2);
}

TEST_F(VideosTest, Levels_that_can_be_chosen_are_told_with_the_callers_default_and_groups) {
    const auto told = [this](std::optional<http::Caller> caller) {
        return test::ask(service.loop, router, {.target = "/api/v2/visibilities", .caller = caller}).text;
    };
    const std::string without = R"({"items":["public","internal","shared","unlisted","private"],"default":)";
    EXPECT_EQ(told({}), without + R"("unlisted","groups":[]})");
    add_user(other.user, "other@example.org");
    EXPECT_EQ(told(other), without + R"("unlisted","groups":[]})");
    EXPECT_EQ(told(owner), without + R"("private","groups":[]})") << "not heard of yet: the narrowest";
    const auto biology = add_group("Biology", {});
    const auto algebra = add_group("Algebra", {other.user});
    const auto named = [](GroupId id, const std::string& name) {
        return R"({"id":")" + id.text() + R"(","name":")" + name + R"(","kind":"course"})";
    };
    const std::string with = R"({"items":["public","internal","group","shared","unlisted","private"],"default":)";
    EXPECT_EQ(told(other), with + R"("unlisted","groups":[)" + named(algebra, "Algebra") + "]}");
    EXPECT_EQ(told(admin),
              with + R"("private","groups":[)" + named(algebra, "Algebra") + "," + named(biology, "Biology") + "]}");
}

TEST_F(VideosTest, Writes_are_for_users) {
    for (const auto* endpoint : router.descriptions()) {
        if (endpoint->method == Method::get) continue;
        EXPECT_EQ(endpoint->access, http::Access::user) << endpoint->path;
        EXPECT_EQ(endpoint->rate, http::RateClass::write) << endpoint->path;
    }
}

TEST_F(VideosTest, Only_owner_and_admins_change_a_film) {
    const auto seen = film().id.text();
    const auto hidden = film(VideoStatus::ready, "private").id.text();
    for (const auto& [method, tail] :
         {std::pair{Method::patch, ""}, std::pair{Method::del, ""}, std::pair{Method::post, "/restore"}}) {
        EXPECT_EQ(ask(method, "/" + seen + tail, other).status, 403);
        EXPECT_EQ(ask(method, "/" + hidden + tail, other).status, 404);
        EXPECT_EQ(ask(method, "/" + VideoId::make().text() + tail, owner).status, 404);
    }
    EXPECT_EQ(ask(Method::patch, "/" + hidden, admin, R"({"title":"moderated"})").status, 200);
    EXPECT_EQ(ask(Method::del, "/" + hidden, admin).status, 204);
    const auto arriving = film(VideoStatus::uploading).id.text();
    EXPECT_EQ(ask(Method::patch, "/" + arriving, owner, R"({"title":"x"})").status, 409);
    EXPECT_EQ(ask(Method::del, "/" + arriving, owner).status, 409);
}

TEST_F(VideosTest, Film_in_the_trash_is_nowhere_but_in_its_owners_trash_until_it_is_restored) {
    const auto id = film().id.text();
    const auto kept = film().id.text();
    EXPECT_EQ(ask(Method::del, "/" + id, owner).status, 204);
    for (const auto& caller : {std::optional<http::Caller>(), std::optional(owner), std::optional(admin)})
        EXPECT_EQ(ask(Method::get, "/" + id, caller).status, 404);
    EXPECT_EQ(ask(Method::patch, "/" + id, owner, R"({"title":"x"})").status, 404);
    EXPECT_EQ(ask(Method::del, "/" + id, owner).status, 404);
    EXPECT_EQ(ask(Method::post, "/" + id + "/restore", other).status, 404);
    EXPECT_THAT(listed("", {}), ElementsAre(kept));
    EXPECT_THAT(listed("?owner=me", owner), ElementsAre(kept));
    EXPECT_THAT(listed("?owner=me&trash=true", owner), ElementsAre(id));
    EXPECT_TRUE(listed("?owner=me&trash=true", other).empty());
    const auto trash = ask(Method::get, "?owner=me&trash=true", owner);
    const auto lying = trash.json.find("items")->at(0);
    EXPECT_TRUE(lying.find("deleted_at")->text());
    EXPECT_EQ(lying.text_or("purge_at", ""), rfc3339(*find(VideoId::parse(id).value())->deleted_us + kTrashUs));

    const auto restored = ask(Method::post, "/" + id + "/restore", owner);
    EXPECT_EQ(restored.status, 200) << restored.text;
    EXPECT_TRUE(restored.json.find("deleted_at")->is_null());
    EXPECT_TRUE(restored.json.find("purge_at")->is_null());
    EXPECT_EQ(ask(Method::get, "/" + id, {}).status, 200);
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 2);
    EXPECT_EQ(ask(Method::post, "/" + id + "/restore", owner).status, 200) << "again is no mistake";
    EXPECT_EQ(count("outbox"), 2);
}

TEST_F(VideosTest, What_goes_on_with_a_film_in_the_trash_is_seen_when_it_is_restored) {
    const auto id = film(VideoStatus::processing).id;
    set_deleted(id);
    EXPECT_TRUE(service.write([id](SqlSession& session) { return advance(session, id, VideoStatus::ready); }));
}

TEST_F(VideosTest, Own_films_are_listed_in_every_state_and_only_to_oneself) {
    const auto arriving = film(VideoStatus::uploading).id.text();
    const auto hidden = film(VideoStatus::processing, "private").id.text();
    const auto ready = film().id.text();
    EXPECT_THAT(listed("?owner=me", owner), ElementsAre(ready, hidden, arriving));
    EXPECT_THAT(listed("", owner), ElementsAre(ready, hidden, arriving));
    EXPECT_THAT(listed("", other), ElementsAre(ready));
    EXPECT_TRUE(listed("?owner=me", other).empty());
    EXPECT_EQ(ask(Method::get, "?owner=me", {}).status, 401);
    EXPECT_EQ(ask(Method::get, "?trash=true", {}).status, 401);
    EXPECT_EQ(ask(Method::get, "?owner=you", owner).status, 400);
    EXPECT_EQ(ask(Method::get, "/" + hidden, other).status, 404);
    EXPECT_FALSE(ask(Method::get, "/" + ready, other).json.boolean_or("mine", true));
}

TEST_F(VideosTest, Pages_of_ones_own_films_follow_each_other) {
    std::vector<std::string> expected;
    for (int i = 0; i < 5; ++i) expected.insert(expected.begin(), film(VideoStatus::submitted).id.text());
    std::vector<std::string> seen;
    std::string query = "?owner=me&limit=2";
    for (;;) {
        const auto reply = ask(Method::get, query, owner);
        const auto items = reply.json.find("items").value();
        for (std::size_t i = 0; i < items.size(); ++i) seen.push_back(items.at(i).text_or("id", ""));
        const auto next = reply.json.find("next")->text();
        if (!next) break;
        query = "?owner=me&limit=2&cursor=" + std::string(*next);
    }
    EXPECT_EQ(seen, expected);
}

// Over a real connection: the stream tells of a film as long as the viewer may see it, and nothing of others.
TEST_F(VideosTest, Event_stream_tells_only_of_films_one_may_see) {
    const auto mine = film(VideoStatus::ready, "private").id;
    std::vector<std::unique_ptr<http::Gate>> gates;
    gates.push_back(std::make_unique<test::HeaderGate>());
    const http::test::TestServer::Adjust adjust = [this](http::ServerOptions&, http::Router& routes) {
        add_video_endpoints(routes, catalog, edits, {});
    };
    http::test::TestServer server(adjust, std::move(gates));
    const auto target = "/api/v2/events?video=" + mine.text();
    http::test::RawClient own(server.port());
    http::test::RawClient foreign(server.port());
    own.send(http::test::request_text("GET", target, "X-Caller: " + owner.user.text() + "\r\n"));
    foreign.send(http::test::request_text("GET", target));
    const auto until = [](http::test::RawClient& client, std::string word) {
        return client.receive_until([&word](const std::string& text) { return text.contains(word); });
    };
    EXPECT_THAT(until(own, "event: video"), HasSubstr("event: video"));
    EXPECT_THAT(until(foreign, "event: gone"), HasSubstr("event: gone"));
    const Viewer viewer{.user = owner.user};
    ASSERT_TRUE(service.loop.run(edits.change(viewer, mine, {.title = "secret"})));
    EXPECT_THAT(until(own, "secret"), HasSubstr("secret"));
    EXPECT_EQ(foreign.receive_until([](const std::string& text) { return text.contains("event:"); },
                                    std::chrono::milliseconds(200)),
              "");
    ASSERT_TRUE(service.loop.run(edits.change(viewer, mine, {.visibility = "unlisted"})));
    EXPECT_THAT(until(foreign, "secret"), HasSubstr("event: video"));
    ASSERT_TRUE(service.loop.run(edits.trash(viewer, mine)));
    EXPECT_THAT(until(own, "event: gone"), HasSubstr("event: gone"));
    EXPECT_EQ(http::test::RawClient(server.port())
                  .ask(http::test::request_text("DELETE", "/api/v2/videos/" + mine.text()))
                  .status,
              401);
}

TEST(CatalogSchemas, Video_has_every_licence_that_can_be_chosen) {
    const auto video = JsonView::parse(schemas().at("Video")).value();
    const auto told = video.find("properties")->find("licence")->find("enum");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < told->size(); ++i) names.emplace_back(told->at(i).text().value_or("-"));
    EXPECT_EQ(names, licence_choices());
}

TEST(CatalogSchemas, Are_valid_json) {
    for (const auto& [name, text] : schemas()) EXPECT_TRUE(JsonView::parse(text)) << name;
}

}  // namespace
}  // namespace movio::catalog
