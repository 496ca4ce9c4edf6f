#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace movio {
namespace {

// FIPS 180-4, examples of SHA-256.
constexpr auto kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr auto kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, Gives_the_published_digests) {
    EXPECT_EQ(sha256_hex(as_bytes("abc")), kOfAbc);
    EXPECT_EQ(sha256_hex({}), kOfNothing);
    EXPECT_EQ(sha256_hex(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, Pieces_give_the_digest_of_the_whole) {
    Sha256 digest;
    digest.update(as_bytes("a"));
    digest.update({});
    auto moved = std::move(digest);
    moved.update(as_bytes("bc"));
    EXPECT_EQ(moved.finish_hex(), kOfAbc);
    EXPECT_EQ(Sha256().finish_hex(), kOfNothing);
}

}  // namespace
}  // namespace movio
