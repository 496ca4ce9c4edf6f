#include "catalog/users.hpp"

#include "audit/entry.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "catalog/audience.hpp"
#include "catalog/quotas.hpp"
#include "catalog/tell_changed.hpp"
#include "catalog/video_rows.hpp"

namespace movio::catalog {
namespace {

constexpr std::int64_t kFreshUs = 1'000'000;
constexpr std::size_t kKnownMax = 10'000;  // forgetting costs one look-up
constexpr int kFilmsPerStep = 200;         // keeps the one writer free for others

std::optional<std::string> text_or_null(const JsonView& data, std::string_view name) {
    const auto member = data.find(name);
    const auto text = member ? member->text() : std::nullopt;
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

// nullopt when it names no user.
std::optional<User> user_of(const Event& event) {
    const auto data = data_of(event);
    const auto id = UserId::parse(data.text_or("user_id", ""));
    if (!id) return std::nullopt;
    User user;
    user.id = *id;
    user.version = data.integer_or("version", 0);
    user.not_before_us = data.integer_or("not_before_us", 0);
    user.deleted = event.type == "user.deleted" || data.boolean_or("deleted", false);
    user.enabled = !user.deleted && event.type != "user.disabled" && data.boolean_or("enabled", true);
    if (user.deleted) return user;
    user.first_name = data.text_or("first_name", "");
    user.last_name = data.text_or("last_name", "");
    user.username = text_or_null(data, "username");
    user.email = data.text_or("email", "");
    user.phone_number = text_or_null(data, "phone_number");
    user.role = access::role_from_text(data.text_or("role", ""));
    user.email_checked = data.boolean_or("email_checked", true);
    return user;
}

// Changes nothing when a later version is known.
void apply(SqlSession& session, const User& user) {
    session.run(
        "INSERT INTO users (id, version, first_name, last_name, username, email, phone_number, role, "
        "enabled, deleted, not_before_us, email_checked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
        "ON CONFLICT (id) DO UPDATE SET version = $2, first_name = $3, last_name = $4, username = $5, "
        "email = $6, phone_number = $7, role = $8, enabled = $9, deleted = $10, not_before_us = $11, "
        "email_checked = $12 "
        "WHERE users.version < $2 AND users.deleted = 0",
        {sql(user.id.text()), sql(user.version), sql(user.first_name), sql(user.last_name), sql(user.username),
         sql(user.email), sql(user.phone_number), sql(to_text(user.role)), sql(user.enabled), sql(user.deleted),
         sql(user.not_before_us), sql(user.email_checked)});
}

}  // namespace

std::optional<User> find_user(SqlSession& session, UserId id) {
    const auto found = session.run(
        "SELECT version, first_name, last_name, username, email, phone_number, role, enabled, deleted, "
        "not_before_us, email_checked FROM users WHERE id = $1",
        {sql(id.text())});
    if (found.empty()) return std::nullopt;
    const auto& row = found.rows.front();
    return User{id,
                row.integer(0),
                row.text(1),
                row.text(2),
                row.text_or_null(3),
                row.text(4),
                row.text_or_null(5),
                access::role_from_text(row.text(6)),
                row.flag(7),
                row.flag(8),
                row.integer(9),
                row.flag(10)};
}

Result<void> check_may_share(SqlSession& session, const Viewer& viewer) {
    const auto user = viewer.user ? find_user(session, *viewer.user) : std::nullopt;
    if (!user || user->email_checked) return {};
    return fail(ErrorCode::forbidden,
                "Your e-mail address is not checked yet, so you may not share videos. Open the link that was sent to "
                "it.");
}

void Users::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("api-users", {"user.created", "user.changed", "user.disabled", "user.deleted"}, executor,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> Users::handle(Event event) {
    const auto user = user_of(event);
    if (!user) {
        log_error("an event of a user names none and is left out", {{"event_id", event.id.text()}});
        co_return;
    }
    const bool gone = co_await database_.write([&user](SqlSession& session) {
        apply(session, *user);
        if (user->deleted) {
            forget_person(session, user->id);
            forget_quota(session, user->id);
        }
        return find_user(session, user->id)->deleted;
    });
    forget(user->id);
    // Also when the row was there already: the program may have ended before all films were done.
    if (gone && event.type == "user.deleted")
        co_await leave_films(user->id, UserId::parse(data_of(event).text_or("hand_over_to", "")));
}

Awaitable<void> Users::leave_films(UserId user, std::optional<UserId> heir) {
    bool more = true;
    while (more) {
        more = co_await database_.write([this, user, heir](SqlSession& session) {
            const auto known_heir = heir ? find_user(session, *heir) : std::nullopt;
            const bool inherited = heir && !(known_heir && known_heir->deleted);
            JsonWriter owners;
            owners.begin_object().member("from", user.text());
            if (inherited) owners.member("to", heir->text());
            const auto detail = owners.end_object().take();
            const auto found = session.run(
                "SELECT id FROM videos WHERE owner_id = $1 AND deleted_us IS NULL AND status <> 'uploading' LIMIT $2",
                {sql(user.text()), sql(kFilmsPerStep)});
            for (const auto& row : found.rows) {
                const auto id = VideoId::parse(row.text(0)).value();
                if (inherited)
                    set_owner(session, id, *heir);
                else
                    set_deleted(session, id, true);
                audit::record(session, {.by = {.kind = audit::ActorKind::system},
                                        .action = inherited ? "video.handed_over" : "video.deleted",
                                        .subject = id.text(),
                                        .detail = detail});
                tell_changed(session, outbox_, watch_, id);
            }
            return found.rows.size() == kFilmsPerStep;
        });
    }
}

Awaitable<std::optional<access::Standing>> Users::find(UserId user) {
    std::uint64_t epoch = 0;
    if (const auto known = fresh(user, epoch)) co_return known->standing;
    Known known;
    known.read_us = steady_now_us();
    const auto row = co_await database_.read([user](SqlSession& session) { return find_user(session, user); });
    if (row) {
        known.standing.emplace();
        known.standing->not_before_us = row->not_before_us;
        known.standing->enabled = row->enabled && !row->deleted;
        known.standing->role = row->role;
        known.standing->email_checked = row->email_checked;
    }
    keep(user, known, epoch);
    co_return known.standing;
}

std::optional<Users::Known> Users::fresh(UserId user, std::uint64_t& epoch) {
    const std::scoped_lock lock(mutex_);
    epoch = epoch_;
    const auto found = known_.find(user);
    if (found == known_.end() || steady_now_us() - found->second.read_us > kFreshUs) return std::nullopt;
    return found->second;
}

void Users::keep(UserId user, const Known& known, std::uint64_t epoch) {
    const std::scoped_lock lock(mutex_);
    if (epoch != epoch_) return;
    if (known_.size() >= kKnownMax) known_.clear();
    known_[user] = known;
}

void Users::forget(UserId user) {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    known_.erase(user);
}

}  // namespace movio::catalog
