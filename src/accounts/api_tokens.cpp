#include "accounts/api_tokens.hpp"

#include <fmt/format.h>

#include "access/secret.hpp"
#include "accounts/fields.hpp"
#include "accounts/user_rows.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kColumns = "id, user_id, name, scopes, created_us, expires_us";
constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;
constexpr int kResyncBatch = 500;

ApiToken token_of(const SqlRow& row) {
    ApiToken token;
    token.id = ApiTokenId::parse(row.text(0)).value();
    token.user = UserId::parse(row.text(1)).value();
    token.name = row.text(2);
    token.scopes = access::scopes_from_text(row.text(3)).value_or(access::Scopes{});
    token.created_us = row.integer(4);
    token.expires_us = row.integer_or_null(5);
    return token;
}

Event made_event(const ApiToken& token, const std::string& token_hash) {
    JsonWriter data;
    data.begin_object()
        .member("token_id", token.id.text())
        .member("user_id", token.user.text())
        .member("token_hash", token_hash)
        .member("scopes", access::to_text(token.scopes))
        .member("expires_us", token.expires_us)
        .end_object();
    Event event;
    event.type = "api_token.made";
    event.data = data.take();
    return event;
}

Event ended_event(ApiTokenId id) {
    JsonWriter data;
    data.begin_object().member("token_id", id.text()).end_object();
    Event event;
    event.type = "api_token.ended";
    event.data = data.take();
    return event;
}

std::optional<Error> problem_of(const ApiTokenWish& wish) {
    const auto characters = count_characters(strip(wish.name));
    if (characters == 0 || characters > limits::kApiTokenNameMax)
        return Error{ErrorCode::invalid,
                     fmt::format("Give the token a name of 1 to {} characters, by which you will know it",
                                 limits::kApiTokenNameMax),
                     {}};
    if (!access::scopes_from_text(wish.scopes))
        return Error{
            ErrorCode::invalid, fmt::format("'{}' are no scopes; there are read, upload and manage", wish.scopes), {}};
    if (wish.days && (*wish.days < 1 || *wish.days > limits::kApiTokenDaysMax))
        return Error{ErrorCode::invalid,
                     fmt::format("A token counts for 1 to {} days, not {}", limits::kApiTokenDaysMax, *wish.days),
                     {}};
    return std::nullopt;
}

std::string token_detail(ApiTokenId id) {
    JsonWriter json;
    json.begin_object().member("token", id.text()).end_object();
    return json.take();
}

std::int64_t count_open(SqlSession& session, UserId user) {
    return session.run("SELECT COUNT(*) FROM api_tokens WHERE user_id = $1 AND ended_us IS NULL", {sql(user.text())})
        .rows.at(0)
        .integer(0);
}

ApiToken insert(SqlSession& session, const ApiToken& token, const std::string& token_hash) {
    const auto made = session.run(
        fmt::format("INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, created_us, expires_us) "
                    "VALUES ($1, $2, $3, $4, $5, movio_now_us(), $6) RETURNING {}",
                    kColumns),
        {sql(token.id.text()), sql(token.user.text()), sql(token.name), sql(token_hash),
         sql(access::to_text(token.scopes)), sql(token.expires_us)});
    return token_of(made.rows.at(0));
}

}  // namespace

void write(JsonWriter& json, const ApiToken& token) {
    json.begin_object().member("id", token.id.text()).member("name", token.name).key("scopes").begin_array();
    if (token.scopes.read) json.value("read");
    if (token.scopes.upload) json.value("upload");
    if (token.scopes.manage) json.value("manage");
    json.end_array()
        .member("created_at", rfc3339(token.created_us))
        .member("expires_at", token.expires_us ? std::optional(rfc3339(*token.expires_us)) : std::nullopt)
        .end_object();
}

void remove_api_tokens(SqlSession& session, const ledger::Outbox& outbox, UserId user) {
    const auto gone = session.run("DELETE FROM api_tokens WHERE user_id = $1 RETURNING id", {sql(user.text())});
    for (const auto& row : gone.rows) outbox.append(session, ended_event(ApiTokenId::parse(row.text(0)).value()));
}

