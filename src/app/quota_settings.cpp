#include "app/quota_settings.hpp"

#include <fmt/format.h>

#include "app/setting_values.hpp"

namespace movio::app {
namespace {

constexpr std::int64_t kQuotaMax = 1LL << 60;  // more than there is, and sums of it still fit

}  // namespace

std::optional<std::int64_t> parse_quota(std::string_view text) { return parse_whole_number(text, 0, kQuotaMax); }

std::optional<std::optional<std::int64_t>> parse_own_quota(std::string_view text) {
    if (text == "none") return std::optional(catalog::kNoLimit);
    if (text == "role") return std::optional<std::int64_t>();
    if (const auto number = parse_quota(text)) return number;
    return std::nullopt;
}

Result<catalog::RoleQuotas> role_quotas(const Settings& settings) {
    catalog::RoleQuotas quotas;
    for (const auto& part : parse_list(settings.text("quotas.by_role"))) {
        const auto said = split_role_value(part);
        const auto role = said ? access::known_role(said->role) : std::nullopt;
        const auto kind = said ? catalog::known_quota_kind(said->kind) : std::nullopt;
        const auto most = said ? parse_quota(said->value) : std::nullopt;
        if (!role || !kind || !most)
            return fail(ErrorCode::invalid,
                        fmt::format("quotas.by_role: '{}' is no quota; write ROLE.KIND=NUMBER, such as "
                                    "uploader.bytes=10000000000. Roles: viewer, uploader, moderator, admin; kinds: "
                                    "bytes, minutes, uploads_per_day",
                                    part));
        quotas[*role][*kind] = *most;
    }
    return quotas;
}

}  // namespace movio::app
