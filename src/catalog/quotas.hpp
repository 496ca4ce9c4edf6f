#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "access/role.hpp"
#include "audit/entry.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

// What is bounded of one user's films: the bytes of their files and the minutes that they last, for as long as they are
// there, in the trash too; and how many were uploaded in the last 24 hours.
enum class QuotaKind { bytes, minutes, uploads_per_day };
inline constexpr std::array kQuotaKinds{QuotaKind::bytes, QuotaKind::minutes, QuotaKind::uploads_per_day};

std::string_view to_text(QuotaKind kind);
std::optional<QuotaKind> known_quota_kind(std::string_view text);

// A kind that is missing has no limit.
using Quota = std::map<QuotaKind, std::int64_t>;
using RoleQuotas = std::map<access::Role, Quota>;

// What one user has of it, and may have.
struct QuotaState {
    Quota limits;
    std::map<QuotaKind, std::int64_t> used;
    std::int64_t duration_ms = 0;                    // of which `minutes` are the whole ones
    std::optional<std::int64_t> frees_us = {};       // when the next upload is free, where none is now
    std::optional<std::int64_t> bytes_left() const;  // nullopt: no limit; never below zero
};

// {bytes: {used, limit}, minutes: …, uploads_per_day: …, upload_frees_at}
void write(JsonWriter& json, const QuotaState& state);

struct QuotaRefusal {
    Error error;
    std::int64_t retry_after_s = 0;  // 0: time alone frees nothing
};
// Why no further file of at least so many bytes may come; nullopt: it may.
std::optional<QuotaRefusal> refused_by_quota(const QuotaState& state, std::int64_t bytes_least, std::int64_t now_us);

// What of a user's own quota changes: a limit, kNoLimit, or nullopt for as the role has it.
using QuotaChange = std::map<QuotaKind, std::optional<std::int64_t>>;
inline constexpr std::int64_t kNoLimit = -1;

// Quotas of roles, by the settings, and of users for themselves, by rows. Thread-safe.
class Quotas {
public:
    // `unheard_role`: of users that this service has not heard of (yet). The database outlives the quotas.
    Quotas(Database& database, RoleQuotas of_roles, access::Role unheard_role)
        : database_(database), of_roles_(std::move(of_roles)), unheard_role_(unheard_role) {}

    // As of this transaction.
    QuotaState find(SqlSession& session, UserId user) const;
    Awaitable<QuotaState> find(UserId user) const;
    Awaitable<void> change(UserId user, QuotaChange change, audit::Actor by = {});

private:
    Quota limits_of(SqlSession& session, UserId user) const;

    Database& database_;
    RoleQuotas of_roles_;
    access::Role unheard_role_;
};

// Of somebody who is deleted.
void forget_quota(SqlSession& session, UserId user);

}  // namespace movio::catalog
