#include "ports/web_client.hpp"

#include <gtest/gtest.h>

namespace movio {
namespace {

TEST(MayBeAsked, Https_anywhere_and_plain_http_on_this_machine) {
    for (const auto* good :
         {"https://login.example", "https://login.example:8443/realms/a?b=c", "https://[2001:db8::1]/",
          "http://127.0.0.1:3000/x", "http://localhost/", "http://localhost:80", "http://[::1]:3000/"})
        EXPECT_TRUE(may_be_asked(good)) << good;
    for (const auto* bad :
         {"", "login.example", "ftp://login.example", "file:///etc/passwd", "http://login.example/", "https://",
          "https:///path", "https://:80/", "https://ada@login.example/", "http://127.0.0.1@login.example/",
          "http://127.0.0.1:80@login.example/", "http://localhost.example/", "http://127.0.0.1.example/",
          "http://127.0.0.1:x/", "http://[::1/", "https://login.example/a b", "https://login.example\\@evil.example/",
          "HTTPS://login.example/", "https://login.example/\n"})
        EXPECT_FALSE(may_be_asked(bad)) << bad;
}

TEST(EncodeForm, Encodes_names_and_values) {
    EXPECT_EQ(encode_form({}), "");
    EXPECT_EQ(encode_form({{"a", "b c"}, {"d&e", "=ü"}}), "a=b%20c&d%26e=%3D%C3%BC");
}

}  // namespace
}  // namespace movio
