#include "accounts/passwords.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace movio::accounts {
namespace {

constexpr PasswordCost kCheap{.memory_bytes = 64 << 10, .passes = 1};

// Made by make_password of Django 5.2.
constexpr auto kDjangoArgon2 =
    "argon2$argon2id$v=19$m=102400,t=2,p=8$am5TNVI4eGdaQm9NdHNRSFk3OTh6Wg$"
    "0y7/vjTrUP7pBORFvAtAAIobhIVMuzEttn0Sd+zjsb8";
constexpr auto kDjangoArgon2Unicode =
    "argon2$argon2id$v=19$m=102400,t=2,p=8$aUoydzBrcUgyRnM3QWRLdEVmTkpYUQ$"
    "ODWMxQAEv5sGS8Jsqo5haC8GtewvDm8oHhRTqiIEL0w";
constexpr auto kDjangoPbkdf2 =
    "pbkdf2_sha256$1000000$SnP8cLOeD642ZYhzuDUcgf$8RGy9p75eFgwf0nZQxJHQWjLgAauwp0rOvUqpcu++2k=";
constexpr auto kDjangoPbkdf2Old = "pbkdf2_sha256$260000$saltsalt$Lrsq6xoXG4zL4FeGrpLcHtk0ty9wl6mE+qnRIK0i3rU=";

TEST(Passwords, Our_own_hash_verifies_its_password_alone) {
    const auto hash = hash_password("correct horse", kCheap);
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << hash;
    EXPECT_TRUE(verify_password("correct horse", hash));
    for (const auto* wrong : {"", "correct hors", "correct horse ", "Correct horse"})
        EXPECT_FALSE(verify_password(wrong, hash)) << wrong;
    EXPECT_NE(hash, hash_password("correct horse", kCheap)) << "a salt of its own";
}

TEST(Passwords, Bytes_behind_a_NUL_count) {
    using namespace std::string_view_literals;
    const auto hash = hash_password("ab\0cdef"sv, kCheap);
    EXPECT_TRUE(verify_password("ab\0cdef"sv, hash));
    EXPECT_FALSE(verify_password("ab\0cdeg"sv, hash));
    EXPECT_FALSE(verify_password("ab"sv, hash));
}

TEST(Passwords, A_new_hash_costs_what_was_decided) {
    const auto hash = hash_password("correct horse");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << hash;
    EXPECT_EQ(memory_bytes_of(hash), 64LL << 20);
    EXPECT_FALSE(needs_rehash(hash));
    EXPECT_TRUE(needs_rehash(hash, kCheap));
}

TEST(Passwords, Djangos_hashes_verify_and_are_to_be_made_anew) {
    for (const auto* hash : {kDjangoArgon2, kDjangoPbkdf2, kDjangoPbkdf2Old}) {
        EXPECT_TRUE(is_password_hash(hash));
        EXPECT_TRUE(verify_password("correct horse", hash)) << hash;
        EXPECT_FALSE(verify_password("correct horsf", hash)) << hash;
        EXPECT_TRUE(needs_rehash(hash));
    }
    EXPECT_TRUE(verify_password("пароль-密码", kDjangoArgon2Unicode));
    EXPECT_EQ(memory_bytes_of(kDjangoArgon2), 100LL << 20);
    EXPECT_LT(memory_bytes_of(kDjangoPbkdf2), 1 << 20);
}

TEST(Passwords, A_plain_hash_of_the_same_kind_verifies) {
    EXPECT_TRUE(verify_password("correct horse", std::string_view(kDjangoArgon2).substr(6)));
    EXPECT_TRUE(needs_rehash(std::string_view(kDjangoArgon2).substr(6))) << "eight lanes";
}

TEST(Passwords, Hashes_that_cost_too_much_are_of_no_password) {
    const std::string tail = "$am5TNVI4eGdaQm9NdHNRSFk3OTh6Wg$0y7/vjTrUP7pBORFvAtAAIobhIVMuzEttn0Sd+zjsb8";
    EXPECT_TRUE(is_password_hash("$argon2id$v=19$m=262144,t=10,p=64" + tail));
    for (const auto* head :
         {"$argon2id$v=19$m=262145,t=2,p=1", "$argon2id$v=19$m=65536,t=11,p=1", "$argon2id$v=19$m=65536,t=2,p=65",
          "$argon2id$v=19$m=99999999999999999999,t=2,p=1", "$argon2id$v=19$m=-1,t=2,p=1",
          "$argon2id$v=19$m=65536,t=0,p=1", "$argon2id$v=16$m=65536,t=2,p=1", "$argon2d$v=19$m=65536,t=2,p=1",
          "$argon2id$m=65536,t=2,p=1", "$argon2id$v=19$m=65536,t=2", "argon2id$v=19$m=65536,t=2,p=1"}) {
        EXPECT_FALSE(is_password_hash(head + tail)) << head;
        EXPECT_FALSE(verify_password("correct horse", head + tail)) << head;
    }
    EXPECT_TRUE(is_password_hash("pbkdf2_sha256$2000000$s$Lrsq6xoXG4zL4FeGrpLcHtk0ty9wl6mE+qnRIK0i3rU="));
    EXPECT_FALSE(is_password_hash("pbkdf2_sha256$2000001$s$Lrsq6xoXG4zL4FeGrpLcHtk0ty9wl6mE+qnRIK0i3rU="));
}

TEST(Passwords, What_is_no_hash_is_of_no_password) {
    for (const auto* text : {"", "!", "!unusable", "$", "$argon2id$", "argon2$", "pbkdf2_sha256$", "pbkdf2_sha256$1$",
                             "pbkdf2_sha256$1$s$",
                             "pbkdf2_sha256$x$s$Lrsq6xoXG4zL4FeGrpLcHtk0ty9wl6mE+qnRIK0i3rU=", "md5$s$0123456789abcdef",
                             "pbkdf2_sha1$1$s$Lrsq6xoXG4zL4FeGrpLcHtk0ty8=", "correct horse"}) {
        EXPECT_FALSE(is_password_hash(text)) << text;
        EXPECT_FALSE(verify_password("correct horse", text)) << text;
        EXPECT_FALSE(verify_password("", text)) << text;
    }
}

TEST(Passwords, The_decoy_costs_the_same_and_has_no_password) {
    const auto decoy = decoy_hash(kCheap);
    EXPECT_TRUE(is_password_hash(decoy));
    EXPECT_FALSE(needs_rehash(decoy, kCheap));
    EXPECT_EQ(memory_bytes_of(decoy), kCheap.memory_bytes);
    for (const auto* password : {"", "AAAA", "correct horse"}) EXPECT_FALSE(verify_password(password, decoy));
    // The library reads it as a hash of that cost, so verifying it is not ended by its form.
    EXPECT_EQ(crypto_pwhash_str_needs_rehash(decoy.c_str(), 1, 64 << 10), 0);
    EXPECT_EQ(crypto_pwhash_str_needs_rehash(decoy.c_str(), 2, 64 << 10), 1);
}

}  // namespace
}  // namespace movio::accounts
