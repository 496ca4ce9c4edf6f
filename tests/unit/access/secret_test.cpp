#include "access/secret.hpp"

#include <set>

#include <gtest/gtest.h>

#include "access/base64url.hpp"

namespace movio::access {
namespace {

TEST(Secret, Tokens_are_256_bits_and_never_the_same) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto token = random_token();
        EXPECT_EQ(from_base64url(token).value().size(), 32);
        EXPECT_TRUE(seen.insert(token).second);
    }
}

TEST(Secret, What_is_kept_of_a_token_is_its_SHA_256) {
    EXPECT_EQ(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
}

TEST(Secret, A_successor_is_made_of_both_the_token_and_the_salt) {
    const auto next = successor_token("token", "salt");
    EXPECT_EQ(next, successor_token("token", "salt"));
    EXPECT_EQ(from_base64url(next).value().size(), 32);
    EXPECT_NE(next, successor_token("token", "other"));
    EXPECT_NE(next, successor_token("other", "salt"));
}

}  // namespace
}  // namespace movio::access
