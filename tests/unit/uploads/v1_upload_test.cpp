#include "uploads/endpoints/v1_upload.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "catalog/users.hpp"
#include "catalog/video_rows.hpp"
#include "support/asking.hpp"
#include "support/sqlite_service.hpp"
#include "unit/http/http_support.hpp"
#include "uploads/schemas.hpp"

namespace movio::uploads {
namespace {

using http::test::RawClient;
using http::test::TestServer;
using test::Question;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kPath = "/api/v1/app/events/video-upload/";
constexpr std::string_view kFormType = "multipart/form-data; boundary=XX";
const std::string kFilm = std::string("\x1A\x45\xDF\xA3", 4) + "what a film is made of";

std::string field(std::string_view name, std::string_view value) {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" + std::string(value) +
           "\r\n";
}
std::string file(std::string_view filename, std::string_view bytes, std::string_view name = "video") {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"; filename=\"" +
           std::string(filename) + "\"\r\nContent-Type: video/x-matroska\r\n\r\n" + std::string(bytes) + "\r\n";
}
std::string form(std::initializer_list<std::string> parts) {
    std::string body;
    for (const auto& part : parts) body += part;
    return body + "--XX--\r\n";
}

// Ends as a connection that is lost does.
class LostBody final : public http::BodyReader {
public:
    explicit LostBody(std::string text, bool throws = false) : whole_(std::move(text)), throws_(throws) {}
    Awaitable<Result<ByteView>> read() override {
        const auto piece = co_await whole_.read();
        if (!piece->empty()) co_return piece;
        if (throws_) throw Failure("an outage");
        co_return fail(ErrorCode::cancelled, "The client left");
    }

private:
    test::PiecesBody whole_;
    bool throws_;
};

class V1UploadTest : public ::testing::Test {
protected:
    V1UploadTest() { add_v1_upload_endpoint(router, uploads); }

    Question question(std::string body) const {
        return {.method = http::Method::post,
                .target = std::string(kPath),
                .caller = http::Caller{owner, false},
                .body = std::move(body),
                .content_type = std::string(kFormType)};
    }
    test::Reply send(std::string body) { return test::ask(service.loop, router, question(std::move(body))); }
    catalog::Video video(const test::Reply& reply) {
        const auto id = VideoId::parse(reply.json.text_or("video_id", "")).value();
        return service.read([id](SqlSession& session) { return catalog::find_video(session, id); }).value();
    }
    std::int64_t count(const std::string& what) {
        return service.read(
            [&what](SqlSession& session) { return session.run("SELECT COUNT(*) FROM " + what).rows.at(0).integer(0); });
    }
    void add_owner() {
        service.write([this](SqlSession& session) {
            session.run(
                "INSERT INTO users (id, version, first_name, last_name, email, role, enabled, deleted, not_before_us) "
                "VALUES ($1, 1, 'Ada', 'Byron', 'ada@example.org', 'uploader', 1, 0, 0)",
                {sql(owner.text())});
        });
    }
    GroupId add_group(const std::vector<UserId>& members) {
        const auto id = GroupId::make();
        service.write([&](SqlSession& session) {
            session.run("INSERT INTO user_groups (id, version, name, kind, deleted) VALUES ($1, 1, $1, 'group', 0)",
                        {sql(id.text())});
            for (const auto& member : members)
                session.run("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)",
                            {sql(id.text()), sql(member.text())});
        });
        return id;
    }
    // Neither row nor event nor blob, nor anything in staging.
    void expect_nothing_left() {
        EXPECT_EQ(count("videos"), 0);
        EXPECT_EQ(count("outbox"), 0);
        EXPECT_TRUE(service.loop.run(blobs.list("", std::nullopt)).items.empty());
        // Staging is cleaned by the pool's one thread, which has done it when it comes to this.
        service.loop.run(on_pool(disk, [] {}));
        EXPECT_EQ(service.loop.run(blobs.sweep_staging(std::chrono::seconds(-1))), 0);
    }
    void expect_refused(std::string body, std::string_view detail) {
        const auto reply = send(std::move(body));
        EXPECT_EQ(reply.status, 400) << reply.text;
        EXPECT_EQ(reply.json.text_or("status", ""), "error");
        EXPECT_THAT(reply.json.text_or("detail", ""), HasSubstr(detail));
        expect_nothing_left();
    }
    void expect_bad_field(std::string body, std::string_view key, std::string_view message) {
        const auto reply = send(std::move(body));
        EXPECT_EQ(reply.status, 400) << reply.text;
        EXPECT_EQ(reply.json.text_or("status", ""), "error");
        EXPECT_EQ(reply.json.text_or("error_key", ""), key);
        EXPECT_THAT(reply.json.text_or("message", ""), StartsWith(std::string(message)));
        EXPECT_NE(reply.json.text_or("detail", ""), "");
        expect_nothing_left();
    }

