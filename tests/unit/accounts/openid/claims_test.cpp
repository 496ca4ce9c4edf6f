#include "accounts/openid/claims.hpp"

#include <gmock/gmock.h>

namespace movio::accounts {
namespace {

using ::testing::ElementsAre;

JsonView json(std::string_view text) { return JsonView::parse(text).value(); }

OpenIdOptions options() {
    OpenIdOptions options;
    options.issuer = "https://login.example";
    options.groups_claim = "groups";
    options.roles_claim = "realm_access.roles";
    options.roles = {{"media", Role::admin}, {"staff", Role::uploader}};
    return options;
}

TEST(Claims, Say_who_it_is) {
    const auto person = person_of(
        json(R"({"sub":"1","email":"ada@example.org","email_verified":true,"given_name":"Ada","family_name":"Lovelace",
        "groups":["a","b",7],"realm_access":{"roles":["staff","media","other"]}})"),
        std::nullopt, options());
    EXPECT_EQ(person.issuer, "https://login.example");
    EXPECT_EQ(person.subject, "1");
    EXPECT_EQ(person.email, "ada@example.org");
    EXPECT_TRUE(person.email_verified);
    EXPECT_EQ(person.first_name, "Ada");
    EXPECT_EQ(person.last_name, "Lovelace");
    EXPECT_THAT(person.groups.value(), ElementsAre("a", "b"));
    EXPECT_EQ(person.role.value(), Role::admin) << "the highest";
}

TEST(Claims, That_an_address_is_verified_is_said_by_true_alone_and_of_that_address) {
    const auto verified = [](std::string_view token, std::optional<JsonView> info = std::nullopt) {
        return person_of(json(token), info, options()).email_verified;
    };
    for (const auto* word : {"false", R"("true")", "1", "null"})
        EXPECT_FALSE(verified(std::string(R"({"sub":"1","email":"a@b.de","email_verified":)") + word + "}")) << word;
    EXPECT_FALSE(verified(R"({"sub":"1","email":"a@b.de"})"));
    EXPECT_FALSE(verified(R"({"sub":"1","email":"a@b.de"})", json(R"({"sub":"1","email_verified":true})")))
        << "one of each";
    const auto person = person_of(json(R"({"sub":"1","email":"a@b.de"})"),
                                  json(R"({"sub":"1","email":"c@d.de","email_verified":true})"), options());
    EXPECT_EQ(person.email, "c@d.de");
    EXPECT_TRUE(person.email_verified);
}

TEST(Claims, What_the_token_does_not_say_the_user_info_does) {
    const auto person = person_of(json(R"({"sub":"1"})"),
                                  json(R"({"sub":"1","email":"a@b.de","email_verified":true,"name":"Ada King Lovelace",
        "groups":"alone","realm_access":{"roles":[]}})"),
                                  options());
    EXPECT_EQ(person.email, "a@b.de");
    EXPECT_EQ(person.first_name, "Ada King");
    EXPECT_EQ(person.last_name, "Lovelace");
    EXPECT_THAT(person.groups.value(), ElementsAre("alone"));
    ASSERT_TRUE(person.role);
    EXPECT_EQ(*person.role, std::nullopt);
}

TEST(Claims, Of_what_is_not_asked_for_nothing_is_taken) {
    OpenIdOptions none;
    const auto claims = json(R"({"sub":"1","groups":["a"],"roles":["media"]})");
    const auto person = person_of(claims, std::nullopt, none);
    EXPECT_EQ(person.groups, std::nullopt);
    EXPECT_EQ(person.role, std::nullopt);
    EXPECT_TRUE(person_of(json(R"({"sub":"1"})"), std::nullopt, options()).groups.value().empty())
        << "asked for and not there";
}

TEST(Claims, A_name_with_dots_is_first_one_name) {
    const auto claims = json(R"({"https://movio.example/groups":["a"],"x":{"y":{"z":"deep"}},"x.y":{"z":"whole"}})");
    EXPECT_TRUE(find_claim(claims, "https://movio.example/groups"));
    EXPECT_EQ(find_claim(claims, "x.y.z")->text(), "deep");
    EXPECT_EQ(find_claim(claims, "x.y")->text_or("z", ""), "whole");
    for (const auto* name : {"x.q", "x.y.z.a", "q", "x.", ".x", ""}) EXPECT_FALSE(find_claim(claims, name)) << name;
}

TEST(Claims, Says_all_where_nothing_more_need_be_asked) {
    const std::string all =
        R"("sub":"1","email":"a@b.de","email_verified":true,"name":"A","groups":[],"realm_access":{"roles":[]})";
    EXPECT_TRUE(says_all(json("{" + all + "}"), options()));
    for (const auto* name : {"email", "email_verified", "name", "groups", "realm_access"}) {
        auto without = all;
        without.replace(without.find('"' + std::string(name) + "\":") + 1, 1, "_");
        EXPECT_FALSE(says_all(json("{" + without + "}"), options())) << name;
    }
    EXPECT_TRUE(says_all(json(R"({"email":"a@b.de","email_verified":false,"given_name":"A"})"), OpenIdOptions()));
}

}  // namespace
}  // namespace movio::accounts
