#include "catalog/grants.hpp"

#include "base/log.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kFreshUs = 1'000'000;
constexpr std::size_t kKnownMax = 10'000;  // forgetting costs one look-up

void end_session(SqlSession& session, const JsonView& data) {
    session.run("INSERT INTO ended_sessions (id, until_us) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
                {sql(data.text_or("session_id", "")), sql(data.integer_or("until_us", 0))});
}

void make_token(SqlSession& session, const JsonView& data) {
    const auto expires = data.find("expires_us");
    session.run(
        "INSERT INTO api_tokens (id, user_id, token_hash, scopes, expires_us, ended) VALUES ($1, $2, $3, $4, $5, 0) "
        "ON CONFLICT (id) DO NOTHING",
        {sql(data.text_or("token_id", "")), sql(data.text_or("user_id", "")), sql(data.text_or("token_hash", "")),
         sql(data.text_or("scopes", "")), sql(expires ? expires->integer() : std::nullopt)});
}

void end_token(SqlSession& session, const JsonView& data) {
    session.run(
        "INSERT INTO api_tokens (id, user_id, token_hash, scopes, ended) VALUES ($1, '', '', '', 1) "
        "ON CONFLICT (id) DO UPDATE SET ended = 1",
        {sql(data.text_or("token_id", ""))});
}

}  // namespace

template <class Key, class Value>
std::optional<Value> Grants::Fresh<Key, Value>::find(const Key& key, std::uint64_t& epoch) {
    const std::scoped_lock lock(mutex_);
    epoch = epoch_;
    const auto found = known_.find(key);
    if (found == known_.end() || steady_now_us() - found->second.read_us > kFreshUs) return std::nullopt;
    return found->second.value;
}

template <class Key, class Value>
void Grants::Fresh<Key, Value>::keep(const Key& key, Value value, std::uint64_t epoch) {
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (known_.size() >= kKnownMax) known_.clear();
    known_.insert_or_assign(key, Known{std::move(value), steady_now_us()});
}

template <class Key, class Value>
void Grants::Fresh<Key, Value>::forget_all() {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    known_.clear();
}

void Grants::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("api-grants", {"session.ended", "api_token.made", "api_token.ended"}, executor,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> Grants::handle(Event event) {
    const auto data = data_of(event);
    const auto id = data.text_or(event.type == "session.ended" ? "session_id" : "token_id", "");
    if (!Uuid::parse(id)) {
        log_error("an event of a log-in or a token names none and is left out", {{"event_id", event.id.text()}});
        co_return;
    }
    co_await database_.write([&](SqlSession& session) {
        if (event.type == "session.ended")
            end_session(session, data);
        else if (event.type == "api_token.made")
            make_token(session, data);
        else
            end_token(session, data);
    });
    ended_.forget_all();
    granted_.forget_all();
}

Awaitable<bool> Grants::is_ended(access::SessionId session) {
    std::uint64_t epoch = 0;
    if (const auto known = ended_.find(session, epoch)) co_return *known;
    const bool ended = co_await database_.read([session](SqlSession& rows) {
        return !rows.run("SELECT 1 FROM ended_sessions WHERE id = $1", {sql(session.text())}).empty();
    });
    ended_.keep(session, ended, epoch);
    co_return ended;
}

Awaitable<std::optional<access::ApiGrant>> Grants::find(std::string token_hash) {
    std::uint64_t epoch = 0;
    if (auto known = granted_.find(token_hash, epoch)) co_return std::move(*known);
    auto grant = co_await database_.read([&token_hash](SqlSession& rows) -> std::optional<access::ApiGrant> {
        const auto found =
            rows.run("SELECT user_id, scopes, expires_us FROM api_tokens WHERE token_hash = $1 AND ended = 0",
                     {sql(token_hash)});
        if (found.empty()) return std::nullopt;
        const auto& row = found.rows.front();
        const auto user = UserId::parse(row.text(0));
        if (!user) return std::nullopt;
        return access::ApiGrant{*user, access::scopes_from_text(row.text(1)).value_or(access::Scopes{}),
                                row.integer_or_null(2)};
    });
    // Guesses are not kept: there is no end of them.
    if (grant) granted_.keep(token_hash, grant, epoch);
    co_return grant;
}

Awaitable<void> Grants::clean_up() {
    co_await database_.write(
        [](SqlSession& session) { session.run("DELETE FROM ended_sessions WHERE until_us < movio_now_us()"); });
}

}  // namespace movio::catalog
