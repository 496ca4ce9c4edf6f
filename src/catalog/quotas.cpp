#include "catalog/quotas.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "catalog/users.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kSecondUs = 1'000'000;

std::optional<std::int64_t> limit_of(const QuotaState& state, QuotaKind kind) {
    const auto found = state.limits.find(kind);
    return found == state.limits.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t used_of(const QuotaState& state, QuotaKind kind) {
    const auto found = state.used.find(kind);
    return found == state.used.end() ? 0 : found->second;
}

// When there is one less than `limit` of the last day's uploads.
std::optional<std::int64_t> upload_frees_us(SqlSession& session, UserId user, std::int64_t used, std::int64_t limit) {
    if (limit == 0) return std::nullopt;
    const auto found = session.run(
        "SELECT created_us FROM videos WHERE owner_id = $1 AND created_us > movio_now_us() - $2 "
        "ORDER BY created_us LIMIT 1 OFFSET $3",
        {sql(user.text()), sql(kDayUs), sql(used - limit)});
    return found.empty() ? std::nullopt : std::optional(found.rows.front().integer(0) + kDayUs);
}

QuotaRefusal refusal(std::string message) { return {{ErrorCode::forbidden, std::move(message), {}}, 0}; }

QuotaRefusal no_upload_free(const QuotaState& state, std::int64_t limit, std::int64_t now_us) {
    const auto used = used_of(state, QuotaKind::uploads_per_day);
    if (!state.frees_us)
        return refusal(fmt::format("Your quota is {} uploads in 24 hours: you may upload none", limit));
    const auto wait_s = std::max<std::int64_t>((*state.frees_us - now_us + kSecondUs - 1) / kSecondUs, 1);
    return {{ErrorCode::rate_limited,
             fmt::format("Your quota of uploads is used up: {} of {} in 24 hours. The next one is free at {}", used,
                         limit, rfc3339(*state.frees_us)),
             {}},
            wait_s};
}

}  // namespace

std::string_view to_text(QuotaKind kind) {
    switch (kind) {
        case QuotaKind::bytes: return "bytes";
        case QuotaKind::minutes: return "minutes";
        case QuotaKind::uploads_per_day: return "uploads_per_day";
    }
    return "";
}

std::optional<QuotaKind> known_quota_kind(std::string_view text) {
    for (const auto kind : kQuotaKinds)
        if (text == to_text(kind)) return kind;
    return std::nullopt;
}

std::optional<std::int64_t> QuotaState::bytes_left() const {
    const auto limit = limit_of(*this, QuotaKind::bytes);
    if (!limit) return std::nullopt;
    return std::max<std::int64_t>(*limit - used_of(*this, QuotaKind::bytes), 0);
}

void write(JsonWriter& json, const QuotaState& state) {
    json.begin_object();
    for (const auto kind : kQuotaKinds) {
        const auto limit = state.limits.find(kind);
        json.key(to_text(kind))
            .begin_object()
            .member("used", state.used.at(kind))
            .member("limit", limit == state.limits.end() ? std::nullopt : std::optional(limit->second))
            .end_object();
    }
    json.member("upload_frees_at", state.frees_us ? std::optional(rfc3339(*state.frees_us)) : std::nullopt)
        .end_object();
}

std::optional<QuotaRefusal> refused_by_quota(const QuotaState& state, std::int64_t bytes_least, std::int64_t now_us) {
    const auto uploads = limit_of(state, QuotaKind::uploads_per_day);
    if (uploads && used_of(state, QuotaKind::uploads_per_day) >= *uploads)
        return no_upload_free(state, *uploads, now_us);
    if (const auto left = state.bytes_left(); left && bytes_least > *left)
        return refusal(
            fmt::format("Your quota of bytes has no room for this file: {} of {} are used. Deleted films "
                        "make room when they have left the trash",
                        used_of(state, QuotaKind::bytes), *limit_of(state, QuotaKind::bytes)));
    if (const auto minutes = limit_of(state, QuotaKind::minutes); minutes && state.duration_ms >= *minutes * kMinuteMs)
        return refusal(
            fmt::format("Your quota of minutes is used up: {} of {}. Deleted films make room when they have "
                        "left the trash",
                        used_of(state, QuotaKind::minutes), *minutes));
    return std::nullopt;
}

Quota Quotas::limits_of(SqlSession& session, UserId user) const {
    const auto known = find_user(session, user);
    const auto of_role = of_roles_.find(known ? known->role : unheard_role_);
    auto limits = of_role == of_roles_.end() ? Quota{} : of_role->second;
    const auto own =
        session.run("SELECT bytes, minutes, uploads_per_day FROM quotas WHERE user_id = $1", {sql(user.text())});
    if (own.empty()) return limits;
    for (const auto kind : kQuotaKinds) {
        const auto value = own.rows.front().integer_or_null(static_cast<std::size_t>(kind));
        if (!value) continue;
        limits.erase(kind);
        if (*value != kNoLimit) limits[kind] = *value;
    }
    return limits;
}

QuotaState Quotas::find(SqlSession& session, UserId user) const {
    QuotaState state;
    state.limits = limits_of(session, user);
    const auto found = session.run(
        "SELECT COALESCE(SUM(source_bytes), 0), COALESCE(SUM(duration_ms), 0), "
        "COALESCE(SUM(CASE WHEN created_us > movio_now_us() - $2 THEN 1 ELSE 0 END), 0) "
        "FROM videos WHERE owner_id = $1",
        {sql(user.text()), sql(kDayUs)});
    const auto& row = found.rows.front();
    state.duration_ms = row.integer(1);
    state.used = {{QuotaKind::bytes, row.integer(0)},
                  {QuotaKind::minutes, state.duration_ms / kMinuteMs},
                  {QuotaKind::uploads_per_day, row.integer(2)}};
    const auto uploads = limit_of(state, QuotaKind::uploads_per_day);
    const auto made = row.integer(2);
    if (uploads && made >= *uploads) state.frees_us = upload_frees_us(session, user, made, *uploads);
    return state;
}

Awaitable<QuotaState> Quotas::find(UserId user) const {
    co_return co_await database_.read([this, user](SqlSession& session) { return find(session, user); });
}

Awaitable<void> Quotas::change(UserId user, QuotaChange change, audit::Actor by) {
    if (change.empty()) co_return;
    JsonWriter detail;
    detail.begin_object();
    // -1: no limit; null: as the role has it.
    for (const auto& [kind, value] : change) detail.member(to_text(kind), value);
    const audit::Entry entry{
        .by = std::move(by), .action = "user.quota", .subject = user.text(), .detail = detail.end_object().take()};
    co_await database_.write([user, &change, &entry](SqlSession& session) {
        session.run("INSERT INTO quotas (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING", {sql(user.text())});
        for (const auto& [kind, value] : change)
            session.run(fmt::format("UPDATE quotas SET {} = $2 WHERE user_id = $1", to_text(kind)),
                        {sql(user.text()), sql(value)});
        audit::record(session, entry);
    });
}

void forget_quota(SqlSession& session, UserId user) {
    session.run("DELETE FROM quotas WHERE user_id = $1", {sql(user.text())});
}

}  // namespace movio::catalog
