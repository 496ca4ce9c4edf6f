#include "app/quota_settings.hpp"

#include <gtest/gtest.h>

namespace movio::app {
namespace {

using access::Role;
using catalog::QuotaKind;

Result<catalog::RoleQuotas> quotas_of(const std::string& text) {
    Settings::Layers layers;
    layers.flags["quotas.by_role"] = text;
    return role_quotas(Settings::load(layers).value());
}

TEST(RoleQuotas, There_are_none_unless_they_are_said) { EXPECT_TRUE(quotas_of("")->empty()); }

TEST(RoleQuotas, Are_by_role_and_kind) {
    const auto quotas = quotas_of("uploader.bytes=10000000000, uploader.uploads_per_day=20,viewer.minutes=0");
    ASSERT_TRUE(quotas);
    EXPECT_EQ(quotas->at(Role::uploader),
              (catalog::Quota{{QuotaKind::bytes, 10'000'000'000}, {QuotaKind::uploads_per_day, 20}}));
    EXPECT_EQ(quotas->at(Role::viewer), (catalog::Quota{{QuotaKind::minutes, 0}}));
    EXPECT_FALSE(quotas->contains(Role::admin));
}

TEST(RoleQuotas, What_cannot_be_read_is_named) {
    for (const auto* bad : {"bytes=1", "uploader.bytes", "uploader.bytes=", "uploader.bytes=-1", "uploader.bytes=10GB",
                            "uploader.films=1", "stranger.bytes=1", "uploader.bytes=none"}) {
        const auto quotas = quotas_of(std::string("admin.minutes=1, ") + bad);
        ASSERT_FALSE(quotas) << bad;
        EXPECT_NE(quotas.error().message.find(bad), std::string::npos) << quotas.error().message;
    }
}

}  // namespace
}  // namespace movio::app
