#include "app/settings_endpoint.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "support/asking.hpp"

namespace movio::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

JsonView named(const JsonView& items, std::string_view name) {
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items.at(i).text_or("name", "") == name) return items.at(i);
    return JsonView::parse("null").value();
}

TEST(SettingsEndpoint, Tells_each_setting_and_where_it_came_from_and_no_secret) {
    Settings::Layers layers;
    layers.environment = {"MOVIO_AUTH_SIGNING_KEY=a-key-that-is-nobody-elses-business", "MOVIO_MEDIA_CRF=21"};
    layers.flags["log.level"] = "debug";
    const auto settings = Settings::load(layers).value();
    http::Router router;
    add_settings_endpoint(router, settings);
    EXPECT_EQ(router.descriptions().at(0)->access, http::Access::admin);
    test::Loop loop;
    const auto shown = test::ask(loop, router, {.target = "/api/v2/admin/settings"});
    ASSERT_EQ(shown.status, 200);
    EXPECT_THAT(shown.text, Not(HasSubstr("nobody-elses-business")));
    const auto items = shown.json.find("items").value();
    EXPECT_EQ(items.size(), setting_table().size());
    const auto key = named(items, "auth.signing_key");
    EXPECT_TRUE(key.find("value")->is_null());
    EXPECT_TRUE(key.boolean_or("secret", false));
    EXPECT_TRUE(key.boolean_or("is_set", false));
    EXPECT_EQ(key.text_or("origin", ""), "environment");
    EXPECT_FALSE(named(items, "playback.address_key").boolean_or("is_set", true));
    const auto crf = named(items, "media.crf");
    EXPECT_EQ(crf.text_or("value", ""), "21");
    EXPECT_EQ(crf.text_or("default", ""), "23");
    EXPECT_EQ(crf.text_or("environment", ""), "MOVIO_MEDIA_CRF");
    EXPECT_EQ(crf.text_or("flag", ""), "--media-crf");
    EXPECT_EQ(named(items, "log.level").text_or("origin", ""), "flag");
    EXPECT_EQ(named(items, "media.preset").text_or("origin", ""), "default");
    EXPECT_TRUE(JsonView::parse(setting_list_schema()));
}

}  // namespace
}  // namespace movio::app
