#include "embedding/endpoints/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "embedding/endpoints/embed_links.hpp"
#include "embedding/endpoints/oembed.hpp"
#include "support/asking.hpp"
#include "support/films.hpp"

namespace movio::embedding {
namespace {

using http::Method;
using test::Question;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kAppPage = "<html><head><title>Movio</title><script src=a></script></head><body></body>";
constexpr std::string_view kEmbedPage =
    "<html><body><script type=\"application/json\" id=\"film\">null</script><script src=b></script></body>";

class PagesTest : public test::FilmShelf, public ::testing::Test {
protected:
    PagesTest() { fill(router, false); }

    void fill(http::Router& into, bool login_required) {
        add_page_endpoints(into, catalog, embed_links,
                           {.app_page = kAppPage, .embed_page = kEmbedPage, .login_required = login_required});
        add_embed_link_endpoints(into, catalog, embed_links, login_required);
        add_oembed_endpoint(into, catalog, login_required);
    }
    VideoId film(std::string visibility, std::string title = "Cats") {
        catalog::Video video;
        video.owner_id = owner.user.text();
        video.status = catalog::VideoStatus::ready;
        video.visibility = std::move(visibility);
        video.title = std::move(title);
        return add(std::move(video)).id;
    }
    test::Reply get(const std::string& target, std::optional<http::Caller> caller = {},
                    const std::vector<http::Headers::Field>& fields = {}) {
        Question question{.target = target, .caller = caller};
        for (const auto& field : fields) question.headers.set(field.name, field.value);
        return test::ask(service.loop, router, std::move(question));
    }
    test::Reply send(Method method, const std::string& target, std::optional<http::Caller> caller,
                     std::string body = {}) {
        return test::ask(service.loop, router,
                         {.method = method,
                          .target = target,
                          .caller = caller,
                          .body = std::move(body),
                          .content_type = "application/json"});
    }
    // The path of a new link's page.
    std::string link_to(VideoId id) {
        const auto made = send(Method::post, "/api/v2/videos/" + id.text() + "/embed-links", owner,
                               R"({"origins":["https://a.example","http://b.example:8080"],"expires_in_s":3600})");
        EXPECT_EQ(made.status, 201) << made.text;
        return made.json.text_or("url", "").substr(std::string("https://films.example").size());
    }
    static std::string policy(const test::Reply& reply) {
        return std::string(reply.headers.find("content-security-policy").value_or(""));
    }
    // Word for word what an unknown film gets.
    void expect_unknown(const test::Reply& reply) {
        const auto unknown = get("/embed/" + VideoId::make().text());
        EXPECT_EQ(unknown.status, 404);
        EXPECT_EQ(reply.status, unknown.status);
        EXPECT_EQ(reply.text, unknown.text);
        EXPECT_EQ(policy(reply), policy(unknown));
        EXPECT_EQ(reply.headers.size(), unknown.headers.size());
    }

    const http::Caller owner{UserId::make(), false};
    const http::Caller other{UserId::make(), false};
    catalog::Catalog catalog{service.database, watch, links, std::chrono::days(7)};
    catalog::EmbedLinks embed_links{service.database};
    http::Router router;
};

TEST_F(PagesTest, Embed_page_has_the_film_in_it_for_pages_of_every_origin) {
    for (const char* visibility : {"public", "unlisted"}) {
        const auto id = film(visibility, "</script><b>");
        const auto page = get("/embed/" + id.text() + "?autoplay=1");
        EXPECT_EQ(page.status, 200);
        EXPECT_THAT(page.text, HasSubstr("id=\"film\">{\"id\":\"" + id.text() + "\",\"title\":\"\\u003c/script>"));
        EXPECT_THAT(page.text, HasSubstr("/media/o/" + id.text()));
        EXPECT_THAT(page.text, EndsWith("</script><script src=b></script></body>"));
        EXPECT_THAT(policy(page), EndsWith("; frame-ancestors *"));
        EXPECT_EQ(page.headers.find("referrer-policy"), "no-referrer");
        EXPECT_EQ(page.headers.find("cache-control"), "no-store");
    }
}

TEST_F(PagesTest, Embed_page_shows_what_a_stranger_may_see_whoever_asks) {
    for (const char* visibility : {"internal", "group", "shared", "private"})
        for (const auto& caller : {std::optional<http::Caller>(), std::optional(owner)})
            expect_unknown(get("/embed/" + film(visibility).text(), caller));
    expect_unknown(get("/embed/x"));
    expect_unknown(get("/embed/link"));
    const auto gone = film("public");
    set_deleted(gone);
    expect_unknown(get("/embed/" + gone.text()));
}

TEST_F(PagesTest, Link_shows_its_film_in_frames_of_its_origins) {
    const auto id = film("private");
    const auto path = link_to(id);
    const auto page = get(path, {}, {{"Sec-Fetch-Dest", "iframe"}, {"Referer", "https://a.example/course"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.text, HasSubstr(id.text()));
    EXPECT_THAT(policy(page), EndsWith("; frame-ancestors https://a.example http://b.example:8080"));
    EXPECT_EQ(get(path).status, 200) << "a browser that says nothing";
    EXPECT_EQ(get(path, {}, {{"Referer", "http://b.example:8080/"}}).status, 200);
    EXPECT_EQ(get(path, {}, {{"Sec-Fetch-Dest", "empty"}, {"Sec-Fetch-Site", "same-origin"}}).status, 200);
    for (const auto& fields : std::vector<std::vector<http::Headers::Field>>{
             {{"Sec-Fetch-Dest", "document"}},
             {{"Sec-Fetch-Dest", "empty"}, {"Sec-Fetch-Site", "cross-site"}},
             {{"Sec-Fetch-Dest", "iframe"}, {"Referer", "https://c.example/"}},
             {{"Referer", "https://a.example.evil.example/"}},
             {{"Referer", "http://a.example/"}}})
        expect_unknown(get(path, {}, fields));
    expect_unknown(get("/embed/link/x"));
    expect_unknown(get("/embed/" + id.text()));
    set_deleted(id);
    expect_unknown(get(path));
}

TEST_F(PagesTest, Link_is_made_listed_and_revoked_by_who_may_change_the_film) {
    const auto id = film("public");
    const auto path = "/api/v2/videos/" + id.text() + "/embed-links";
    const std::string body = R"({"origins":["https://a.example"],"expires_in_s":3600})";
    const auto made = send(Method::post, path, owner, body);
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.headers.find("cache-control"), "no-store");
    EXPECT_THAT(made.json.text_or("url", ""), HasSubstr("https://films.example/embed/link/"));
    EXPECT_THAT(made.json.text_or("html", ""), HasSubstr("<iframe src=\"" + made.json.text_or("url", "") + "\""));
    EXPECT_THAT(made.json.text_or("expires_at", ""), EndsWith("Z"));
    const auto listed = send(Method::get, path, owner);
    EXPECT_EQ(listed.json.find("items")->size(), 1);
    EXPECT_EQ(listed.json.find("items")->at(0).text_or("id", "?"), made.json.text_or("id", ""));
    EXPECT_THAT(listed.text, Not(HasSubstr("/embed/link/")));
    const auto one = path + "/" + made.json.text_or("id", "");
    EXPECT_EQ(send(Method::post, path, other, body).status, 403);
    EXPECT_EQ(send(Method::get, path, other).status, 403);
    EXPECT_EQ(send(Method::del, one, other).status, 403);
    EXPECT_EQ(send(Method::post, path, owner, R"({"origins":["a"],"expires_in_s":3600})").status, 400);
    EXPECT_EQ(send(Method::post, path, owner, R"({"origins":["https://a.example"]})").status, 400);
    EXPECT_EQ(send(Method::del, one, owner).status, 204);
    EXPECT_EQ(send(Method::del, one, owner).status, 404);
}

TEST_F(PagesTest, Watch_page_tells_of_what_a_stranger_may_see_alone) {
    const auto id = film("public");
    const auto page = get("/watch/" + id.text());
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.text, HasSubstr("<script src=a></script><link rel=\"canonical\""));
    EXPECT_THAT(page.text, HasSubstr("og:title\" content=\"Cats\""));
    EXPECT_THAT(page.text, EndsWith("</head><body></body>"));
    EXPECT_THAT(policy(page), EndsWith("; frame-ancestors 'none'"));
    for (const auto& path :
         {"/watch/" + film("private").text(), "/watch/" + VideoId::make().text(), std::string("/watch/x")}) {
        const auto plain = get(path, owner);
        EXPECT_EQ(plain.status, 200);
        EXPECT_EQ(plain.text, kAppPage);
    }
}

TEST_F(PagesTest, Oembed_answers_for_what_a_stranger_may_see_alone) {
    const auto id = film("unlisted");
    const auto ask = [&](const std::string& query) { return get("/oembed?" + query); };
    const auto json = ask("url=https://films.example/watch/" + id.text() + "&maxwidth=320");
    EXPECT_EQ(json.status, 200);
    EXPECT_EQ(json.json.integer_or("width", 0), 320);
    const auto xml = ask("format=xml&url=https://films.example/embed/" + id.text());
    EXPECT_EQ(xml.headers.find("content-type"), "text/xml; charset=utf-8");
    EXPECT_THAT(xml.text, HasSubstr("<title>Cats</title>"));
    for (const auto& url :
         {"https://films.example/watch/" + film("private").text(),
          "https://films.example/watch/" + VideoId::make().text(), "https://other.example/watch/" + id.text()})
        EXPECT_EQ(ask("url=" + url).status, 404) << url;
    for (const std::string query :
         {"", "url=/watch/x&format=yaml", "url=/watch/x&maxwidth=0", "url=/watch/x&maxheight=x"})
        EXPECT_EQ(ask(query).status, 400) << query;
}

TEST_F(PagesTest, Nothing_is_shown_to_strangers_where_a_log_in_is_required) {
    const auto id = film("public");
    const auto path = link_to(id);
    router = http::Router();
    fill(router, true);
    expect_unknown(get("/embed/" + id.text()));
    expect_unknown(get(path));
    EXPECT_EQ(get("/watch/" + id.text()).text, kAppPage);
    EXPECT_EQ(get("/oembed?url=/watch/" + id.text()).status, 404);
    EXPECT_EQ(send(Method::post, "/api/v2/videos/" + id.text() + "/embed-links", owner,
                   R"({"origins":["https://a.example"],"expires_in_s":3600})")
                  .status,
              409);
}

TEST_F(PagesTest, Pages_without_a_place_for_the_film_are_refused_at_start) {
    http::Router empty;
    EXPECT_THROW(add_page_endpoints(empty, catalog, embed_links, {.app_page = kAppPage, .embed_page = kAppPage}),
                 Failure);
    EXPECT_THROW(add_page_endpoints(empty, catalog, embed_links, {.app_page = "", .embed_page = kEmbedPage}), Failure);
}

}  // namespace
}  // namespace movio::embedding