    const UserId owner = UserId::make();
    test::SqliteService service{"catalog"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    ledger::Outbox outbox;
    InProcessEventBus bus;
    catalog::FilmWatch watch;
    UploadService uploads{
        service.database, blobs, outbox, bus, watch, {.bytes_max = 10'000, .visibility = {.all = "unlisted"}}};
    http::Router router;
};

TEST_F(V1UploadTest, Fields_may_stand_before_and_behind_the_file) {
    const auto title = field("title", " নদী & river ");
    const auto duration = field("duration", "1:02:03.5");
    const auto description = field("description", "two\nlines");
    const auto film = file("C:\\films\\My film.final.MKV", kFilm);
    for (const auto& body : {form({film, title, duration, description}), form({title, duration, description, film}),
                             form({description, film, field("more", "ignored"), duration, title})}) {
        const auto reply = send(body);
        ASSERT_EQ(reply.status, 202) << reply.text;
        EXPECT_EQ(reply.json.text_or("status", ""), "success");
        EXPECT_EQ(reply.json.text_or("detail", ""), "upload started");
        EXPECT_EQ(reply.json.text_or("video_extention", ""), ".MKV");
        const auto name = reply.json.text_or("video_name_without_extention", "");
        EXPECT_THAT(name, EndsWith("__My film.final"));
        EXPECT_TRUE(Uuid::parse(name.substr(0, 36)));
        EXPECT_NE(name.substr(0, 36), reply.json.text_or("video_id", ""));
        const auto stored = video(reply);
        EXPECT_EQ(stored.status, catalog::VideoStatus::submitted);
        EXPECT_EQ(stored.title, "নদী & river");
        EXPECT_EQ(stored.description, "two\nlines");
        EXPECT_EQ(stored.said_duration_us, 3'723'500'000);
        EXPECT_EQ(stored.custom_title, name);
        EXPECT_EQ(stored.owner_id, owner.text());
        EXPECT_EQ(as_text(*service.loop.run(blobs.get(BlobKey(stored.source_key), 10'000))), kFilm);
    }
    EXPECT_EQ(count("outbox WHERE type = 'video.submitted'"), 3);
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 3);
}

TEST_F(V1UploadTest, Duration_and_description_may_be_missing_or_empty) {
    for (const auto& body :
         {form({file("a", kFilm), field("title", "t")}),
          form({field("duration", ""), field("description", ""), field("title", "t"), file("a", kFilm)})}) {
        const auto reply = send(body);
        ASSERT_EQ(reply.status, 202) << reply.text;
        EXPECT_EQ(reply.json.text_or("video_extention", "-"), "");
        EXPECT_FALSE(video(reply).said_duration_us);
        EXPECT_EQ(video(reply).description, "");
    }
}

TEST_F(V1UploadTest, Visibility_is_what_is_said_or_the_default) {
    const auto film = file("a.mkv", kFilm);
    EXPECT_EQ(video(send(form({field("title", "a"), film}))).visibility, "unlisted");
    EXPECT_EQ(video(send(form({field("title", "a"), field("visibility", ""), film}))).visibility, "unlisted");
    for (const char* level : {"public", "internal", "group", "shared", "private"}) {
        EXPECT_EQ(video(send(form({field("visibility", level), field("title", "a"), film}))).visibility, level);
        EXPECT_EQ(video(send(form({film, field("title", "a"), field("visibility", level)}))).visibility, level);
    }
}

TEST_F(V1UploadTest, Licence_and_attribution_are_what_is_said_or_empty) {
    const auto film = file("a.mkv", kFilm);
    const auto bare = video(send(form({field("title", "a"), field("licence", ""), film})));
    EXPECT_EQ(bare.licence, "");
    EXPECT_EQ(bare.attribution, "");
    for (const auto& body :
         {form({field("licence", "CC0-1.0"), field("attribution", " Ada "), field("title", "a"), film}),
          form({film, field("title", "a"), field("licence", "CC0-1.0"), field("attribution", "Ada")})}) {
        const auto stored = video(send(body));
        EXPECT_EQ(stored.licence, "CC0-1.0");
        EXPECT_EQ(stored.attribution, "Ada");
    }
}

TEST_F(V1UploadTest, Unknown_licence_and_too_long_an_attribution_are_refused) {
    const auto film = file("a.mkv", kFilm);
    expect_bad_field(form({field("title", "a"), field("licence", "CC-BY"), film}), "licence", "Invalid licence");
    expect_bad_field(form({field("title", "a"), field("attribution", std::string(501, 'x')), film}), "attribution",
                     "Invalid attribution");
}

TEST_F(V1UploadTest, Default_is_that_of_the_uploaders_role) {
    UploadService by_role{
        service.database,
        blobs,
        outbox,
        bus,
        watch,
        {.bytes_max = 10'000, .visibility = {.all = "unlisted", .by_role = {{access::Role::admin, "private"}}}}};
    http::Router routes;
    add_v1_upload_endpoint(routes, by_role);
    const auto given = [&] {
        const auto asked = question(form({field("title", "a"), file("a.mkv", kFilm)}));
        return video(test::ask(service.loop, routes, asked)).visibility;
    };
    const auto set_role = [this](const char* role) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE users SET role = $2 WHERE id = $1", {sql(owner.text()), sql(role)});
        });
    };
    EXPECT_EQ(given(), "private") << "not heard of yet: the narrowest";
    add_owner();
    EXPECT_EQ(given(), "unlisted");
    set_role("admin");
    EXPECT_EQ(given(), "private");
    set_role("moderator");
    EXPECT_EQ(given(), "unlisted");
}

TEST_F(V1UploadTest, Groups_are_those_that_the_owner_may_choose) {
    const auto own = add_group({owner});
    const auto second = add_group({owner});
    const auto foreign = add_group({});
    const auto film = file("a.mkv", kFilm);
    const auto level = field("visibility", "group");
    const auto title = field("title", "a");
    const auto both = field("groups", own.text() + " , " + second.text());
    for (const auto& body : {form({title, level, both, film}), form({film, both, level, title})}) {
        const auto reply = send(body);
        ASSERT_EQ(reply.status, 202) << reply.text;
        EXPECT_EQ(video(reply).visibility, "group");
        EXPECT_EQ(count("video_groups WHERE video_id = '" + video(reply).id.text() + "'"), 2);
    }
    EXPECT_EQ(send(form({title, field("groups", ""), film})).status, 202);
    auto asked = question(form({title, level, field("groups", foreign.text()), film}));
    asked.caller->admin = true;
    EXPECT_EQ(test::ask(service.loop, router, asked).status, 202);
    EXPECT_EQ(count("video_groups"), 5);
}

TEST_F(V1UploadTest, Other_groups_are_refused_and_nothing_is_left) {
    const auto foreign = field("groups", add_group({}).text());
    const auto title = field("title", "a");
    const auto film = file("a.mkv", kFilm);
    expect_refused(form({title, foreign, film}), "You are in no group");
    expect_refused(form({title, film, foreign}), "You are in no group");
    expect_refused(form({title, field("groups", GroupId::make().text()), film}), "You are in no group");
    for (const auto* bad : {"algebra", ",", "a,b"})
        expect_bad_field(form({title, field("groups", bad), film}), "groups", "Invalid groups");
    expect_bad_field(form({title, field("groups", std::string(70'000, 'x')), film}), "groups", "Invalid groups");
    EXPECT_EQ(count("video_groups"), 0);
}

TEST_F(V1UploadTest, Without_a_file_there_is_none) {
    expect_refused(form({field("title", "t")}), "No video file provided");
    expect_refused(form({field("title", "t"), field("video", "no file")}), "No video file provided");
    expect_refused(form({field("title", "t"), file("", "")}), "No video file provided");
    expect_refused(form({field("title", "t"), file("a.mkv", kFilm, "other")}), "No video file provided");
    expect_refused(form({field("title", "t"), file("a.mkv", "")}), "empty");
    expect_refused(form({}), "No video file provided");
    expect_refused(form({file("a.mkv", kFilm), file("b.mkv", kFilm), field("title", "t")}), "one video at a time");
}

TEST_F(V1UploadTest, Bad_fields_are_named_wherever_they_stand) {
    const auto film = file("a.mkv", kFilm);
    const auto long_title = field("title", std::string(221, 'x'));
    for (const auto& bad : {field("title", ""), field("title", " \r\n "), long_title,
                            field("title", std::string(70'000, 'x')), field("title", std::string("a\0b", 3))}) {
        expect_bad_field(form({bad, film}), "title", "Invalid");
        expect_bad_field(form({film, bad}), "title", "Invalid");
    }
    expect_bad_field(form({film}), "title", "Invalid video title");
    constexpr std::string_view kDuration =
        "Invalid video duration. Please provide a valid duration in format: HH:MM:SS";
    for (const auto* bad : {"abc", "1:2:3:4", "-5"}) {
        expect_bad_field(form({field("title", "t"), field("duration", bad), film}), "duration", kDuration);
        expect_bad_field(form({film, field("title", "t"), field("duration", bad)}), "duration", kDuration);
    }
    expect_bad_field(form({field("description", std::string(70'000, 'x')), film}), "description", "Invalid");
    std::string title;
    for (int i = 0; i < 220; ++i) title += "ক";
    EXPECT_EQ(send(form({film, field("title", title)})).status, 202) << "characters are counted, not bytes";
}

TEST_F(V1UploadTest, What_is_no_video_is_refused_by_its_first_bytes) {
    const auto title = field("title", "t");
    expect_refused(form({title, file("a.mkv", "just a text")}), "not a video: this file is a text");
    expect_refused(form({file("a.mp4", "%PDF-1.4 and so on"), title}), "not a video: this file is a PDF document");
    expect_refused(form({file("a.mp4", "<html><body>" + std::string(9000, ' ')), title}), "not a video: ");
    EXPECT_EQ(send(form({file("a.txt", std::string(9000, '\x90')), title})).status, 202) << "in doubt";
}

TEST_F(V1UploadTest, Too_large_names_the_limit) {
    const auto title = field("title", "t");
    expect_refused(form({title, file("a.mkv", kFilm + std::string(10'000, 'x'))}), "10000");
    expect_refused(form({file("a.mkv", kFilm), field("junk", std::string(2 << 20, 'x')), title}), "10000");
    EXPECT_EQ(send(form({title, file("a.mkv", kFilm + std::string(10'000 - kFilm.size(), 'x'))})).status, 202);
}

TEST_F(V1UploadTest, What_is_no_form_is_refused_before_it_is_read) {
    auto asked = question("{}");
    asked.content_type = "application/json";
    auto reply = test::ask(service.loop, router, asked);
    EXPECT_EQ(reply.status, 415);
    EXPECT_EQ(reply.text, R"({"detail":"Unsupported media type \"application/json\" in request."})");
    asked.content_type = "multipart/form-data";
    EXPECT_EQ(test::ask(service.loop, router, asked).status, 400);
    asked.content_type = "";
    EXPECT_EQ(test::ask(service.loop, router, asked).json.text_or("detail", ""), "No video file provided");
    expect_refused("nothing that begins with a boundary", "");
}

// Cut at every byte, in every way in which a body may end early.
TEST_F(V1UploadTest, Body_cut_anywhere_leaves_nothing) {
    const auto body = form({file("a.mkv", kFilm), field("title", "t"), field("duration", "5")});
    for (std::size_t length = 0; length < body.size(); ++length) {
        SCOPED_TRACE(length);
        LostBody lost(body.substr(0, length));
        const auto reply = test::ask(service.loop, router, question(body), &lost);
        EXPECT_GE(reply.status, 400);
        LostBody failing(body.substr(0, length), true);
        EXPECT_THROW(test::ask(service.loop, router, question(body), &failing), Failure);
        // Ends as if that were all; behind the last boundary it is.
        test::PiecesBody ended(body.substr(0, length));
        if (length < body.size() - 2) EXPECT_GE(test::ask(service.loop, router, question(body), &ended).status, 400);
    }
    expect_nothing_left();
}

TEST_F(V1UploadTest, Pieces_of_any_size_make_the_same_film) {
    const auto body = form({file("a.mkv", kFilm + std::string(5000, 'x')), field("title", "t")});
    for (const std::size_t bytes : {1U, 2U, 7U, 100U, 4096U}) {
        test::PiecesBody pieces(body, bytes);
        const auto reply = test::ask(service.loop, router, question(body), &pieces);
        ASSERT_EQ(reply.status, 202) << reply.text;
        EXPECT_EQ(video(reply).source_bytes, static_cast<std::int64_t>(kFilm.size() + 5000));
    }
}

// The same over a real connection that breaks, at every byte.
TEST_F(V1UploadTest, Client_that_leaves_anywhere_leaves_nothing) {
    std::vector<std::unique_ptr<http::Gate>> gates;
    gates.push_back(std::make_unique<test::HeaderGate>());
    gates.push_back(http::announced_length_gate());
    const TestServer::Adjust adjust = [this](http::ServerOptions&, http::Router& routes) {
        add_v1_upload_endpoint(routes, uploads);
    };
    TestServer server(adjust, std::move(gates));
    const auto body = form({file("a.mkv", kFilm), field("title", "t")});
    const std::string lines = "X-Caller: " + owner.text() + "\r\nContent-Type: " + std::string(kFormType) + "\r\n";
    const auto request = http::test::request_text("POST", kPath, lines, body);
    const auto head = request.size() - body.size();
    for (std::size_t length = head; length < request.size(); ++length) {
        RawClient client(server.port());
        client.send(std::string_view(request).substr(0, length));
        if (length % 2 == 0)
            client.end_writing();
        else
            client.vanish();
    }
    // Whoever is answered now came after all of them.
    EXPECT_EQ(RawClient(server.port()).ask(http::test::request_text("GET", "/hello")).status, 200);
    while (server.server().connections() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    expect_nothing_left();

    RawClient client(server.port());
    const auto answer = client.ask(request);
    EXPECT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(count("videos WHERE status = 'submitted'"), 1);
    const auto stranger = client.ask(http::test::request_text("POST", kPath, "Content-Type: text/plain\r\n", "x"));
    EXPECT_EQ(stranger.status, 401);
}

TEST_F(V1UploadTest, What_a_quota_does_not_allow_is_told_as_the_original_tells_of_errors) {
    const catalog::Quotas quotas{
        service.database,
        {{access::Role::uploader, {{catalog::QuotaKind::bytes, 50}, {catalog::QuotaKind::uploads_per_day, 1}}}},
        access::Role::uploader};
    UploadService bounded{service.database, blobs, outbox, bus, watch, {.bytes_max = 10'000, .quotas = &quotas}};
    http::Router own;
    add_v1_upload_endpoint(own, bounded);
    const auto send_film = [&](const std::string& film) {
        return test::ask(service.loop, own, question(form({file("a.mkv", film), field("title", "t")})));
    };
    const auto large = send_film(kFilm + std::string(50, 'x'));
    EXPECT_EQ(large.status, 403) << large.text;
    EXPECT_EQ(large.json.text_or("status", ""), "error");
    EXPECT_THAT(large.json.text_or("detail", ""), HasSubstr("50 bytes that are left of your quota"));
    expect_nothing_left();
    EXPECT_EQ(send_film(kFilm).status, 202);
    const auto second = send_film(kFilm);
    EXPECT_EQ(second.status, 429);
    EXPECT_EQ(second.json.text_or("detail", ""), "rate-limit-exceeded");
    EXPECT_THAT(second.json.text_or("message", ""), HasSubstr("1 of 1 in 24 hours"));
    EXPECT_GT(second.json.find("data")->integer_or("wait_time", 0), 86'000);
}

TEST_F(V1UploadTest, Meanwhile_nobody_but_the_owner_sees_it) {
    auto upload = service.loop.run(uploads.begin({.filename = "a.mkv", .owner_id = owner.text()})).value();
    const auto row =
        service.read([&](SqlSession& session) { return catalog::find_video(session, upload->video()); }).value();
    EXPECT_TRUE(catalog::may_see({.user = owner}, row, false));
    EXPECT_FALSE(catalog::may_see({}, row, false));
    EXPECT_FALSE(catalog::may_see({.user = UserId::make(), .admin = true}, row, false));
    service.loop.run(upload->abandon());
}

TEST_F(V1UploadTest, Film_of_somebody_who_is_deleted_meanwhile_goes_to_the_trash) {
    service.write([this](SqlSession& session) {
        session.run(
            "INSERT INTO users (id, version, first_name, last_name, email, role, enabled, deleted, not_before_us) "
            "VALUES ($1, 2, '', '', '', 'user', 0, 1, 0)",
            {sql(owner.text())});
    });
    const auto reply = send(form({file("a.mkv", kFilm), field("title", "t")}));
    EXPECT_EQ(reply.status, 202);
    EXPECT_TRUE(video(reply).deleted_us);
}

TEST(UploadSchemas, Are_valid_json) {
    for (const auto& [name, text] : schemas()) EXPECT_TRUE(JsonView::parse(text)) << name;
}

}  // namespace
}  // namespace movio::uploads
