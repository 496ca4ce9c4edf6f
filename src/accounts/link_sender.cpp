#include "accounts/link_sender.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "access/secret.hpp"
#include "accounts/link_rows.hpp"
#include "accounts/user_rows.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kJob = "notice";
constexpr std::chrono::milliseconds kUntilListening{200};  // a server that starts listens in a moment

std::string_view page_of(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::password_reset: return "reset-password";
        case LinkPurpose::email_check: return "check-email";
    }
    return "";
}

std::chrono::seconds life_of(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::password_reset: return limits::kPasswordResetLife;
        case LinkPurpose::email_check: return limits::kEmailCheckLife;
    }
    return {};
}

struct Order {
    LinkId id;  // of the task, so that it rises with the time that it was asked for
    LinkPurpose purpose = LinkPurpose::password_reset;
    std::optional<UserId> user;
    std::int64_t not_before_us = 0;
};

std::string args_of(LinkPurpose purpose, const std::optional<User>& user) {
    JsonWriter json;
    json.begin_object()
        .member("purpose", to_text(purpose))
        .member("user", user ? user->id.text() : "")
        .member("not_before_us", user ? user->not_before_us : 0)
        .end_object();
    return json.take();
}

Order order_of(const ledger::LeasedTask& task) {
    const auto args = JsonView::parse(task.args);
    const auto purpose = args ? link_purpose_from_text(args->text_or("purpose", "")) : std::nullopt;
    if (!purpose) throw Failure(fmt::format("task {} has bad arguments", task.lease.task.text()));
    Order order;
    order.id = LinkId(task.lease.task.uuid());
    order.purpose = *purpose;
    order.user = UserId::parse(args->text_or("user", ""));
    order.not_before_us = args->integer_or("not_before_us", 0);
    return order;
}

// Whether nothing has happened meanwhile by which it would end.
bool is_wanted(const Order& order, const User& user) {
    switch (order.purpose) {
        case LinkPurpose::password_reset: return user.not_before_us == order.not_before_us;
        case LinkPurpose::email_check: return !user.email_checked || user.new_email;
    }
    return false;
}

Link link_for(LinkId id, LinkPurpose purpose, const User& user) {
    Link link;
    link.id = id;
    link.purpose = purpose;
    link.user = user.id;
    link.email = purpose == LinkPurpose::email_check ? user.new_email.value_or(user.email) : user.email;
    link.not_before_us = user.not_before_us;
    return link;
}

struct Ready {
    User user;
    NewLink made;
};

Notice notice_of(const Ready& ready, std::string_view base_url) {
    const auto& link = ready.made.link;
    Notice notice;
    notice.id = NoticeId(link.id.uuid());
    notice.kind = to_text(link.purpose);
    notice.to = link.email;
    notice.fields = {{"name", ready.user.first_name}, {"link", link_page(base_url, ready.made)}};
    notice.until_us = link.expires_us;
    return notice;
}

}  // namespace

std::string link_page(std::string_view base_url, const NewLink& link) {
    return access::page_with_token(base_url, page_of(link.link.purpose), link.token);
}

bool LinkSender::order(SqlSession& session, LinkPurpose purpose, const std::optional<User>& user) const {
    const auto waiting = session.run("SELECT COUNT(*) FROM jobs WHERE kind = $1 AND ended_us IS NULL", {sql(kJob)});
    if (waiting.rows.at(0).integer(0) >= limits::kNoticesWaitingMax) return false;
    const auto job = ledger_.add_job(session, {std::string(kJob), Uuid::make().text(), ledger::Priority::interactive});
    ledger_.add_tasks(session, job.id,
                      {{.kind = "notice.send",
                        .key = "send",
                        .args = args_of(purpose, user),
                        .attempts_max = limits::kNoticeAttemptsMax}});
    return true;
}

NewLink LinkSender::make(SqlSession& session, LinkPurpose purpose, const User& user) const {
    const auto id = LinkId::make();
    NewLink made{.link = link_for(id, purpose, user), .token = token_of(purpose, id)};
    auto put = put_link(session, made.link, access::token_hash(made.token), life_of(purpose));
    if (!put) throw Failure(fmt::format("user {} has a link from the future; is the clock right?", user.id.text()));
    made.link = std::move(*put);
    return made;
}

void LinkSender::register_with(ledger::TaskRunner& runner) {
    runner.handle("notice.send", [this](ledger::LeasedTask task, std::stop_token) { return send(std::move(task)); });
}

void LinkSender::begin_links_with(std::string base_url) {
    const std::scoped_lock lock(mutex_);
    base_url_ = std::move(base_url);
}

std::string LinkSender::base_url() const {
    const std::scoped_lock lock(mutex_);
    return base_url_;
}

std::string LinkSender::token_of(LinkPurpose purpose, LinkId id) const {
    // Nothing else that the key signs looks like this text.
    return access::successor_token(keys_.keys()->front().secret, fmt::format("{} {}", to_text(purpose), id.text()));
}

Awaitable<ledger::TaskOutcome> LinkSender::send(ledger::LeasedTask task) {
    const auto base = base_url();
    if (base.empty())
        co_return ledger::Retry{{ErrorCode::unavailable, "The server does not listen yet.", ""}, kUntilListening};
    const auto order = order_of(task);
    if (!order.user) co_return ledger::Done{};
    auto body = [&](SqlSession& session) -> std::optional<Ready> {
        auto user = lock_user(session, *order.user);
        if (!user || !user->enabled || !is_wanted(order, *user)) return std::nullopt;
        NewLink made{.link = link_for(order.id, order.purpose, *user), .token = token_of(order.purpose, order.id)};
        auto put = put_link(session, made.link, access::token_hash(made.token), life_of(order.purpose));
        if (!put) return std::nullopt;
        made.link = std::move(*put);
        return Ready{std::move(*user), std::move(made)};
    };
    if (const auto ready = co_await database_.write(body)) co_await notices_.send(notice_of(*ready, base));
    co_return ledger::Done{};
}

}  // namespace movio::accounts
