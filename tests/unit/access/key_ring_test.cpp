#include "access/key_ring.hpp"

#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "access/jwt.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"
#include "support/temp_dir.hpp"

namespace movio::access {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;

class KeyFile : public ::testing::Test {
protected:
    std::string content() const {
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        return text.str();
    }
    void write(std::string_view text) const {
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }
    ErrorCode refusal() const {
        const auto loaded = KeyRing::load_or_make(file);
        EXPECT_FALSE(loaded);
        return loaded ? ErrorCode::internal : loaded.error().code;
    }
    std::size_t files_in_folder() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
    }

    test::TempDir folder;
    fs::path file = folder.path() / "keys.json";
};

TEST_F(KeyFile, Is_made_once_and_for_its_owner_alone) {
    const auto old_mask = umask(0);
    const auto made = KeyRing::load_or_make(file).value();
    umask(old_mask);
    ASSERT_EQ(made.size(), 1);
    EXPECT_EQ(made[0].secret.size(), 32);
    EXPECT_FALSE(made[0].id.empty());
    struct stat facts{};
    ASSERT_EQ(stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    EXPECT_EQ(files_in_folder(), 1) << "nothing is left beside it";
    const auto again = KeyRing::load_or_make(file).value();
    EXPECT_EQ(again[0].secret, made[0].secret);
    EXPECT_EQ(again[0].id, made[0].id);
    EXPECT_EQ(again[0].created_us, made[0].created_us);
}

TEST_F(KeyFile, That_others_may_read_is_refused_with_what_to_do) {
    ASSERT_TRUE(KeyRing::load_or_make(file));
    for (const auto extra : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | extra);
        const auto loaded = KeyRing::load_or_make(file);
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, ErrorCode::invalid);
        EXPECT_TRUE(loaded.error().message.contains("chmod 600")) << loaded.error().message;
        EXPECT_FALSE(KeyRing::rotate(file, kDayUs));
    }
}

TEST_F(KeyFile, That_is_broken_is_refused_and_left_alone) {
    for (const auto* text :
         {"", "{}", "[]", "not json", R"({"keys":[]})", R"({"keys":[{"id":"a","secret":"c2hvcnQ","created_us":1}]})",
          R"({"keys":[{"id":"","secret":"MDEyMzQ1Njc4OWFiY2RlZg","created_us":1}]})",
          R"({"keys":[{"id":"a","secret":"MDEyMzQ1Njc4OWFiY2RlZg==","created_us":1}]})"}) {
        write(text);
        EXPECT_EQ(refusal(), ErrorCode::invalid) << text;
        EXPECT_EQ(content(), text);
    }
    write(R"({"keys":[{"id":"a","secret":"MDEyMzQ1Njc4OWFiY2RlZg","created_us":1}]})");
    EXPECT_EQ(KeyRing::load_or_make(file).value()[0].secret, "0123456789abcdef");
    write(std::string(200'000, ' '));
    EXPECT_EQ(refusal(), ErrorCode::invalid);
}

TEST_F(KeyFile, Is_the_same_for_all_who_make_it_at_once) {
    std::vector<std::string> secrets(8);
    std::vector<std::thread> threads;
    for (auto& secret : secrets) threads.emplace_back([&] { secret = KeyRing::load_or_make(file).value()[0].secret; });
    for (auto& thread : threads) thread.join();
    for (const auto& secret : secrets) EXPECT_EQ(secret, secrets[0]);
    EXPECT_EQ(files_in_folder(), 1);
}

TEST_F(KeyFile, In_a_folder_that_is_not_there_is_an_outage) {
    file = folder.path() / "missing" / "keys.json";
    EXPECT_EQ(refusal(), ErrorCode::unavailable);
}

TEST_F(KeyFile, Rotation_puts_a_new_key_first_and_keeps_the_old) {
    const auto before = KeyRing::load_or_make(file).value();
    const auto after = KeyRing::rotate(file, kDayUs).value();
    ASSERT_EQ(after.size(), 2);
    EXPECT_NE(after[0].secret, before[0].secret);
    EXPECT_EQ(after[1].secret, before[0].secret);
    EXPECT_EQ(KeyRing::load_or_make(file).value()[0].secret, after[0].secret);
    struct stat facts{};
    ASSERT_EQ(stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);

    KeyRing ring(before);
    Claims claims;
    claims.user = UserId::make();
    claims.expires_s = 100;
    const auto old_token = sign(claims, ring);
    ring.replace(after);
    EXPECT_TRUE(verify(old_token, ring, 50));
    EXPECT_TRUE(verify(sign(claims, ring), KeyRing({after[0]}), 50));
}

TEST_F(KeyFile, Rotation_drops_keys_whose_tokens_have_run_out_counted_from_when_they_last_signed) {
    const auto key = [](std::string_view id, std::int64_t days_old) {
        return R"({"id":")" + std::string(id) + R"(","secret":"MDEyMzQ1Njc4OWFiY2RlZg","created_us":)" +
               std::to_string(wall_now_us() - days_old * kDayUs) + "}";
    };
    // `b` is as old as `c`'s end; it signed until `a` came, 20 days ago. `c` has not signed for 40.
    write(R"({"keys":[)" + key("a", 20) + "," + key("b", 40) + "," + key("c", 400) + "]}");
    const auto keys = KeyRing::rotate(file, 30 * kDayUs).value();
    ASSERT_EQ(keys.size(), 3);
    EXPECT_EQ(keys[1].id, "a");
    EXPECT_EQ(keys[2].id, "b");
}

TEST_F(KeyFile, Rotation_never_keeps_more_keys_than_are_tried) {
    for (std::size_t i = 0; i < limits::kSigningKeysMax + 3; ++i) ASSERT_TRUE(KeyRing::rotate(file, kDayUs));
    EXPECT_EQ(KeyRing::load_or_make(file).value().size(), limits::kSigningKeysMax);
}

TEST(KeyRing, Configured_keys_are_named_alike_everywhere_and_differently_from_each_other) {
    const auto keys = KeyRing::configured("0123456789abcdef-one", {"0123456789abcdef-two"}).value();
    ASSERT_EQ(keys.size(), 2);
    EXPECT_EQ(keys[0].secret, "0123456789abcdef-one");
    EXPECT_NE(keys[0].id, keys[1].id);
    EXPECT_EQ(KeyRing::configured("0123456789abcdef-two", {}).value()[0].id, keys[1].id);
    EXPECT_FALSE(keys[0].secret.contains(keys[0].id));
}

TEST(KeyRing, Short_keys_are_refused) {
    EXPECT_TRUE(KeyRing::configured(std::string(16, 'k'), {}));
    EXPECT_EQ(KeyRing::configured(std::string(15, 'k'), {}).error().code, ErrorCode::invalid);
    EXPECT_EQ(KeyRing::configured(std::string(16, 'k'), {"short"}).error().code, ErrorCode::invalid);
    EXPECT_THROW(KeyRing({}), Failure);
}

}  // namespace
}  // namespace movio::access
