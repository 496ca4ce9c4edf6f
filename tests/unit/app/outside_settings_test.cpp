#include "app/outside_settings.hpp"

#include <gmock/gmock.h>

namespace movio::app {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Settings with(std::map<std::string, std::string> values) {
    Settings::Layers layers;
    layers.flags = std::move(values);
    return Settings::load(layers).value();
}

std::map<std::string, std::string> openid(std::map<std::string, std::string> others = {}) {
    others.insert({{"oidc.issuer", "https://login.example"}, {"oidc.client_id", "movio"}});
    return others;
}

TEST(OutsideSettings, Nobody_is_believed_unless_it_is_said) {
    const auto settings = with({});
    EXPECT_THAT(outside_problems(settings), IsEmpty());
    EXPECT_TRUE(log_in_ways(settings).empty());
    EXPECT_TRUE(proxy_header_names(settings).empty());
    EXPECT_EQ(openid_options(settings).issuer, "");
}

TEST(OutsideSettings, Tell_the_page_the_ways_in) {
    auto values = openid({{"oidc.button", "Log in with Example"},
                          {"trusted_header.user", "X-User"},
                          {"trusted_header.log_out", "/oauth2/sign_out"},
                          {"server.trusted_proxies", "127.0.0.1"}});
    const auto settings = with(values);
    EXPECT_THAT(outside_problems(settings), IsEmpty());
    const auto ways = log_in_ways(settings);
    ASSERT_EQ(ways.size(), 2);
    EXPECT_EQ(ways[0].button, "Log in with Example");
    EXPECT_EQ(ways[0].address, "/api/v2/openid/begin");
    EXPECT_EQ(ways[0].log_out, "/api/v2/openid/log-out");
    EXPECT_EQ(ways[1].address, "/api/v2/proxy/log-in");
    EXPECT_EQ(ways[1].log_out, "/oauth2/sign_out");
    EXPECT_THAT(proxy_header_names(settings), ::testing::ElementsAre("X-User"));
}

TEST(OutsideSettings, Roles_stand_by_values) {
    const auto options = openid_options(with(openid({{"oidc.roles", "cn=staff=uploader, media team=admin"}})));
    EXPECT_EQ(options.roles, (std::map<std::string, access::Role>{{"cn=staff", access::Role::uploader},
                                                                  {"media team", access::Role::admin}}));
    for (const auto* bad : {"staff", "staff=", "=admin", "staff=root", "staff=Admin"})
        EXPECT_THAT(outside_problems(with(openid({{"oidc.roles", bad}}))), Contains(HasSubstr(bad))) << bad;
    EXPECT_THAT(outside_problems(with(openid({{"oidc.roles", "a=admin"}, {"oidc.roles_claim", ""}}))),
                Contains(HasSubstr("oidc.roles_claim")));
}

TEST(OutsideSettings, What_cannot_work_is_named) {
    for (const auto* bad :
         {"login.example", "http://login.example", "https://login.example?a", "https://ada@login.example"})
        EXPECT_THAT(outside_problems(with(openid({{"oidc.issuer", bad}}))), Contains(HasSubstr(bad))) << bad;
    EXPECT_THAT(outside_problems(with(openid({{"oidc.issuer", "http://127.0.0.1:3000"}}))), IsEmpty());
    EXPECT_THAT(outside_problems(with({{"oidc.issuer", "https://login.example"}})),
                Contains(HasSubstr("oidc.client_id")));
    for (const auto* bad : {"", "email profile", "openidx email"})
        EXPECT_THAT(outside_problems(with(openid({{"oidc.scopes", bad}}))), Contains(HasSubstr("oidc.scopes"))) << bad;
    const std::map<std::string, std::string> header{{"trusted_header.user", "X-User"},
                                                    {"server.trusted_proxies", "127.0.0.1"}};
    EXPECT_THAT(outside_problems(with(header)), IsEmpty());
    EXPECT_THAT(outside_problems(with({{"trusted_header.user", "X-User"}})),
                Contains(HasSubstr("server.trusted_proxies")));
    for (const auto* bad : {"X User", "X-User:", "Cookie", "authorization", "Höst"}) {
        auto values = header;
        values["trusted_header.name"] = bad;
        EXPECT_THAT(outside_problems(with(values)), Contains(HasSubstr(bad))) << bad;
    }
    for (const auto* bad : {"//evil.example", "javascript:alert(1)", "sign_out"}) {
        auto values = header;
        values["trusted_header.log_out"] = bad;
        EXPECT_THAT(outside_problems(with(values)), Contains(HasSubstr(bad))) << bad;
    }
}

TEST(OutsideSettings, A_secret_is_not_shown) {
    const auto settings = with(openid({{"oidc.client_secret", "very secret"}}));
    EXPECT_FALSE(settings.describe().contains("very secret"));
    EXPECT_THAT(settings.describe(), HasSubstr("oidc.client_secret = (secret)"));
    EXPECT_EQ(openid_options(settings).client_secret, "very secret");
}

}  // namespace
}  // namespace movio::app
