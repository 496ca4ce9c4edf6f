#include "accounts/sign_up_policy.hpp"

#include <gtest/gtest.h>

namespace movio::accounts {
namespace {

TEST(SignUpPolicyTest, Words_of_the_setting_are_rules_and_all_others_close_it) {
    for (const auto rule : {SignUpFor::everybody, SignUpFor::domains, SignUpFor::invited, SignUpFor::nobody})
        EXPECT_EQ(sign_up_for(to_text(rule)), rule);
    EXPECT_EQ(sign_up_for(""), SignUpFor::nobody);
    EXPECT_EQ(sign_up_for("Open"), SignUpFor::nobody);
    EXPECT_EQ(SignUpPolicy{}.rule, SignUpFor::nobody);
}

TEST(SignUpPolicyTest, An_address_belongs_to_exactly_its_domain) {
    const SignUpPolicy policy{.rule = SignUpFor::domains, .domains = {"Uni.example", "lab.example"}};
    for (const auto* email : {"ada@uni.example", "ada@UNI.Example", "\"a@b\"@lab.example"})
        EXPECT_TRUE(policy.has_domain_of(email)) << email;
    for (const auto* email : {"ada@cs.uni.example", "ada@evil-uni.example", "ada@uni.example.evil.example",
                              "uni.example", "ada@uni.example@evil.example", "ada@", ""})
        EXPECT_FALSE(policy.has_domain_of(email)) << email;
}

TEST(SignUpPolicyTest, Domain_names_are_what_stands_behind_the_at) {
    for (const auto* name : {"example.org", "cs.uni.example", "localhost"}) EXPECT_TRUE(is_domain_name(name)) << name;
    for (const auto* name : {"", "@example.org", "*.example.org", "example", "a b.example", "a@b.example"})
        EXPECT_FALSE(is_domain_name(name)) << name;
}

}  // namespace
}  // namespace movio::accounts
