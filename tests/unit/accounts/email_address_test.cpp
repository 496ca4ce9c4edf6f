#include "accounts/email_address.hpp"

#include <string>

#include <gtest/gtest.h>

namespace movio::accounts {
namespace {

using namespace std::string_view_literals;

// Both lists are verdicts of EmailValidator of Django 5.2.
TEST(EmailAddress, What_Django_takes_is_taken) {
    for (
        const auto text :
        {"a@b.cd"sv,
         "a.b@c.de"sv,
         "a@localhost"sv,
         "a@b.xn--p1ai"sv,
         "a@b.XN--P1AI"sv,
         "a@xn--p1ai.xn--p1ai"sv,
         "\"a\\\"b\"@c.de"sv,
         "\"\"@c.de"sv,
         "\"a\\\\\"@c.de"sv,
         "\"a@b\"@c.de"sv,
         "\"a\\\011b\"@c.de"sv,
         "\"a\001b\"@c.de"sv,
         "\"a\177b\"@c.de"sv,
         "a+b@c.de"sv,
         "!#$%&'*+/=\077^_`{}|~-@c.de"sv,
         "\342\204\252@c.de"sv,
         "\305\277@c.de"sv,
         "\304\261@c.de"sv,
         "\304\260@c.de"sv,
         "\"\342\204\252\"@c.de"sv,
         "\"\\\342\204\252\"@c.de"sv,
         "a@m\303\274nchen.de"sv,
         "a@\344\276\213\345\255\220.\346\265\213\350\257\225"sv,
         "a@\340\244\211\340\244\246\340\244\276\340\244\271\340\244\260\340\244\243.\340\244\252\340\244\260\340\245\200\340\244\225\340\245\215\340\244\267\340\244\276"sv,
         "a@b.\303\244\303\244"sv,
         "a@\302\241b.cd"sv,
         "a@\357\277\277.de"sv,
         "a@b.xn--\342\204\252"sv,
         "a@[127.0.0.1]"sv,
         "a@[::1]"sv,
         "a@[::ffff:1.2.3.4]"sv,
         "a@[2001:DB8::1]"sv,
         "1@2.cd"sv,
         "a@1.2.cd"sv,
         "a@b.c-d"sv,
         "a@b.c--d"sv,
         "a@b--c.de"sv})
        EXPECT_TRUE(is_email_address(text)) << text;
}

TEST(EmailAddress, What_Django_refuses_is_refused) {
    for (const auto text : {"a..b@c.de"sv,
                            ".a@b.cd"sv,
                            "a.@b.cd"sv,
                            "@b.cd"sv,
                            "a@"sv,
                            "a"sv,
                            ""sv,
                            "a@b"sv,
                            "a@LOCALHOST"sv,
                            "a@b.c"sv,
                            "a@b.1a"sv,
                            "a@b.a1"sv,
                            "a@b.xn--"sv,
                            "a@-b.cd"sv,
                            "a@b-.cd"sv,
                            "a@b.-cd"sv,
                            "a@b.cd-"sv,
                            "a@b..cd"sv,
                            "a@.b.cd"sv,
                            "a@b.cd."sv,
                            "a@b_c.de"sv,
                            "a b@c.de"sv,
                            "a@b c.de"sv,
                            "\"a b\"@c.de"sv,
                            "\"a\"b\"@c.de"sv,
                            "\"@c.de"sv,
                            "\"a\\\"@c.de"sv,
                            "\"a\303\244\"@c.de"sv,
                            "\"a\011b\"@c.de"sv,
                            "a@b@c.de"sv,
                            "a(b@c.de"sv,
                            "a,b@c.de"sv,
                            "a;b@c.de"sv,
                            "a<b@c.de"sv,
                            "a\303\244@c.de"sv,
                            "\304\262@c.de"sv,
                            "a@b.\303\244"sv,
                            "a@\302\240b.cd"sv,
                            "a@b\343\200\202cd"sv,
                            "a@\360\237\230\200.de"sv,
                            "a@[127.0.0.256]"sv,
                            "a@[127.0.0.01]"sv,
                            "a@[127.0.0]"sv,
                            "a@[1:2:3]"sv,
                            "a@[]"sv,
                            "a@[::G]"sv,
                            "a@127.0.0.1"sv,
                            "a@[::1"sv,
                            "a@[IPv6:::1]"sv,
                            "a@[fe80::1%1]"sv,
                            "a@b.cd\012"sv,
                            "a\012@b.cd"sv,
                            "\012a@b.cd"sv,
                            "a@b.cd "sv,
                            "a@b\000.cd"sv,
                            "a\000@b.cd"sv,
                            "\303\244@b.cd"sv})
        EXPECT_FALSE(is_email_address(text)) << text;
}

TEST(EmailAddress, Lengths_of_labels_and_of_the_whole_are_Djangos) {
    const auto of = [](std::size_t count) { return std::string(count, 'a'); };
    EXPECT_TRUE(is_email_address("a@" + of(63) + ".cd"));
    EXPECT_FALSE(is_email_address("a@" + of(64) + ".cd"));
    EXPECT_TRUE(is_email_address("a@x." + of(63) + ".cd"));
    EXPECT_FALSE(is_email_address("a@x." + of(64) + ".cd"));
    EXPECT_TRUE(is_email_address("a@b." + of(63)));
    EXPECT_FALSE(is_email_address("a@b." + of(64)));
    EXPECT_TRUE(is_email_address("a@b.xn--" + std::string(59, '1')));
    EXPECT_FALSE(is_email_address("a@b.xn--" + std::string(60, '1')));
    EXPECT_TRUE(is_email_address(of(315) + "@b.cd"));
    EXPECT_FALSE(is_email_address(of(316) + "@b.cd"));
}

TEST(EmailAddress, Text_that_is_not_UTF_8_is_none) {
    EXPECT_FALSE(is_email_address("a@\xff.de"));
    EXPECT_FALSE(is_email_address("a@\xc3.de"));
}

TEST(EmailKey, Differs_not_by_case) {
    EXPECT_EQ(email_key("Ada.L@Example.ORG"), "ada.l@example.org");
    EXPECT_EQ(email_key("a@MÜNCHEN.de"), email_key("A@münchen.DE"));
    EXPECT_NE(email_key("a@munchen.de"), email_key("a@münchen.de"));
    EXPECT_EQ(email_key("a\xff@b"), "a\xff@b");
    EXPECT_EQ(email_key(""), "");
}

}  // namespace
}  // namespace movio::accounts
