#include "app/settings.hpp"

#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace movio::app {
namespace {

TEST(SettingTable, Names_do_not_collide) {
    std::set<std::string> names;
    for (const auto& info : setting_table()) {
        EXPECT_TRUE(names.insert(environment_name(info.path)).second) << info.path;
        EXPECT_TRUE(names.insert(environment_name(info.path) + "_FILE").second) << info.path;
        EXPECT_TRUE(names.insert(flag_name(info.path)).second) << info.path;
        EXPECT_FALSE(info.help.empty()) << info.path;
    }
}

TEST(SettingTable, Every_default_is_valid) {
    const auto settings = Settings::load({});
    ASSERT_TRUE(settings) << settings.error().message;
    for (const auto& info : setting_table()) EXPECT_EQ(settings->text(info.path), info.fallback);
}

TEST(Settings, Flags_win_over_environment_over_file) {
    const test::TempDir folder;
    const auto file = folder.path() / "movio.toml";
    std::ofstream(file) << "[media]\ncrf = 20\nheight_max = 1080\n[log]\nlevel = \"warn\"\n";
    Settings::Layers layers;
    layers.file = file;
    layers.environment = {"MOVIO_MEDIA_CRF=21", "MOVIO_LOG_LEVEL=error", "PATH=/bin"};
    layers.flags["log.level"] = "debug";
    const auto settings = Settings::load(layers);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->integer("media.height_max"), 1080);
    EXPECT_EQ(settings->origin("media.height_max"), SettingOrigin::file);
    EXPECT_EQ(settings->integer("media.crf"), 21);
    EXPECT_EQ(settings->text("log.level"), "debug");
    EXPECT_EQ(settings->origin("media.preset"), SettingOrigin::fallback);
}

TEST(Settings, Unknown_names_and_bad_values_say_what_is_wrong) {
    Settings::Layers unknown;
    unknown.environment = {"MOVIO_MEDIA_CFR=20"};
    EXPECT_NE(Settings::load(unknown).error().message.find("MOVIO_MEDIA_CFR"), std::string::npos);
    Settings::Layers bad;
    bad.flags["media.crf"] = "99";
    EXPECT_NE(Settings::load(bad).error().message.find("from 10 to 40"), std::string::npos);
    Settings::Layers choice;
    choice.flags["log.format"] = "xml";
    EXPECT_NE(Settings::load(choice).error().message.find("json|text"), std::string::npos);
    Settings::Layers missing;
    missing.file = "/nowhere/movio.toml";
    EXPECT_FALSE(Settings::load(missing));
}

TEST(Settings, Test_variables_are_nobodys_business_and_a_file_may_hold_a_value) {
    const test::TempDir folder;
    std::ofstream(folder.path() / "url") << "https://cdn.example\n";
    Settings::Layers layers;
    layers.environment = {"MOVIO_TEST_DATA=/x", "MOVIO_CDN_URL_FILE=" + (folder.path() / "url").string()};
    const auto settings = Settings::load(layers);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->text("cdn.url"), "https://cdn.example");
}

TEST(Settings, The_originals_names_count_and_give_way_to_our_own) {
    Settings::Layers layers;
    layers.environment = {"JWT_SIGNING_KEY=a-key-that-others-have"};
    auto settings = Settings::load(layers);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->text("auth.signing_key"), "a-key-that-others-have");
    EXPECT_EQ(settings->origin("auth.signing_key"), SettingOrigin::environment);
    EXPECT_FALSE(settings->describe().contains("a-key-that-others-have"));

    layers.environment.insert(layers.environment.begin(), "MOVIO_AUTH_SIGNING_KEY=our-own-name-for-it");
    settings = Settings::load(layers);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->text("auth.signing_key"), "our-own-name-for-it");
}

}  // namespace
}  // namespace movio::app
