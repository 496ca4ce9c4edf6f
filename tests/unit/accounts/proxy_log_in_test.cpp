#include "accounts/endpoints/proxy_log_in.hpp"

#include <gmock/gmock.h>

#include "accounts/groups.hpp"
#include "http/target.hpp"
#include "support/pieces_body.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ProxyLogIn : public ::testing::Test, protected test::Accounts {
protected:
    struct Answer {
        int status = 0;
        std::string location;
        std::string cookie;
    };

    Answer ask(std::initializer_list<http::Headers::Field> fields, std::string_view query = "",
               ProxyHeaders names = {"X-User", "X-Name", "X-Groups"}) {
        http::Router router;
        add_proxy_log_in_endpoint(router, people, std::move(names));
        auto target = http::parse_target("/api/v2/proxy/log-in" + std::string(query)).value();
        const auto found = router.find(http::Method::get, target.segments);
        http::Request request;
        request.head.query = std::move(target.query);
        for (const auto& field : fields) request.head.headers.add(field.name, field.value);
        movio::test::PiecesBody body("", 7);
        request.body = &body;
        const auto response = service.loop.run(std::get<http::Router::Found>(found).endpoint->handle(request));
        return {response.status, std::string(response.headers.find("Location").value_or("")),
                std::string(response.headers.find("Set-Cookie").value_or(""))};
    }
    std::optional<User> found(std::string_view email) {
        return service.read([&](SqlSession& session) { return find_by_email(session, email); });
    }

    OutsideLogIns people{service.database, outbox, accounts.sessions(), {.users = OutsideUsers::all}};
    Groups groups{service.database, outbox};
};

TEST_F(ProxyLogIn, Makes_whom_it_names_and_knows_them_again) {
    const auto course = service.loop.run(groups.make("Algebra", "course", "algebra")).value();
    const auto in = ask({{"x-user", " Ada@Example.org "}, {"X-Name", "Ada Lovelace"}, {"X-Groups", "staff, algebra"}},
                        "?next=%2Fmy-videos");
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.location, "/my-videos");
    EXPECT_THAT(in.cookie, StartsWith("movio=ey"));
    const auto ada = found("Ada@Example.org");
    ASSERT_TRUE(ada);
    EXPECT_EQ(ada->first_name, "Ada");
    EXPECT_EQ(ada->last_name, "Lovelace");
    EXPECT_EQ(service.loop.run(groups.members(course.id)).value().front().source, "proxy");

    EXPECT_EQ(ask({{"X-User", "ada@example.org"}}).location, "/");
    EXPECT_THAT(service.loop.run(groups.members(course.id)).value(), IsEmpty()) << "it names no group any more";
    EXPECT_EQ(service.loop.run(accounts.list({}, 10)).size(), 1);
    EXPECT_EQ(service.loop.run(accounts.sessions().list(ada->id)).front().by, BegunBy::proxy);
}

TEST_F(ProxyLogIn, Lets_nobody_in_whom_it_does_not_name_once) {
    const std::string refused = "/login?refused=no-proxy-user&next=%2Fa";
    EXPECT_EQ(ask({}, "?next=/a").location, refused);
    EXPECT_EQ(ask({{"X-User", ""}}, "?next=/a").location, refused);
    EXPECT_EQ(ask({{"X-User", "ada"}}, "?next=/a").location, refused);
    EXPECT_EQ(ask({{"X-Name", "ada@example.org"}}, "?next=/a").location, refused);
    EXPECT_EQ(ask({{"X-User", "ada@example.org"}, {"X-User", "eve@example.org"}}, "?next=/a").location, refused);
    EXPECT_EQ(ask({{"X-User", "ada@example.org"}}, "?next=//evil.example").location, "/");
    EXPECT_EQ(service.loop.run(accounts.list({}, 10)).size(), 1);
}

TEST_F(ProxyLogIn, Says_who_is_disabled_and_is_not_there_where_no_header_is_set) {
    const auto ada = sign_up("ada");
    ASSERT_TRUE(service.loop.run(accounts.disable(ada.id)));
    EXPECT_EQ(ask({{"X-User", "ada@example.org"}}).location, "/login?refused=disabled&next=%2F");
    EXPECT_EQ(ask({{"X-User", "ada@example.org"}}, "", {}).status, 404);
}

TEST_F(ProxyLogIn, Without_a_field_for_groups_none_are_touched) {
    const auto course = service.loop.run(groups.make("Algebra", "course", "algebra")).value();
    ask({{"X-User", "ada@example.org"}, {"X-Groups", "algebra"}});
    ask({{"X-User", "ada@example.org"}}, "", {"X-User", "", ""});
    EXPECT_EQ(service.loop.run(groups.members(course.id)).value().size(), 1);
}

TEST(SplitGroups, By_semicolons_where_there_is_one) {
    EXPECT_THAT(split_groups("a, b ,,c"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(split_groups("cn=a,dc=org; cn=b,dc=org;"), ElementsAre("cn=a,dc=org", "cn=b,dc=org"));
    EXPECT_THAT(split_groups(" , ;"), ElementsAre(","));
    EXPECT_THAT(split_groups(""), IsEmpty());
    EXPECT_THAT(split_groups("one"), ElementsAre("one"));
}

}  // namespace
}  // namespace movio::accounts