Awaitable<Result<NewApiToken>> ApiTokens::make(ApiTokenWish wish, audit::Actor by) {
    if (auto problem = problem_of(wish)) co_return std::unexpected(std::move(*problem));
    NewApiToken made;
    made.token = std::string(access::kApiTokenPrefix) + access::random_token();
    made.row.id = ApiTokenId::make();
    made.row.user = wish.user;
    made.row.name = std::string(strip(wish.name));
    made.row.scopes = access::scopes_from_text(wish.scopes).value();
    if (wish.days) made.row.expires_us = wall_now_us() + *wish.days * kDayUs;
    auto body = [&](SqlSession& session) -> Result<void> {
        const auto user = lock_user(session, wish.user);
        if (!user || user->deleted_us) return fail(ErrorCode::not_found, "There is no such user");
        if (count_open(session, wish.user) >= limits::kApiTokensPerUserMax)
            return fail(ErrorCode::conflict,
                        fmt::format("There are {} tokens already; take some back", limits::kApiTokensPerUserMax));
        const auto hash = access::token_hash(made.token);
        made.row = insert(session, made.row, hash);
        outbox_.append(session, made_event(made.row, hash));
        JsonWriter detail;
        detail.begin_object()
            .member("token", made.row.id.text())
            .member("scopes", access::to_text(made.row.scopes))
            .end_object();
        audit::record(session,
                      {.by = by, .action = "token.made", .subject = wish.user.text(), .detail = detail.take()});
        return {};
    };
    if (auto done = co_await database_.write(body); !done) co_return std::unexpected(std::move(done.error()));
    co_return std::move(made);
}

Awaitable<std::vector<ApiToken>> ApiTokens::list(UserId user) {
    co_return co_await database_.read([user](SqlSession& session) {
        std::vector<ApiToken> tokens;
        const auto found = session.run(fmt::format("SELECT {} FROM api_tokens WHERE user_id = $1 AND ended_us IS NULL "
                                                   "ORDER BY created_us DESC, id DESC LIMIT $2",
                                                   kColumns),
                                       {sql(user.text()), sql(limits::kApiTokensPerUserMax)});
        tokens.reserve(found.rows.size());
        for (const auto& row : found.rows) tokens.push_back(token_of(row));
        return tokens;
    });
}

Awaitable<bool> ApiTokens::end(ApiTokenId id, std::optional<UserId> user, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) {
        const auto owner = user ? std::optional(user->text()) : std::nullopt;
        const auto ended = session.run(
            "UPDATE api_tokens SET ended_us = movio_now_us() WHERE id = $1 AND ended_us IS NULL "
            "AND (CAST($2 AS TEXT) IS NULL OR user_id = $2) RETURNING user_id",
            {sql(id.text()), sql(owner)});
        if (ended.empty()) return false;
        outbox_.append(session, ended_event(id));
        audit::record(
            session,
            {.by = by, .action = "token.revoked", .subject = ended.rows.front().text(0), .detail = token_detail(id)});
        return true;
    });
}

Awaitable<void> ApiTokens::resync() {
    std::string after;
    bool more = true;
    while (more) {
        more = co_await database_.write([&](SqlSession& session) {
            const auto found = session.run(fmt::format("SELECT {}, token_hash, ended_us FROM api_tokens WHERE id > $1 "
                                                       "ORDER BY id LIMIT $2",
                                                       kColumns),
                                           {sql(after), sql(kResyncBatch)});
            for (const auto& row : found.rows) {
                const auto token = token_of(row);
                outbox_.append(session, row.is_null(7) ? made_event(token, row.text(6)) : ended_event(token.id));
                after = token.id.text();
            }
            return found.rows.size() == static_cast<std::size_t>(kResyncBatch);
        });
    }
}

}  // namespace movio::accounts
